package dev.nibble.formats.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.error.NibbleException;
import dev.nibble.formats.TestModels;
import dev.nibble.graph.Model;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;

class TestDataTest {
    private static final Model MODEL =
            TestModels.inputs(
                    TestModels.info("a", DataType.FLOAT32, 1),
                    TestModels.info("b", DataType.INT8, 1, 2));

    /** Messages by hand: dims, element type, data. */
    private static final byte[] A = {8, 1, 16, 1, 34, 4, 0, 0, (byte) 0x80, 0x3f};

    private static final byte[] B = {8, 1, 8, 2, 16, 3, 74, 2, 5, -6};

    @TempDir private Path folder;

    @Test
    void readsTensorsInTheOrderOfInputs() throws IOException {
        for (int i = 0; i < 11; i++) {
            set("test_data_set_" + i, A, B);
        }
        DataSet data = DataSet.open(folder);
        assertThat(data.size()).isEqualTo(11);
        assertThat(IntStream.range(0, 11).mapToObj(i -> data.samples(MODEL).get(i).name()))
                .startsWith(folder.resolve("test_data_set_0").toString())
                .endsWith(folder.resolve("test_data_set_10").toString());
        assertThat(data.samples(MODEL).get(0).inputs())
                .containsEntry("a", Tensor.ofFloats(Shape.of(1), 1f))
                .containsEntry(
                        "b", Tensor.ofBytes(DataType.INT8, Shape.of(1, 2), (byte) 5, (byte) -6));
    }

    @Test
    void takesOneSetAlone() throws IOException {
        Path set = set("mine", A, B);
        assertThat(DataSet.open(set).samples(MODEL).size()).isEqualTo(1);
        assertThat(DataSet.open(set).labelled()).isFalse();
    }

    @Test
    void saysWhyASetDoesNotFit() throws IOException {
        refused(set("test_data_set_0", A), "input_1.pb", "does not exist");
        refused(set("test_data_set_1", A, B, B), "input_2.pb is one input too many");
        refused(
                set("test_data_set_2", B, A),
                "input_0.pb holds int8, but input \"a\" of the network is float32 [1]");
        refused(
                set("test_data_set_3", A, new byte[] {9}),
                "input_1.pb is not a readable ONNX tensor");
        refused(set("test_data_set_4", A, new byte[0]), "input_1.pb is not a readable ONNX tensor");
    }

    private static void refused(Path set, String... messages) {
        assertThatThrownBy(() -> DataSet.open(set).samples(MODEL).get(0))
                .isInstanceOf(NibbleException.class)
                .hasMessageContainingAll(messages);
    }

    private Path set(String name, byte[]... tensors) throws IOException {
        Path set = Files.createDirectory(folder.resolve(name));
        for (int i = 0; i < tensors.length; i++) {
            Files.write(set.resolve("input_%d.pb".formatted(i)), tensors[i]);
        }
        return set;
    }
}
