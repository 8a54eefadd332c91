package dev.nibble.formats.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;

import dev.nibble.error.NibbleException;
import dev.nibble.formats.onnx.proto.GraphProto;
import dev.nibble.formats.onnx.proto.ModelProto;
import dev.nibble.formats.onnx.proto.NodeProto;
import dev.nibble.formats.onnx.proto.OperatorSetIdProto;
import dev.nibble.formats.onnx.proto.StringStringEntryProto;
import dev.nibble.formats.onnx.proto.TensorProto;
import dev.nibble.formats.onnx.proto.TensorProto.DataType;
import dev.nibble.formats.onnx.proto.TypeProto;
import dev.nibble.graph.Model;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Models made to do harm: each is refused with a message that names the file. */
class HostileModelTest {
    private static final int NODE_FIELD = 1;
    private static final int ATTRIBUTE_FIELD = 5;
    private static final int GRAPH_FIELD = 6;

    @TempDir private Path folder;

    @Test
    void subgraphsTenThousandDeep() throws IOException {
        byte[] inner = new byte[0];
        for (int depth = 0; depth < 10_000; depth++) {
            inner = field(GRAPH_FIELD, inner);
            inner = field(ATTRIBUTE_FIELD, inner);
            inner = field(NODE_FIELD, inner);
        }
        refused(
                shell(GraphProto.newBuilder()).build().toByteArray(),
                field(7, inner),
                "nested more than 100 deep");
    }

    @Test
    void typesTenThousandDeep() throws IOException {
        byte[] type = new byte[0];
        for (int depth = 0; depth < 10_000; depth++) {
            type = field(TypeProto.SEQUENCE_TYPE_FIELD_NUMBER, field(1, type));
        }
        byte[] input = field(GraphProto.INPUT_FIELD_NUMBER, field(2, type));
        refused(
                shell(GraphProto.newBuilder()).build().toByteArray(),
                field(7, input),
                "nested more than 100 deep");
    }

    @Test
    void whatNestsAsDeepAsAllowedCanBeWrittenToo() throws IOException {
        byte[] type = field(TypeProto.TENSOR_TYPE_FIELD_NUMBER, new byte[0]);
        for (int depth = 0; depth < 47; depth++) {
            type = field(TypeProto.SEQUENCE_TYPE_FIELD_NUMBER, field(1, type));
        }
        byte[] function = field(25, field(12, field(2, type)));
        Path file = file(shell(GraphProto.newBuilder()).build().toByteArray(), function);
        Model model = new OnnxFormat().read(file);
        new OnnxFormat().write(model, folder.resolve("again.onnx"));
        assertThat(new OnnxFormat().read(folder.resolve("again.onnx")).extras())
                .isEqualTo(model.extras());
    }

    @Test
    void nodesInACircle() throws IOException {
        refused(
                shell(
                        GraphProto.newBuilder()
                                .addNode(node("a", "q", "p"))
                                .addNode(node("b", "p", "q"))),
                "node \"a\" (Relu) reads \"q\"",
                "in a circle");
    }

    @Test
    void twoInitializersOfOneName() throws IOException {
        refused(
                shell(
                        GraphProto.newBuilder()
                                .addInitializer(EveryTensor.floats("w"))
                                .addInitializer(EveryTensor.floats("w"))),
                "two initializers \"w\"");
    }

    @Test
    void aNameOfAMegabyte() throws IOException {
        refused(
                shell(GraphProto.newBuilder().addNode(node("x".repeat(1 << 20), "", "y"))),
                "has 1048576 characters, at most 65536");
    }

    @Test
    void aShapeOfManyAxesWhoseProductOverflowsBesideAZero() throws IOException {
        long huge = 1L << 40;
        refused(
                shell(
                        GraphProto.newBuilder()
                                .addInitializer(
                                        EveryTensor.raw("w", DataType.FLOAT, 0, 0, huge, huge))),
                "which no tensor can have");
    }

    @Test
    void textsInAnotherFile() throws IOException {
        Files.write(folder.resolve("w.data"), new byte[64]);
        refused(external(DataType.STRING, "w.data"), "string tensor with external data");
    }

    @Test
    void aLineEndInFrontOfTheWayOut() throws IOException {
        refused(external(DataType.FLOAT, "a\n/../../b"), "leads out of the model's folder");
    }

    @Test
    void aLinkedFolderThatLeadsOut() throws IOException {
        Path outside = Files.createTempDirectory("outside");
        Files.write(outside.resolve("w.data"), new byte[64]);
        Files.createSymbolicLink(folder.resolve("inside"), outside);
        refused(external(DataType.FLOAT, "inside/w.data"), "leads out of the model's folder");
    }

    @Test
    void oneFileUnderManyNamesIsMappedOnce() throws IOException {
        Files.write(folder.resolve("w.data"), new byte[64]);
        ExternalData data = new ExternalData(folder);
        for (int i = 0; i < 100; i++) {
            data.of(tensor(DataType.FLOAT, "./".repeat(i) + "w.data").build(), 8, "w");
        }
        assertThat(data.files()).containsExactly(folder.resolve("w.data"));
    }

    private static ModelProto.Builder external(DataType type, String location) {
        return shell(GraphProto.newBuilder().addInitializer(tensor(type, location)));
    }

    private static TensorProto.Builder tensor(DataType type, String location) {
        return EveryTensor.typed("w", type, 2)
                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(
                        StringStringEntryProto.newBuilder().setKey("location").setValue(location));
    }

    private static NodeProto node(String name, String input, String output) {
        return NodeProto.newBuilder()
                .setName(name)
                .setOpType("Relu")
                .addInput(input)
                .addOutput(output)
                .build();
    }

    private static ModelProto.Builder shell(GraphProto.Builder graph) {
        return ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(13))
                .setGraph(graph);
    }

    private static byte[] field(int number, byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.writeTag(number, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        out.writeBytesNoTag(ByteString.copyFrom(content));
        out.flush();
        return bytes.toByteArray();
    }

    private void refused(ModelProto.Builder model, String... parts) throws IOException {
        refused(model.build().toByteArray(), new byte[0], parts);
    }

    private void refused(byte[] first, byte[] then, String... parts) throws IOException {
        Path file = file(first, then);
        assertThatThrownBy(() -> new OnnxFormat().read(file))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContainingAll(parts);
    }

    private Path file(byte[] first, byte[] then) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(first);
        bytes.writeBytes(then);
        return Files.write(folder.resolve("bad.onnx"), bytes.toByteArray());
    }
}
