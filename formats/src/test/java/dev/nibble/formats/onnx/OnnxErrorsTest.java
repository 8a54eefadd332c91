package dev.nibble.formats.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.error.NibbleException;
import dev.nibble.formats.SharedFiles;
import dev.nibble.formats.onnx.proto.AttributeProto.AttributeType;
import dev.nibble.formats.onnx.proto.GraphProto;
import dev.nibble.formats.onnx.proto.ModelProto;
import dev.nibble.formats.onnx.proto.NodeProto;
import dev.nibble.formats.onnx.proto.OperatorSetIdProto;
import dev.nibble.formats.onnx.proto.TensorProto;
import dev.nibble.formats.onnx.proto.TensorProto.DataType;
import dev.nibble.graph.Model;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

class OnnxErrorsTest {
    private final OnnxFormat format = new OnnxFormat();

    @TempDir private Path folder;

    @Test
    void refusesAPicture() throws IOException {
        byte[] jpeg = {
            (byte) 0xff, (byte) 0xd8, (byte) 0xff, (byte) 0xe0, 0, 16, 'J', 'F', 'I', 'F'
        };
        refused(jpeg, "not an ONNX model", "ff d8 ff e0", "name an .onnx file");
    }

    @ValueSource(strings = {"hello world, this is a text", "{\"a\": 1}", "h", "\n\n\n\n"})
    @ParameterizedTest
    void refusesText(String text) throws IOException {
        refused(text.getBytes(StandardCharsets.UTF_8), "not an ONNX model", "name an .onnx file");
    }

    @Test
    void refusesAnEmptyFile() throws IOException {
        refused(new byte[0], "the file is empty");
    }

    @Test
    void refusesEveryTruncatedFile() throws IOException {
        byte[] whole =
                model(
                                GraphProto.newBuilder()
                                        .setName("g")
                                        .addInitializer(
                                                EveryTensor.raw("w", DataType.FLOAT, 400, 100))
                                        .build())
                        .toByteArray();
        for (int length = 1; length < whole.length; length++) {
            Path file = folder.resolve("cut.onnx");
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> format.read(file))
                    .as("cut to %d bytes", length)
                    .isInstanceOf(NibbleException.class)
                    .hasMessageStartingWith(file + ": ");
        }
    }

    @Test
    void saysWhereATruncatedFileEnds() throws IOException {
        byte[] whole = EverythingModel.proto().toByteArray();
        refused(
                Arrays.copyOf(whole, whole.length / 2),
                "cut off or damaged (at byte",
                "of " + whole.length / 2,
                "bytes does not fit");
    }

    @Test
    void refusesAMissingFile() {
        assertThatThrownBy(() -> format.read(folder.resolve("no.onnx")))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining("no.onnx")
                .hasMessageContaining("does not exist");
    }

    @Test
    void refusesAFolder() {
        assertThatThrownBy(() -> format.read(folder))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining(folder + ": it is a folder");
    }

    @Test
    void refusesAModelWithoutIrVersion() throws IOException {
        refused(model(GraphProto.getDefaultInstance()).toBuilder().clearIrVersion(), "ir_version");
    }

    @Test
    void refusesAModelWithoutOperatorSets() throws IOException {
        refused(
                model(GraphProto.getDefaultInstance()).toBuilder().clearOpsetImport(),
                "imports no operator set");
    }

    @Test
    void refusesAModelWithoutGraph() throws IOException {
        refused(model(GraphProto.getDefaultInstance()).toBuilder().clearGraph(), "has no graph");
    }

    @Test
    void namesATensorWhoseDataDoesNotFit() throws IOException {
        refusedInitializer(
                EveryTensor.raw("w", DataType.FLOAT, 8, 3),
                "initializer \"w\" is float32 [3] and takes 12 bytes, but 8 are there");
        refusedInitializer(
                EveryTensor.typed("w", DataType.FLOAT, 3).addFloatData(1),
                "takes 12 bytes, but 4 are there");
        refusedInitializer(
                EveryTensor.typed("w", DataType.INT8, 3), "takes 3 bytes, but 0 are there");
        refusedInitializer(
                EveryTensor.typed("w", DataType.STRING, 3), "[3], but 0 texts are there");
    }

    @Test
    void refusesShapesThatNoTensorCanHave() throws IOException {
        long huge = 1L << 40;
        refusedInitializer(
                EveryTensor.raw("w", DataType.FLOAT, 8, huge, huge),
                "initializer \"w\" has shape [" + huge);
        refusedInitializer(
                EveryTensor.raw("w", DataType.FLOAT, 8, 1L << 62), "which no tensor can have");
        refusedInitializer(EveryTensor.raw("w", DataType.FLOAT, 8, -2), "which no tensor can have");
    }

    @Test
    void refusesElementTypesItDoesNotKnow() throws IOException {
        refusedInitializer(
                TensorProto.newBuilder().setName("w").setDataType(99),
                "initializer \"w\" has element type 99");
    }

    @Test
    void refusesInitializersWithoutName() throws IOException {
        refusedInitializer(EveryTensor.floats(""), "has no name");
    }

    @Test
    void refusesTensorsInSegments() throws IOException {
        refusedInitializer(
                EveryTensor.floats("w").setSegment(TensorProto.Segment.newBuilder().setEnd(2)),
                "segments");
    }

    @Test
    void refusesAnAttributeGivenTwice() throws IOException {
        NodeProto.Builder node = NodeProto.newBuilder().setName("n").setOpType("Relu");
        node.addAttributeBuilder().setName("a").setI(1);
        node.addAttributeBuilder().setName("a").setI(2);
        refused(
                model(GraphProto.newBuilder().addNode(node).build()).toBuilder(),
                "node \"n\" (Relu) has attribute \"a\" twice");
    }

    @Test
    void refusesAnAttributeThatHoldsATensorBesideItsValue() throws IOException {
        NodeProto.Builder node = NodeProto.newBuilder().addOutput("y").setOpType("Relu");
        node.addAttributeBuilder()
                .setName("a")
                .setType(AttributeType.INT)
                .setI(1)
                .setT(EveryTensor.floats("t"));
        refused(
                model(GraphProto.newBuilder().addNode(node).build()).toBuilder(),
                "attribute \"a\" of node \"y\" (Relu) holds values of several types");
    }

    @Test
    void namesATargetWhoseFolderIsMissing() {
        assertThatThrownBy(() -> format.write(everything(), folder.resolve("no/where.onnx")))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining("cannot write " + folder.resolve("no/where.onnx"))
                .hasMessageContaining("create it first");
    }

    @Test
    void refusesToReplaceAFolder() throws IOException {
        assertThatThrownBy(() -> format.write(everything(), folder))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining("it is a folder");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.filter(file -> !file.endsWith("everything.onnx"))).isEmpty();
        }
    }

    @Test
    void refusesANetworkFromBeforeOperatorSets() {
        Path file = SharedFiles.get("zoo/tutorials__assets__super_resolution.onnx");
        assertThatThrownBy(() -> format.read(file)).hasMessageContaining("imports no operator set");
    }

    private Model everything() {
        try {
            Path file = folder.resolve("everything.onnx");
            Files.write(file, EverythingModel.proto().toByteArray());
            return format.read(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void refusedInitializer(TensorProto.Builder initializer, String... parts)
            throws IOException {
        refused(
                model(GraphProto.newBuilder().addInitializer(initializer).build()).toBuilder(),
                parts);
    }

    private void refused(ModelProto.Builder model, String... parts) throws IOException {
        refused(model.build().toByteArray(), parts);
    }

    private void refused(byte[] content, String... parts) throws IOException {
        Path file = folder.resolve("bad.onnx");
        Files.write(file, content);
        assertThatThrownBy(() -> format.read(file))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContainingAll(parts);
    }

    private static ModelProto model(GraphProto graph) {
        return ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(13))
                .setGraph(graph)
                .build();
    }
}
