package dev.nibble.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.graph.Attribute.GraphValue;
import dev.nibble.graph.Attribute.TensorValue;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** An If whose condition does not depend on what the network is fed. */
class ConstantBranchesTest {
    @TempDir private Path folder;

    /** Nodes and constants that give {@code flag}, which is true. */
    record Condition(String name, List<Node> nodes, Map<String, Tensor> constants) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Condition> conditions() {
        Tensor yes = bool(1);
        Node two = constant("two", Tensor.ofLongs(Shape.scalar(), 2));
        Node three = constant("three", Tensor.ofLongs(Shape.scalar(), 3));
        return Stream.of(
                new Condition("an initializer", List.of(), Map.of("flag", yes)),
                new Condition("a Constant", List.of(constant("flag", yes)), Map.of()),
                new Condition(
                        "a comparison",
                        List.of(
                                two,
                                three,
                                Node.of("compare", "Equal", List.of("two", "three"), List.of("eq")),
                                Node.of("not", "Not", List.of("eq"), List.of("flag"))),
                        Map.of()),
                new Condition(
                        "logic",
                        List.of(
                                two,
                                three,
                                Node.of("less", "Less", List.of("two", "three"), List.of("lt")),
                                Node.of("more", "Greater", List.of("two", "three"), List.of("gt")),
                                Node.of("or", "Or", List.of("gt", "lt"), List.of("either")),
                                Node.of("and", "And", List.of("either", "lt"), List.of("flag"))),
                        Map.of()));
    }

    private static Tensor bool(int value) {
        return Tensor.ofBytes(DataType.BOOL, Shape.scalar(), (byte) value);
    }

    private static Node constant(String name, Tensor value) {
        return Node.of(name, "Constant", List.of(), List.of(name))
                .with("value", new TensorValue(value));
    }

    /** A branch of the same names as the other: a product, and its weights handed over as well. */
    private static Graph branch(String name, int seed) {
        return Graph.of(
                name,
                List.of(
                        Node.of("mul", "MatMul", List.of("h", "w"), List.of("m")),
                        Node.of("relu", "Relu", List.of("m"), List.of("r"))),
                List.of(),
                List.of(
                        Networks.info("r", DataType.FLOAT32, "N", 8),
                        Networks.info("w", DataType.FLOAT32, 8, 8)),
                Map.of("w", Preserved.random(Shape.of(8, 8), seed, 1)));
    }

    private static Node choose(String flag, Graph then, Graph otherwise, String... outputs) {
        return Node.of("choose", "If", List.of(flag), List.of(outputs))
                .with("then_branch", new GraphValue(then))
                .with("else_branch", new GraphValue(otherwise));
    }

    private static Model network(Condition condition, Node choice) {
        List<Node> nodes = new ArrayList<>(condition.nodes());
        nodes.add(Node.of("first", "MatMul", List.of("x", "w0"), List.of("h")));
        nodes.add(choice);
        nodes.add(Node.of("last", "MatMul", List.of("c", "w1"), List.of("y")));
        Map<String, Tensor> constants = new HashMap<>(condition.constants());
        constants.put("w0", Preserved.random(Shape.of(8, 8), 5, 1));
        constants.put("w1", Preserved.random(Shape.of(8, 8), 6, 1));
        return Networks.of(
                nodes,
                List.of(Networks.info("x", DataType.FLOAT32, "N", 8)),
                List.of(
                        Networks.info("y", DataType.FLOAT32, "N", 8),
                        Networks.info("kept", DataType.FLOAT32, 8, 8)),
                constants);
    }

    private static Given samples() {
        return Given.of(8, i -> Map.of("x", Preserved.random(Shape.of(2, 8), 20 + i, 1)));
    }

    @ParameterizedTest
    @MethodSource("conditions")
    void layersOfTheBranchThatIsTakenComputeOnCodes(Condition condition) {
        Node choice = choose("flag", branch("then", 1), branch("else", 2), "c", "kept");
        Quantizing done =
                Quantizing.of(folder, network(condition, choice), Recipes.INT8, samples());

        assertThat(done.sqnrDb()).isGreaterThan(25);
        assertThat(done.decision("choose/then_branch/mul")).isEqualTo("quantized");
        assertThat(done.decision("last")).isEqualTo("quantized");
        assertThat(done.quantized().model().graph().allNodes()).noneMatch(node -> node.is("If"));
        assertThat(done.applied("ConstantBranches"))
                .containsExactly(
                        "its condition is constant: the nodes of its then_branch stand in its"
                                + " place");
    }

    @Test
    void branchesWithinBranchesAreFound() {
        Graph then =
                Graph.of(
                        "then",
                        List.of(
                                Node.of("flip", "Not", List.of("flag"), List.of("no")),
                                choose("no", branch("a", 1), branch("b", 2), "m", "w")),
                        List.of(),
                        List.of(
                                Networks.info("m", DataType.FLOAT32, "N", 8),
                                Networks.info("w", DataType.FLOAT32, 8, 8)),
                        Map.of());
        Condition yes = new Condition("yes", List.of(), Map.of("flag", bool(1)));
        Model model = network(yes, choose("flag", then, branch("else", 3), "c", "kept"));

        Preparation prepared = Quantizing.prepared(model, samples(), 0);

        assertThat(prepared.model().graph().allNodes()).noneMatch(node -> node.is("If"));
        assertThat(prepared.notes()).hasSize(2);
    }
}
