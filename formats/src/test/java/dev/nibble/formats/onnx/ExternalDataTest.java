package dev.nibble.formats.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.error.NibbleException;
import dev.nibble.formats.onnx.proto.GraphProto;
import dev.nibble.formats.onnx.proto.ModelProto;
import dev.nibble.formats.onnx.proto.OperatorSetIdProto;
import dev.nibble.formats.onnx.proto.TensorProto;
import dev.nibble.formats.onnx.proto.TensorProto.DataLocation;
import dev.nibble.formats.onnx.proto.TensorProto.DataType;
import dev.nibble.graph.Attribute;
import dev.nibble.graph.Extras;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

class ExternalDataTest {
    private static final int BIG = 300_000;

    private final OnnxFormat format = new OnnxFormat();

    /** Puts everything outside. */
    private final OnnxFormat outside = new OnnxFormat(0);

    @TempDir private Path root;

    private Path folder = Path.of("");

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectory(root.resolve("model"));
    }

    @Test
    void readsDataByOffsetAndLength() throws IOException {
        Files.write(folder.resolve("w.bin"), new byte[] {9, 9, 1, 2, 3, 9});
        assertThat(readExternal("w.bin", "2", "3")).isEqualTo(bytes(1, 2, 3));
        Files.createDirectory(folder.resolve("sub"));
        Files.write(folder.resolve("sub/w.bin"), new byte[] {1, 2, 3, 4});
        assertThat(readExternal("sub/w.bin", "", "")).isEqualTo(bytes(1, 2, 3));
        Files.write(folder.resolve("a..b"), new byte[] {1, 2, 3});
        assertThat(readExternal("a..b", "0", "3")).isEqualTo(bytes(1, 2, 3));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/etc/passwd",
                "../secret",
                "sub/../../secret",
                "..",
                "C:\\secret",
                "..\\secret",
                "\\\\host\\x"
            })
    void refusesPathsThatLeaveTheFolder(String location) throws IOException {
        Files.write(root.resolve("secret"), new byte[] {1, 2, 3});
        refused(location, "0", "3", "initializer \"w\"", "leads out of the model's folder");
    }

    @Test
    void refusesLinksThatLeaveTheFolder() throws IOException {
        Files.write(root.resolve("secret"), new byte[] {1, 2, 3});
        Files.createSymbolicLink(folder.resolve("link"), root.resolve("secret"));
        refused("link", "0", "3", "leads out of the model's folder");
        Files.createSymbolicLink(folder.resolve("up"), root);
        refused("up/secret", "0", "3", "leads out of the model's folder");
    }

    @Test
    void namesAMissingDataFile() throws IOException {
        refused(
                "w.bin",
                "0",
                "3",
                folder.resolve("w.bin") + ", which does not exist",
                "beside the model");
        refused("", "0", "3", "without a location");
    }

    @ParameterizedTest
    @CsvSource({
        "4, 3, which has only 6",
        "9223372036854775807, 3, which has only 6",
        "0, 4, takes 3 bytes",
        "-1, 3, not a number of bytes",
        "x, 3, not a number of bytes"
    })
    void refusesPiecesThatDoNotFit(String offset, String length, String part) throws IOException {
        Files.write(folder.resolve("w.bin"), new byte[6]);
        refused("w.bin", offset, length, part);
    }

    @Test
    void writesLargeModelsInTwoFiles() throws IOException {
        Model model = model();
        Path file = folder.resolve("m.onnx");
        outside.write(model, file);
        Path data = dataFile();
        assertThat(data.getFileName().toString()).matches("m\\.onnx\\.[0-9a-f]{16}\\.data");
        assertThat(Files.size(file)).isLessThan(4000);
        Graph read = format.read(file).graph();
        assertThat(read.constants()).isEqualTo(model.graph().constants());
        assertThat(read.constant("made")).isEqualTo(model.graph().constant("made"));
        TensorProto big =
                ModelProto.parseFrom(Files.readAllBytes(file))
                        .getGraph()
                        .getInitializerList()
                        .stream()
                        .filter(tensor -> tensor.getName().equals("big"))
                        .findAny()
                        .orElseThrow();
        assertThat(Long.parseLong(big.getExternalData(1).getValue())).isPositive();
        assertThat(Long.parseLong(big.getExternalData(1).getValue()) % 65536).isZero();
    }

    @Test
    void tellsAllFilesOfAModel() throws IOException {
        Path file = folder.resolve("m.onnx");
        outside.write(model(), file);
        assertThat(format.files(file)).containsExactly(file, dataFile());
        format.write(model(), file);
        assertThat(format.files(file)).containsExactly(file);
    }

    @Test
    void keepsSmallTensorsInTheModel() throws IOException {
        Path file = folder.resolve("m.onnx");
        outside.write(model(), file);
        Files.delete(dataFile());
        assertThatThrownBy(() -> format.read(file)).hasMessageContaining("does not exist");
        ModelProto proto = ModelProto.parseFrom(Files.readAllBytes(file));
        assertThat(
                        proto.getGraph().getInitializerList().stream()
                                .filter(TensorProto::hasRawData)
                                .map(TensorProto::getName))
                .containsExactly("small");
    }

    @Test
    void aModelReadWithExternalDataIsWrittenWithIt() throws IOException {
        Path file = folder.resolve("m.onnx");
        outside.write(model(), file);
        Path copy = Files.createDirectory(root.resolve("copy")).resolve("m.onnx");
        format.write(format.read(file), copy);
        assertThat(Files.mismatch(file, copy)).isEqualTo(-1);
        assertThat(copy.resolveSibling(dataFile().getFileName()))
                .hasSameBinaryContentAs(dataFile());
    }

    @Test
    void replacesAModelInItsOwnPlace() {
        Path file = folder.resolve("m.onnx");
        Model model = model();
        outside.write(model, file);
        outside.write(format.read(file), file);
        assertThat(format.read(file).graph().constants()).isEqualTo(model.graph().constants());
    }

    @Test
    void serializesEverythingIntoOnePiece() throws IOException {
        Path file = folder.resolve("m.onnx");
        outside.write(model(), file);
        Model model = format.read(file);
        ModelProto proto = ModelProto.parseFrom(format.serialize(model));
        assertThat(proto.getGraph().getInitializerList()).noneMatch(TensorProto::hasDataLocation);
        assertThat(
                        proto.getGraph().getInitializerList().stream()
                                .mapToInt(tensor -> tensor.getRawData().size()))
                .containsExactly(4096, 4 * BIG, 8);
    }

    @Test
    void leavesNoDataFileWhenTheModelCannotBeWritten() throws IOException {
        Path file = folder.resolve("m.onnx");
        Graph graph = model().graph();
        Model impossible =
                new Model(graph, 8, Map.of("", 13L), Map.of(), Extras.of(new byte[] {-1}));
        assertThatThrownBy(() -> outside.write(impossible, file))
                .isInstanceOf(IllegalArgumentException.class);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    private static Model model() {
        float[] values = new float[BIG];
        for (int i = 0; i < BIG; i++) {
            values[i] = i * 0.5f;
        }
        Map<String, Tensor> constants = new LinkedHashMap<>();
        constants.put(
                "medium",
                Tensor.ofBytes(dev.nibble.tensor.DataType.INT8, Shape.of(4096), new byte[4096]));
        constants.put("big", Tensor.ofFloats(Shape.of(BIG), values));
        constants.put("small", Tensor.ofLongs(Shape.scalar(), 7));
        Node made =
                Node.of("c", "Constant", List.of(), List.of("made"))
                        .with(
                                "value",
                                new Attribute.TensorValue(
                                        Tensor.ofFloats(Shape.of(1000), new float[1000])));
        return new Model(
                Graph.of("g", List.of(made), List.of(), List.of(), constants),
                8,
                Map.of("", 13L),
                Map.of(),
                Extras.NONE);
    }

    private Path dataFile() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".data")).findAny().orElseThrow();
        }
    }

    private void refused(String location, String offset, String length, String... parts) {
        assertThatThrownBy(() -> readExternal(location, offset, length))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining(folder.resolve("m.onnx").toString())
                .hasMessageContainingAll(parts);
    }

    private Tensor readExternal(String location, String offset, String length) throws IOException {
        TensorProto.Builder tensor =
                EveryTensor.typed("w", DataType.INT8, 3).setDataLocation(DataLocation.EXTERNAL);
        if (!location.isEmpty()) {
            tensor.addExternalData(EverythingModel.entry("location", location));
        }
        if (!offset.isEmpty()) {
            tensor.addExternalData(EverythingModel.entry("offset", offset));
        }
        if (!length.isEmpty()) {
            tensor.addExternalData(EverythingModel.entry("length", length));
        }
        ModelProto proto =
                ModelProto.newBuilder()
                        .setIrVersion(8)
                        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(13))
                        .setGraph(GraphProto.newBuilder().addInitializer(tensor))
                        .build();
        Path file = folder.resolve("m.onnx");
        Files.write(file, proto.toByteArray());
        return format.read(file).graph().constant("w").orElseThrow();
    }

    private static Tensor bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return Tensor.ofBytes(dev.nibble.tensor.DataType.INT8, Shape.of(values.length), bytes);
    }
}
