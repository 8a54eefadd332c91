package dev.nibble.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.error.NibbleException;
import dev.nibble.graph.Attribute;
import dev.nibble.graph.Attribute.FloatValue;
import dev.nibble.graph.Attribute.GraphValue;
import dev.nibble.graph.Attribute.Reference;
import dev.nibble.graph.Attribute.TensorValue;
import dev.nibble.graph.Extras;
import dev.nibble.graph.Function;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.onnxruntime.Quantizing.Given;
import dev.nibble.plan.Recipes;
import dev.nibble.prepare.Preparation;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Models that define operators themselves. */
class FunctionInliningTest {
    private static final long OPSET = 21;

    /** An AttributeProto that says its type is FLOAT (field 20 is 1). */
    private static final Extras FLOAT = Extras.of(new byte[] {(byte) 0xA0, 1, 1});

    @TempDir private Path folder;

    private static Node call(String name, String function, List<String> in, List<String> out) {
        return new Node(name, function, "own", in, out, Map.of(), Extras.NONE);
    }

    private static Function function(
            String name,
            List<String> inputs,
            List<String> outputs,
            Map<String, Attribute> defaults,
            List<Node> nodes) {
        return new Function(
                "own",
                name,
                "",
                inputs,
                outputs,
                List.of(),
                defaults,
                nodes,
                Map.of("", OPSET, "own", 1L),
                Extras.NONE);
    }

    private static Node constant(String name, Tensor value) {
        return Node.of("", "Constant", List.of(), List.of(name))
                .with("value", new TensorValue(value));
    }

    /** {@code y = leaky(a · w) clipped to at least low}, with weights of its own. */
    private static Function layer() {
        return function(
                "Layer",
                List.of("a", "low"),
                List.of("y"),
                Map.of("slope", new FloatValue(0.5f)),
                List.of(
                        constant("w", Preserved.random(Shape.of(8, 8), 1, 1)),
                        Node.of("mul", "MatMul", List.of("a", "w"), List.of("x")),
                        Node.of("", "LeakyRelu", List.of("x"), List.of("h"))
                                .with("alpha", new Reference("slope", FLOAT)),
                        Node.of("", "Clip", List.of("h", "low"), List.of("y"))));
    }

    private static Model model(List<Function> functions, Node... nodes) {
        Model plain =
                Networks.of(
                        List.of(nodes),
                        List.of(Networks.info("x", DataType.FLOAT32, 2, 8)),
                        List.of(Networks.untyped("y")),
                        Map.of("low", Tensor.ofFloats(Shape.scalar(), -0.2f)));
        return plain.withFunctions(functions, Map.of("", OPSET, "own", 1L));
    }

    private static Given samples() {
        return Given.of(4, i -> Map.of("x", Preserved.random(Shape.of(2, 8), 9 + i, 1)));
    }

    @Test
    void calledTwiceWithOtherAttributesAndInputs() {
        Model model =
                model(
                        List.of(layer()),
                        call("one", "Layer", List.of("x"), List.of("h"))
                                .with("slope", new FloatValue(0.1f)),
                        call("two", "Layer", List.of("h", "low"), List.of("y")));

        Quantizing.prepared(model, samples(), 0);
        Quantizing done = Quantizing.of(folder, model, Recipes.INT8, samples());

        assertThat(done.decision("one/mul")).isEqualTo("quantized");
        assertThat(done.decision("two/mul")).isEqualTo("quantized");
        assertThat(done.sqnrDb()).isGreaterThan(25);
        assertThat(done.applied("FunctionInlining"))
                .containsExactly("a function of the model: its calls became its nodes");
        assertThat(done.quantized().model().functions()).isEmpty();
    }

    @Test
    void thatCallOthersAndHaveSubgraphs() {
        Graph then =
                Graph.of(
                        "then",
                        List.of(
                                constant("w", Preserved.random(Shape.of(8, 8), 5, 1)),
                                Node.of("", "MatMul", List.of("t", "w"), List.of("r"))),
                        List.of(),
                        List.of(Networks.untyped("r")),
                        Map.of());
        Graph otherwise =
                Graph.of(
                        "else",
                        List.of(Node.of("", "Neg", List.of("t"), List.of("r"))),
                        List.of(),
                        List.of(Networks.untyped("r")),
                        Map.of());
        Function outer =
                function(
                        "Outer",
                        List.of("x"),
                        List.of("z"),
                        Map.of(),
                        List.of(
                                call("", "Layer", List.of("x"), List.of("t")),
                                constant(
                                        "flag",
                                        Tensor.ofBytes(DataType.BOOL, Shape.of(), (byte) 1)),
                                Node.of("if", "If", List.of("flag"), List.of("z"))
                                        .with("then_branch", new GraphValue(then))
                                        .with("else_branch", new GraphValue(otherwise))));
        Model model =
                model(
                        List.of(outer, layer()),
                        call("first", "Outer", List.of("x"), List.of("m")),
                        call("second", "Outer", List.of("m"), List.of("y")));

        Quantizing.prepared(model, samples(), 0);
        Quantizing done = Quantizing.of(folder, model, Recipes.INT8_WEIGHTS, samples());

        assertThat(done.decision("first/Layer_0/mul")).isEqualTo("weights");
        assertThat(done.decision("second/if/then_branch/second/MatMul_1")).isEqualTo("weights");
        assertThat(done.sqnrDb()).isGreaterThan(25);
    }

    @Test
    void thatHandAnInputThrough() {
        Function echo =
                function(
                        "Echo",
                        List.of("a"),
                        List.of("a", "b"),
                        Map.of(),
                        List.of(Node.of("", "Abs", List.of("a"), List.of("b"))));
        Model model =
                model(
                        List.of(echo),
                        call("echo", "Echo", List.of("x"), List.of("p", "q")),
                        Node.of("sum", "Add", List.of("p", "q"), List.of("y")));

        assertThat(Preparation.of(model).model().graph().nodes())
                .extracting(Node::name)
                .containsExactly("echo/Abs_0", "echo/Identity_0", "sum");
    }

    @Test
    void ofAnotherOpsetAreLeftAlone() {
        Function old =
                new Function(
                        "own",
                        "Old",
                        "",
                        List.of("a"),
                        List.of("b"),
                        List.of(),
                        Map.of(),
                        List.of(Node.of("", "Abs", List.of("a"), List.of("b"))),
                        Map.of("", 13L),
                        Extras.NONE);
        Model model =
                model(
                        List.of(old),
                        Node.of("mul", "MatMul", List.of("x", "w"), List.of("h")),
                        call("old", "Old", List.of("h"), List.of("y")));
        Model weighted =
                model.map(graph ->
                        graph.edit(editor ->
                                editor.constant("w", Preserved.random(Shape.of(8, 8), 1, 1))));

        Quantizing done = Quantizing.of(folder, weighted, Recipes.INT8_WEIGHTS, samples());

        assertThat(done.applied("FunctionInlining"))
                .containsExactly(
                        "a function of the model, left as it is: it uses version 13 of operator set"
                                + " \"ai.onnx\", the model 21");
        assertThat(done.decision("old")).isEqualTo("float");
        assertThat(done.sqnrDb()).isGreaterThan(25);
        assertThat(Networks.ONNX.read(done.file()).functions()).containsExactly(old);
    }

    @Test
    void thatCallThemselvesAreRefused() {
        Function endless =
                function(
                        "Endless",
                        List.of("a"),
                        List.of("b"),
                        Map.of(),
                        List.of(call("", "Endless", List.of("a"), List.of("b"))));

        assertThatThrownBy(() ->
                        Preparation.of(
                                model(
                                        List.of(endless),
                                        call("start", "Endless", List.of("x"), List.of("y")))))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining(
                        "function own.Endless of the model calls itself (own.Endless →"
                                + " own.Endless), from node start/Endless_0");
    }

    @Test
    void surviveReadingAndWriting() {
        Path file = folder.resolve("functions.onnx");
        Model model = model(List.of(layer()), call("one", "Layer", List.of("x"), List.of("y")));
        Networks.ONNX.write(model, file);

        Model read = Networks.ONNX.read(file);

        assertThat(read.functions()).hasSize(1);
        assertThat(read.functions().getFirst().defaults())
                .isEqualTo(Map.of("slope", new FloatValue(0.5f)));
        assertThat(read.functions().getFirst().nodes().get(0).attributes())
                .isEqualTo(layer().nodes().get(0).attributes());
        assertThat(read.functions().getFirst().nodes().get(2).attributes().get("alpha"))
                .isInstanceOfSatisfying(
                        Reference.class,
                        reference -> assertThat(reference.attribute()).isEqualTo("slope"));
    }
}
