package dev.nibble.torch.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.nibble.error.NibbleException;
import dev.nibble.graph.Attribute.FloatValue;
import dev.nibble.graph.Attribute.GraphValue;
import dev.nibble.graph.Attribute.IntValue;
import dev.nibble.graph.Extras;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;
import dev.nibble.graph.ValueInfo.Dimension;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;
import dev.nibble.torch.operator.TorchTensors;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

class TorchGraphTest {
    private static final Node SPLIT =
            Node.of("split", "Split", List.of("x"), List.of("left", "right"))
                    .with("axis", new IntValue(1))
                    .with("num_outputs", new IntValue(2));
    private static final Node SCALE = Node.of("scale", "Mul", List.of("left", "w"), List.of("a"));
    private static final Node SHIFT = Node.of("shift", "Add", List.of("right", "w"), List.of("b"));
    private static final Map<String, Tensor> WEIGHT = Map.of("w", floats(3));
    private static final Model TWO_PARTS =
            model(WEIGHT, List.of("x"), List.of("a", "b"), SPLIT, SCALE, SHIFT);

    @Test
    void givesEveryOutput() {
        try (TorchGraph network = TorchGraph.of(TWO_PARTS)) {
            Map<String, Tensor> outputs = network.infer(Map.of("x", matrix(1, 2, 10, 20)));

            assertThat(outputs.keySet()).containsExactly("a", "b");
            assertThat(outputs.get("a")).isEqualTo(matrix(3, 6));
            assertThat(outputs.get("b")).isEqualTo(matrix(13, 23));
        }
    }

    @Test
    void takesSeveralInputsOfSeveralTypes() {
        Node where = Node.of("where", "Where", List.of("c", "x", "y"), List.of("z"));
        Model model = model(Map.of(), List.of("c", "x", "y"), List.of("z"), where);
        Tensor truth = Tensor.ofBytes(DataType.BOOL, Shape.of(1, 2), (byte) 1, (byte) 0);

        try (TorchGraph network = TorchGraph.of(model)) {
            assertThat(
                            network.infer(
                                    Map.of(
                                            "c", truth,
                                            "x", Tensor.ofInts(Shape.of(1, 2), 5, 6),
                                            "y", Tensor.ofLongs(Shape.of(1, 2), 7, 8))))
                    .containsEntry("z", Tensor.ofLongs(Shape.of(1, 2), 5, 8));
        }
    }

    @Test
    void oneReaderCanBeGivenAnotherConstantThanTheNext() {
        Tap doubled =
                new Tap() {
                    @Override
                    public org.bytedeco.pytorch.Tensor read(
                            Node reader, int index, String value, org.bytedeco.pytorch.Tensor t) {
                        return reader.name().equals("scale") && value.equals("w")
                                ? t.mul(new Scalar(2.0))
                                : t;
                    }
                };

        assertThat(run(doubled, Set.of()))
                .containsEntry("a", matrix(6, 12))
                .containsEntry("b", matrix(13, 23));
    }

    @Test
    void aValueCanBeReplacedOnceItIsMadeOrFed() {
        Tap shifted =
                new Tap() {
                    @Override
                    public org.bytedeco.pytorch.Tensor fed(
                            String input, org.bytedeco.pytorch.Tensor t) {
                        return t.add(new Scalar(1.0));
                    }

                    @Override
                    public org.bytedeco.pytorch.Tensor made(
                            Node producer, String value, org.bytedeco.pytorch.Tensor t) {
                        return value.equals("left") ? t.add(new Scalar(1.0)) : t;
                    }
                };

        assertThat(run(shifted, Set.of("left")))
                .containsEntry("left", matrix(3, 4))
                .containsEntry("a", matrix(9, 12))
                .containsEntry("b", matrix(14, 24));
    }

    @Test
    void valuesAreAskedForInTheOrderOfTheGraph() {
        List<String> seen = new ArrayList<>();
        run(
                new Tap() {
                    @Override
                    public org.bytedeco.pytorch.Tensor made(
                            Node producer, String value, org.bytedeco.pytorch.Tensor t) {
                        seen.add(producer.name() + " " + value);
                        return t;
                    }
                },
                Set.of());

        assertThat(seen).containsExactly("split left", "split right", "scale a", "shift b");
    }

    @Test
    void differentiatesBackToConstantsAndInputs() {
        try (PointerScope _ = new PointerScope();
                TorchGraph network = TorchGraph.of(TWO_PARTS)) {
            network.constant("w").set_requires_grad(true);
            org.bytedeco.pytorch.Tensor input = TorchTensors.toTorch(matrix(1, 2, 10, 20));
            input.set_requires_grad(true);

            Map<String, org.bytedeco.pytorch.Tensor> outputs =
                    network.run(Map.of("x", input), true, Tap.NONE);
            org.bytedeco.pytorch.Tensor total = torch.zeros(1);
            for (org.bytedeco.pytorch.Tensor output : outputs.values()) {
                total = total.add(output.sum());
            }
            total.backward();

            // d/dw of w·(1 + 2) + (10 + w) + (20 + w)
            assertThat(network.constant("w").grad().item_float()).isEqualTo(5);
            assertThat(TorchTensors.fromTorch(input.grad())).isEqualTo(matrix(3, 3, 1, 1));
        }
    }

    @Test
    void productsAreOfBfloat16OnlyWhereGradientsAreWanted() {
        Node product = Node.of("product", "MatMul", List.of("x", "w"), List.of("y"));
        Tensor weight = Tensor.ofFloats(Shape.of(1, 1), 1 + 1 / 1024f);
        Model model = model(Map.of("w", weight), List.of("x"), List.of("y"), product);
        try (PointerScope _ = new PointerScope();
                TorchGraph network = TorchGraph.of(model)) {
            network.learnNarrow();
            network.constant("w").set_requires_grad(true);

            org.bytedeco.pytorch.Tensor learning =
                    network.run(Map.of("x", TorchTensors.toTorch(matrix(2))), true, Tap.NONE)
                            .values()
                            .iterator()
                            .next();
            learning.sum().backward();

            // 1 + 1/1024 has more than 8 bits of mantissa
            assertThat(TorchTensors.fromTorch(learning)).isEqualTo(matrix(2));
            assertThat(network.constant("w").grad().item_float()).isEqualTo(2);
            assertThat(network.infer(Map.of("x", matrix(2))))
                    .containsEntry("y", matrix(2 + 2 / 1024f));
        }
    }

    @Test
    void runsTheBranchThatTheConditionNamesWithWhatItCaptures() {
        Graph twice = branch(Node.of("twice", "Add", List.of("x", "x"), List.of("y")));
        Graph none = branch(Node.of("none", "Sub", List.of("x", "x"), List.of("y")));
        Node branches =
                Node.of("if", "If", List.of("c"), List.of("z"))
                        .with("then_branch", new GraphValue(twice))
                        .with("else_branch", new GraphValue(none));
        Model model = model(Map.of(), List.of("c", "x"), List.of("z"), branches);

        try (TorchGraph network = TorchGraph.of(model)) {
            assertThat(network.infer(Map.of("c", truth(1), "x", matrix(1, 2))))
                    .containsEntry("z", matrix(2, 4));
            assertThat(network.infer(Map.of("c", truth(0), "x", matrix(1, 2))))
                    .containsEntry("z", matrix(0, 0));
        }
    }

    @Test
    void loopsWithWhatIsCarriedAndCollectsTheRest() {
        Graph body =
                Graph.of(
                        "body",
                        List.of(
                                Node.of("same", "Identity", List.of("on"), List.of("go")),
                                Node.of("double", "Add", List.of("s", "s"), List.of("next")),
                                Node.of("shift", "Add", List.of("next", "x"), List.of("seen"))),
                        List.of(info("i"), info("on"), info("s")),
                        List.of(info("go"), info("next"), info("seen")),
                        Map.of());
        Node loop =
                Node.of("loop", "Loop", List.of("rounds", "", "x"), List.of("last", "all"))
                        .with("body", new GraphValue(body));
        Model model =
                model(
                        Map.of("rounds", Tensor.ofLongs(Shape.scalar(), 3)),
                        List.of("x"),
                        List.of("last", "all"),
                        loop);

        try (TorchGraph network = TorchGraph.of(model)) {
            assertThat(network.infer(Map.of("x", floats(1, 10))))
                    .containsEntry("last", floats(8, 80))
                    .containsEntry("all", Tensor.ofFloats(Shape.of(3, 2), 3, 30, 5, 50, 9, 90));
        }
    }

    @Test
    void swishIsTheInputTimesItsSigmoid() {
        Node swish =
                Node.of("swish", "Swish", List.of("x"), List.of("y"))
                        .with("alpha", new FloatValue(2));

        try (TorchGraph network =
                TorchGraph.of(model(Map.of(), List.of("x"), List.of("y"), swish))) {
            Tensor output = network.infer(Map.of("x", floats(1))).values().iterator().next();
            assertThat(output.floats()[0]).isCloseTo(0.880797f, within(1e-6f));
        }
    }

    @Test
    void listsWhatItCannotRun() {
        Model model =
                model(
                        Map.of("s", Tensor.ofStrings(Shape.of(1), List.of("a"))),
                        List.of("x"),
                        List.of("y"),
                        Node.of("n", "Det", List.of("x"), List.of("y")));

        assertThat(TorchGraph.unsupported(model))
                .containsExactly(
                        new Unsupported("n", "Det", "the operator is not known"),
                        new Unsupported("s", "constant", "it holds string"));
        assertThatThrownBy(() -> TorchGraph.of(model))
                .isInstanceOf(NibbleException.class)
                .hasMessage(
                        "network test cannot run on libtorch, because of 2 nodes: node n (Det): the"
                                + " operator is not known; node s (constant): it holds string; see"
                                + " docs/training-operators.md");
    }

    @Test
    void saysWhichInputIsMissing() {
        try (TorchGraph network = TorchGraph.of(TWO_PARTS)) {
            assertThatThrownBy(() -> network.infer(Map.of("y", floats(1))))
                    .isInstanceOf(NibbleException.class)
                    .hasMessage("network test: nothing is given for input \"x\"; given are [y]");
        }
    }

    @Test
    void saysWhichNodeLibtorchCannotCompute() {
        Model model =
                model(
                        Map.of("w", floats(1, 2, 3)),
                        List.of("x"),
                        List.of("y"),
                        Node.of("add", "Add", List.of("x", "w"), List.of("y")));

        try (TorchGraph network = TorchGraph.of(model)) {
            assertThatThrownBy(() -> network.infer(Map.of("x", floats(1, 2))))
                    .isInstanceOf(NibbleException.class)
                    .hasMessageStartingWith(
                            "node add: libtorch cannot compute operator Add here: The size of"
                                    + " tensor a (2) must match");
        }
    }

    private static Map<String, Tensor> run(Tap tap, Set<String> fetch) {
        try (PointerScope _ = new PointerScope();
                TorchGraph network = TorchGraph.of(TWO_PARTS)) {
            Map<String, Tensor> results = new HashMap<>();
            network.run(Map.of("x", TorchTensors.toTorch(matrix(1, 2, 10, 20))), false, tap, fetch)
                    .forEach((name, tensor) -> results.put(name, TorchTensors.fromTorch(tensor)));
            return results;
        }
    }

    private static Graph branch(Node node) {
        return Graph.of("branch", List.of(node), List.of(), List.of(info("y")), Map.of());
    }

    private static Model model(
            Map<String, Tensor> constants,
            List<String> inputs,
            List<String> outputs,
            Node... nodes) {
        Graph graph =
                Graph.of(
                        "test",
                        List.of(nodes),
                        inputs.stream().map(TorchGraphTest::info).toList(),
                        outputs.stream().map(TorchGraphTest::info).toList(),
                        constants);
        return new Model(graph, 8, Map.of("", 18L), Map.of(), Extras.NONE);
    }

    private static ValueInfo info(String name) {
        return ValueInfo.ofTensor(name, DataType.FLOAT32, Dimension.of("n"));
    }

    private static Tensor truth(int value) {
        return Tensor.ofBytes(DataType.BOOL, Shape.scalar(), (byte) value);
    }

    private static Tensor floats(float... values) {
        return Tensor.ofFloats(Shape.of(values.length), values);
    }

    private static Tensor matrix(float... values) {
        return Tensor.ofFloats(Shape.of(1, values.length), values);
    }
}
