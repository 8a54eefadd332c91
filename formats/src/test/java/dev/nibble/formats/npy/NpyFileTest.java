package dev.nibble.formats.npy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.error.NibbleException;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** Reads what NumPy wrote (the resources) and what it writes itself. */
class NpyFileTest {
    @TempDir private Path folder;

    @Test
    void readsFloats() throws IOException {
        Tensor tensor = NpyFile.read(numpy("float32.npy"));
        assertThat(tensor).isEqualTo(Tensor.ofFloats(Shape.of(2, 3), 0, 0.5f, 1, 1.5f, 2, 2.5f));
        assertThat(tensor.data().isMapped()).isTrue();
        assertThat(NpyFile.read(numpy("half.npy")).floats()).containsExactly(-1, 0, 1, 2, 3, 4);
    }

    @Test
    void turnsBigEndianNumbersAround() throws IOException {
        Tensor tensor = NpyFile.read(numpy("big-endian.npy"));
        assertThat(tensor.type()).isEqualTo(DataType.FLOAT64);
        assertThat(tensor.floats()).containsExactly(0, 0.5f, 1, 1.5f, 2, 2.5f);
    }

    @Test
    void turnsFortranOrderIntoC() throws IOException {
        Tensor tensor = NpyFile.read(numpy("fortran.npy"));
        assertThat(tensor.shape()).isEqualTo(Shape.of(2, 3, 4));
        for (int i = 0; i < 24; i++) {
            assertThat(tensor.longs()[i]).isEqualTo(i);
        }
        assertThat(NpyFile.read(numpy("big-endian-fortran.npy")))
                .isEqualTo(Tensor.ofInts(Shape.of(2, 3), -3, -2, -1, 0, 1, 2));
    }

    @Test
    void readsBooleansAndScalars() throws IOException {
        assertThat(NpyFile.read(numpy("bool.npy")))
                .isEqualTo(Tensor.ofBytes(DataType.BOOL, Shape.of(2, 3), bits()));
        assertThat(NpyFile.read(numpy("scalar.npy"))).isEqualTo(Tensor.ofLongs(Shape.scalar(), -7));
    }

    private static byte[] bits() {
        return new byte[] {1, 0, 1, 0, 1, 0};
    }

    @ParameterizedTest
    @ValueSource(strings = {"version2.npy", "version3.npy"})
    void readsLaterVersions(String name) throws IOException {
        assertThat(NpyFile.read(numpy(name)).longs()).containsExactly(0, 1, 2, 3, 4, 5);
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "FLOAT16", "FLOAT32", "FLOAT64", "INT8", "INT16", "INT32", "INT64", "UINT8",
                "UINT16", "UINT32", "UINT64", "BOOL"
            })
    void readsWhatItWrites(DataType type) {
        byte[] bytes = new byte[(int) type.bytes(6)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 91);
        }
        Tensor tensor = new Tensor(type, Shape.of(3, 1, 2), MemorySegment.ofArray(bytes));
        Path file = folder.resolve("a.npy");
        NpyFile.write(tensor, file);
        assertThat(NpyFile.read(file)).isEqualTo(tensor);
    }

    @Test
    void writesTheBytesThatNumpyWrites() throws IOException {
        Path file = folder.resolve("a.npy");
        NpyFile.write(Tensor.ofFloats(Shape.of(2, 3), 0, 0.5f, 1, 1.5f, 2, 2.5f), file);
        assertThat(file).hasSameBinaryContentAs(numpy("float32.npy"));
    }

    @Test
    void readsSeveralArrays() throws IOException {
        Map<String, Tensor> stored = NpzFile.read(numpy("stored.npz"));
        assertThat(stored.keySet()).containsExactly("a", "b");
        assertThat(stored).containsEntry("a", Tensor.ofFloats(Shape.of(2, 3), 0, 1, 2, 3, 4, 5));
        assertThat(NpzFile.read(numpy("deflated.npz")).keySet()).containsExactly("a", "labels");
    }

    @Test
    void writesSeveralArrays() throws IOException {
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        arrays.put("x", Tensor.ofFloats(Shape.of(2), 1, 2));
        arrays.put("labels", Tensor.ofLongs(Shape.of(2), 3, 4));
        Path file = folder.resolve("a.npz");
        NpzFile.write(arrays, file);
        assertThat(NpzFile.read(file)).isEqualTo(arrays);
        byte[] first = Files.readAllBytes(file);
        NpzFile.write(arrays, file);
        assertThat(Files.readAllBytes(file)).isEqualTo(first);
    }

    @Test
    void refusesTypesWithoutCounterpart() throws IOException {
        Path complex = numpy("complex.npy");
        assertThatThrownBy(() -> NpyFile.read(complex))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining("element type c8")
                .hasMessageContaining(complex.toString());
        assertThatThrownBy(() ->
                        NpyFile.write(
                                Tensor.ofBytes(DataType.INT4, Shape.of(2), (byte) 0),
                                folder.resolve("int4.npy")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("int4");
    }

    @Test
    void refusesEveryTruncatedFile() throws IOException {
        for (String name : new String[] {"float32.npy", "stored.npz"}) {
            byte[] whole = Files.readAllBytes(numpy(name));
            for (int length = 0; length < whole.length; length += 7) {
                Path file =
                        Files.write(folder.resolve("cut-" + name), Arrays.copyOf(whole, length));
                assertThatThrownBy(
                                () -> {
                                    if (name.endsWith("z")) {
                                        NpzFile.read(file);
                                    } else {
                                        NpyFile.read(file);
                                    }
                                })
                        .as("%s cut to %d bytes", name, length)
                        .isInstanceOf(NibbleException.class)
                        .hasMessageContaining(file.toString());
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4), } | no array can have
                    {'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904,), }   | no array can have
                    {'descr': '<f4', 'fortran_order': False, 'shape': (1000000000,), }            | it is cut off
                    {'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }            | describes records
                    {'descr': '<f4', 'shape': (1,), }                                             | is damaged
                    """)
    void refusesHeadersThatLie(String header, String message) throws IOException {
        byte[] text = header.getBytes(StandardCharsets.US_ASCII);
        byte[] start = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) text.length, 0};
        byte[] content = Arrays.copyOf(start, start.length + text.length);
        System.arraycopy(text, 0, content, start.length, text.length);
        Path file = Files.write(folder.resolve("lie.npy"), content);
        assertThatThrownBy(() -> NpyFile.read(file))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining(message);
    }

    @Test
    void refusesWhatIsNoArray() throws IOException {
        Path file = Files.writeString(folder.resolve("text.npy"), "hello, this is no array");
        assertThatThrownBy(() -> NpyFile.read(file)).hasMessageContaining("not a NumPy array");
        assertThatThrownBy(() -> NpzFile.read(file)).isInstanceOf(NibbleException.class);
        assertThatThrownBy(() -> NpyFile.read(folder.resolve("no.npy")))
                .hasMessageContaining("does not exist");
    }

    private Path numpy(String name) throws IOException {
        Path file = folder.resolve(name);
        try (InputStream in = Objects.requireNonNull(NpyFileTest.class.getResourceAsStream(name))) {
            return Files.write(file, in.readAllBytes());
        }
    }
}
