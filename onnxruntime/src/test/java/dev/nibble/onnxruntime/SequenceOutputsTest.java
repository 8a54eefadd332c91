package dev.nibble.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.Nibble;
import dev.nibble.engine.Samples;
import dev.nibble.error.NibbleException;
import dev.nibble.graph.Attribute.IntList;
import dev.nibble.graph.Attribute.IntValue;
import dev.nibble.graph.Extras;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;
import dev.nibble.graph.ValueInfo.OtherType;
import dev.nibble.onnxruntime.Quantizing.Given;
import dev.nibble.plan.Recipes;
import dev.nibble.report.Evaluation;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Classifiers that hand their scores over as a sequence or as maps. */
class SequenceOutputsTest {
    private static final int CLASSES = 4;

    @TempDir private Path folder;

    static Stream<Node> last() {
        return Stream.of(
                Node.of("split", "SplitToSequence", List.of("p"), List.of("list"))
                        .with("axis", new IntValue(1)),
                new Node(
                        "zip",
                        "ZipMap",
                        "ai.onnx.ml",
                        List.of("p"),
                        List.of("list"),
                        Map.of(
                                "classlabels_int64s",
                                new IntList(LongStream.range(0, CLASSES).boxed().toList())),
                        Extras.NONE));
    }

    private static Model network(Node last, ValueInfo... outputs) {
        Map<String, Tensor> constants =
                Map.of(
                        "w0", Preserved.random(Shape.of(8, 16), 1, 1),
                        "w1", Preserved.random(Shape.of(16, CLASSES), 2, 1));
        Graph graph =
                Graph.of(
                        "classifier",
                        List.of(
                                Node.of("first", "MatMul", List.of("x", "w0"), List.of("h")),
                                Node.of("relu", "Relu", List.of("h"), List.of("r")),
                                Node.of("second", "MatMul", List.of("r", "w1"), List.of("s")),
                                Node.of("softmax", "Softmax", List.of("s"), List.of("p")),
                                last),
                        List.of(Networks.info("x", DataType.FLOAT32, "N", 8)),
                        List.of(outputs),
                        constants);
        return new Model(graph, 10, Map.of("", 21L, "ai.onnx.ml", 3L), Map.of(), Extras.NONE);
    }

    private static ValueInfo list() {
        return ValueInfo.of("list", new OtherType("untyped"));
    }

    private static Samples samples() {
        return Given.of(16, i -> Map.of("x", Preserved.random(Shape.of(1, 8), 20 + i, 1)));
    }

    private Evaluation evaluated(Path file) {
        return Nibble.read(folder.resolve("given.onnx")).threads(1).evaluate(samples(), file);
    }

    @ParameterizedTest
    @MethodSource("last")
    void scoresBesideASequenceAreComparedAndItIsHandedOver(Node last) {
        Model model = network(last, Networks.info("p", DataType.FLOAT32, "N", CLASSES), list());
        Quantizing done = Quantizing.of(folder, model, Recipes.INT8, samples());

        assertThat(done.decision("first")).isEqualTo("quantized");
        assertThat(done.quantized().model().graph().outputs())
                .extracting(ValueInfo::name)
                .containsExactly("p", "list");
        assertThat(done.sqnrDb()).isGreaterThan(25);
        assertThat(evaluated(done.file()).models().get(1).error().orElseThrow().sqnrDb())
                .isGreaterThan(25);
    }

    @ParameterizedTest
    @MethodSource("last")
    void aSequenceAloneIsQuantizedButNotEvaluated(Node last) {
        Quantizing done = Quantizing.of(folder, network(last, list()), Recipes.INT8, samples());

        assertThat(done.decision("first")).isEqualTo("quantized");
        assertThatThrownBy(() -> evaluated(done.file()))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining("has no output that is a tensor (it has [list])");
    }
}
