package dev.nibble.formats.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.formats.SharedFiles;
import dev.nibble.formats.onnx.proto.ModelProto;
import dev.nibble.graph.Attribute;
import dev.nibble.graph.Extras;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Law: what is read and written again means the same as before, down to fields that Nibble does not
 * know.
 */
class OnnxRoundTripTest {
    private static final String FROM_BEFORE_OPSETS = "tutorials__assets__super_resolution.onnx";

    private final OnnxFormat format = new OnnxFormat();

    @TempDir private Path folder;

    static List<Path> sharedModels() {
        return SharedFiles.models("models", "zoo").stream()
                .filter(file -> !file.endsWith(FROM_BEFORE_OPSETS))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("sharedModels")
    void keepsARealNetwork(Path file) throws IOException {
        checkRoundTrip(file);
    }

    @Test
    void keepsEveryCornerOfTheFormat() throws IOException {
        Path file = folder.resolve("everything.onnx");
        Files.write(file, EverythingModel.proto().toByteArray());
        checkRoundTrip(file);
    }

    private void checkRoundTrip(Path file) throws IOException {
        Path copy = folder.resolve("copy.onnx");
        Model read = format.read(file);
        format.write(read, copy);
        ModelProto before = ModelProto.parseFrom(Files.readAllBytes(file));
        ModelProto after = ModelProto.parseFrom(Files.readAllBytes(copy));
        assertThat(Normal.of(after)).isEqualTo(Normal.of(before));
        Model again = format.read(copy);
        assertThat(again.metadata()).isEqualTo(read.metadata());
        assertThat(again.opsets()).isEqualTo(read.opsets());
        assertThat(again.extras()).isEqualTo(read.extras());
        assertSame(again.graph(), read.graph());
        assertThat(format.serialize(again)).isEqualTo(ByteBuffer.wrap(Files.readAllBytes(copy)));
    }

    private static void assertSame(Graph actual, Graph expected) {
        assertThat(actual.name()).isEqualTo(expected.name());
        assertThat(actual.inputs()).isEqualTo(expected.inputs());
        assertThat(actual.outputs()).isEqualTo(expected.outputs());
        assertThat(actual.constants()).isEqualTo(expected.constants());
        assertThat(actual.constantExtras()).isEqualTo(expected.constantExtras());
        assertThat(actual.values()).isEqualTo(expected.values());
        assertThat(actual.extras()).isEqualTo(expected.extras());
        assertThat(actual.nodes()).hasSameSizeAs(expected.nodes());
        for (int i = 0; i < actual.nodes().size(); i++) {
            assertSame(actual.nodes().get(i), expected.nodes().get(i));
        }
    }

    private static void assertSame(Node actual, Node expected) {
        assertThat(withoutGraphs(actual)).isEqualTo(withoutGraphs(expected));
        List<Graph> actualGraphs = actual.subgraphs().toList();
        List<Graph> expectedGraphs = expected.subgraphs().toList();
        assertThat(actualGraphs).hasSameSizeAs(expectedGraphs);
        for (int i = 0; i < actualGraphs.size(); i++) {
            assertSame(actualGraphs.get(i), expectedGraphs.get(i));
        }
    }

    private static Node withoutGraphs(Node node) {
        Node changed = node;
        for (Map.Entry<String, Attribute> attribute : node.attributes().entrySet()) {
            if (attribute.getValue() instanceof Attribute.GraphValue
                    || attribute.getValue() instanceof Attribute.GraphList) {
                changed = changed.with(attribute.getKey(), new Attribute.IntValue(0));
            }
        }
        return changed;
    }

    @Test
    void readsWhatItModels() throws IOException {
        Path file = folder.resolve("everything.onnx");
        Files.write(file, EverythingModel.proto().toByteArray());
        Model model = format.read(file);
        assertThat(model.irVersion()).isEqualTo(13);
        assertThat(model.opsets()).containsExactly(Map.entry("", 23L), Map.entry("local", 1L));
        assertThat(model.metadata())
                .containsExactly(
                        Map.entry("zeta", "last letter first"), Map.entry("alpha", "ünïcode"));
        Node every = model.graph().nodes().getFirst();
        assertThat(every.operator()).isEqualTo("local.Every");
        assertThat(every.number("f")).hasValue(1.5);
        assertThat(every.integer("zero")).hasValue(0);
        assertThat(every.integer("untyped")).hasValue(3);
        assertThat(every.text("s")).hasValue("tëxt");
        assertThat(every.attributes().get("bytes")).isInstanceOf(Attribute.Opaque.class);
        assertThat(every.attributes().get("refers")).isInstanceOf(Attribute.Reference.class);
        assertThat(every.subgraphs().map(Graph::name)).containsExactly("g0", "g1");
        assertThat(model.graph().inputs().stream().map(info -> info.type().toString()))
                .containsExactly("float32 [batch×3×?×0]", "untyped", "sequence");
        assertThat(
                        model.graph().values().values().stream()
                                .map(ValueInfo::type)
                                .map(Object::toString))
                .containsExactly(
                        "int4 of unknown rank", "float32 [4×?×?]", "tensor of element type 27");
    }

    @Test
    void convertsNumbersGivenOneByOne() throws IOException {
        Path file = folder.resolve("everything.onnx");
        Files.write(file, EverythingModel.proto().toByteArray());
        Graph graph = format.read(file).graph();
        assertThat(graph.constant("float_data").orElseThrow().floats())
                .containsExactly(1.25f, Float.NaN);
        assertThat(graph.constant("float16 in int32_data").orElseThrow().floats())
                .containsExactly(1f, -65504f);
        assertThat(graph.constant("bfloat16 in int32_data").orElseThrow().floats())
                .containsExactly(-1f);
        assertThat(graph.constant("int4 in int32_data").orElseThrow().longs())
                .containsExactly(1, -1, -8);
        assertThat(graph.constant("int8 in int32_data").orElseThrow().longs())
                .containsExactly(-128, 127);
        assertThat(graph.constant("uint16 in int32_data").orElseThrow().longs())
                .containsExactly(65535);
        assertThat(graph.constant("int32_data").orElseThrow().longs()).containsExactly(-7);
        assertThat(graph.constant("int32_data").orElseThrow().shape()).isEqualTo(Shape.scalar());
        assertThat(graph.constant("bool in int32_data").orElseThrow().longs()).containsExactly(1);
        assertThat(graph.constant("uint32 in uint64_data").orElseThrow().longs())
                .containsExactly(0xffffffffL);
        assertThat(graph.constant("double_data").orElseThrow().floats())
                .containsExactly((float) Math.PI);
        assertThat(graph.constant("string_data").orElseThrow().strings().get(1)).isEqualTo("tëxt");
        assertThat(graph.constant("empty").orElseThrow()).isEqualTo(Tensor.ofFloats(Shape.of(0)));
    }

    @Test
    void writesAModelMadeInMemory() {
        Graph graph =
                Graph.of(
                        "g",
                        List.of(Node.of("add", "Add", List.of("x", "w"), List.of("y"))),
                        List.of(
                                ValueInfo.ofTensor(
                                        "x", DataType.FLOAT32, ValueInfo.Dimension.of(2))),
                        List.of(
                                ValueInfo.ofTensor(
                                        "y", DataType.FLOAT32, ValueInfo.Dimension.of(2))),
                        Map.of("w", Tensor.ofFloats(Shape.of(2), 1f, 2f)));
        Model model = new Model(graph, 10, Map.of("", 21L), Map.of("k", "v"), Extras.NONE);
        Path file = folder.resolve("made.onnx");
        format.write(model, file);
        Model read = format.read(file);
        assertSame(read.graph(), graph);
        assertThat(read.opset()).isEqualTo(21);
        assertThat(read.metadata()).isEqualTo(Map.of("k", "v"));
    }

    @Test
    void keepsTheRestOfWhatWasChanged() throws IOException {
        Path file = folder.resolve("everything.onnx");
        Files.write(file, EverythingModel.proto().toByteArray());
        Model changed =
                format.read(file)
                        .map(graph ->
                                graph.edit(editor ->
                                        editor.update(
                                                graph.nodes().getFirst(),
                                                node ->
                                                        node.with(
                                                                "f",
                                                                new Attribute.FloatValue(9)))));
        ModelProto written = parse(format.serialize(changed));
        ModelProto.Builder expected = EverythingModel.proto().toBuilder();
        expected.getGraphBuilder().getNodeBuilder(0).getAttributeBuilder(0).setF(9);
        assertThat(Normal.of(written)).isEqualTo(Normal.of(expected.build()));
    }

    private static ModelProto parse(ByteBuffer bytes) {
        try {
            return ModelProto.parseFrom(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
