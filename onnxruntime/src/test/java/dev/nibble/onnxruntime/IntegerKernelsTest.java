package dev.nibble.onnxruntime;

import static dev.nibble.onnxruntime.Sketch.integer;
import static dev.nibble.onnxruntime.Sketch.integers;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;

import dev.nibble.Nibble;
import dev.nibble.Quantized;
import dev.nibble.graph.Attribute;
import dev.nibble.graph.Attribute.StringValue;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.onnxruntime.Preserved.RandomSamples;
import dev.nibble.pass.UnusedConstants;
import dev.nibble.plan.Recipes;
import dev.nibble.plan.Target;
import dev.nibble.plan.Target.Kind;
import dev.nibble.report.NodeRow;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * ONNX Runtime computes on codes with every operator that {@link Target} says it does: between two
 * layers of codes, no floats are left.
 */
class IntegerKernelsTest {
    private static final Shape INPUT = Shape.of(1, 8, 6, 6);

    /** One use of every operator: what it says and how many numbers it makes of 8 × 6 × 6. */
    @SuppressWarnings("unused")
    private static final List<Use> USES =
            List.of(
                    use("Add(a, b)", 288),
                    use("Mul(a, b)", 288),
                    use("Where(mask, a, b)", 288),
                    use("Sigmoid(a)", 288),
                    use("LeakyRelu(a)", 288),
                    use("Relu(a)", 288),
                    use("Clip(a, low, high)", 288),
                    use("AveragePool(a)", 200, Map.of("kernel_shape", integers(2, 2))),
                    use("GlobalAveragePool(a)", 8),
                    use("MaxPool(a)", 200, Map.of("kernel_shape", integers(2, 2))),
                    use("Concat(a, b)", 576, Map.of("axis", integer(1))),
                    use("Reshape(a, row)", 288),
                    use("Flatten(a)", 288),
                    use("Transpose(a)", 288, Map.of("perm", integers(0, 2, 3, 1))),
                    use("Squeeze(a, zero)", 288),
                    use("Unsqueeze(a, zero)", 288),
                    use("Slice(a, zero, two, one)", 72),
                    use("Split(a)", 144, Map.of("axis", integer(1), "num_outputs", integer(2))),
                    use("Pad(a, pads)", 512),
                    use("Pad(a, pads)", 512, Map.of("mode", new StringValue("reflect"))),
                    use("Resize(a, , scales)", 1152, Map.of("mode", new StringValue("nearest"))),
                    use("Expand(a, twice)", 576),
                    use("Tile(a, repeats)", 576),
                    use("Gather(a, two)", 36, Map.of("axis", integer(1))),
                    use("GatherElements(a, places)", 288, Map.of("axis", integer(1))),
                    use("ReduceMax(a, last)", 48),
                    use("ReduceMin(a, last)", 48),
                    use("DepthToSpace(a)", 288, Map.of("blocksize", integer(2))),
                    use("SpaceToDepth(a)", 288, Map.of("blocksize", integer(2))),
                    use("Identity(a)", 288),
                    use("Dropout(a)", 288));

    @TempDir private Path folder;

    record Use(String text, int elements, Map<String, Attribute> attributes) {
        String operator() {
            return text.substring(0, text.indexOf('('));
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private static Use use(String text, int elements) {
        return use(text, elements, Map.of());
    }

    private static Use use(String text, int elements, Map<String, Attribute> attributes) {
        return new Use(text, elements, attributes);
    }

    private static Tensor whole(long... values) {
        return Tensor.ofLongs(Shape.of(values.length), values);
    }

    private static Model network(Use use) {
        byte[] mask = new byte[288];
        Arrays.fill(mask, 0, 100, (byte) 1);
        boolean two = use.operator().equals("Split");
        Sketch sketch =
                new Sketch()
                        .input("x", DataType.FLOAT32, 1, 8, 6, 6)
                        .output("y", DataType.FLOAT32)
                        .constant("first", Preserved.random(Shape.of(8, 8, 1, 1), 1, 1))
                        .constant("second", Preserved.random(Shape.of(8, 8, 1, 1), 2, 1))
                        .constant("last_w", Preserved.random(Shape.of(use.elements(), 4), 3, 1))
                        .constant("mask", Tensor.ofBytes(DataType.BOOL, INPUT, mask))
                        .constant("low", Tensor.ofFloats(Shape.scalar(), -1))
                        .constant("high", Tensor.ofFloats(Shape.scalar(), 2))
                        .constant("row", whole(1, -1))
                        .constant("zero", whole(0))
                        .constant("two", whole(2))
                        .constant("one", whole(1))
                        .constant("last", whole(3))
                        .constant("pads", whole(0, 0, 1, 1, 0, 0, 1, 1))
                        .constant("scales", Networks.floats(1, 1, 2, 2))
                        .constant("twice", whole(2, 8, 6, 6))
                        .constant("repeats", whole(2, 1, 1, 1))
                        .constant("places", Tensor.ofLongs(INPUT, new long[288]))
                        .node("a = Conv(x, first)");
        if (use.text().contains(", b)")) {
            sketch.node("b = Conv(x, second)");
        }
        sketch.node((two ? "c1, c2 = " : "c = ") + use.text(), use.attributes());
        if (two) {
            sketch.node("c = Add(c1, c2)");
        }
        sketch.node("flat = Reshape(c, row)").node("y = MatMul(flat, last_w)");
        return used(sketch.model());
    }

    /** Without the constants that nothing reads. */
    private static Model used(Model model) {
        return model.map(UnusedConstants::removeFrom);
    }

    private Quantized quantized(Model model) {
        Path file = folder.resolve("float.onnx");
        Networks.ONNX.write(model, file);
        // what divides by noise is damaged, whatever its formats
        return Nibble.read(file)
                .allowDamage(true)
                .quantize(Recipes.INT8, new RandomSamples("x", INPUT, 4));
    }

    /** The operators that the runtime executes. */
    private List<String> executed(Quantized quantized) throws OrtException {
        Path file = folder.resolve("quantized.onnx");
        Path optimized = folder.resolve("optimized.onnx");
        quantized.write(file);
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setOptimizedModelFilePath(optimized.toString());
            OrtEnvironment.getEnvironment().createSession(file.toString(), options).close();
        }
        return Networks.ONNX.read(optimized).graph().nodes().stream().map(Node::opType).toList();
    }

    @ParameterizedTest
    @FieldSource("USES")
    void noFloatsAreLeftBetweenLayers(Use use) throws OrtException {
        Quantized quantized = quantized(network(use));
        List<String> executed = executed(quantized);
        assertThat(executed)
                .filteredOn(type -> type.equals("QuantizeLinear"))
                .as("conversions in %s: that of x alone", executed)
                .hasSize(1);
        assertThat(executed).doesNotContain("DequantizeLinear");
        assertThat(quantized.report().error().sqnrDb()).isGreaterThan(20);
    }

    @Test
    void everyOperatorOfTheTargetIsTried() {
        Set<String> tried = new HashSet<>();
        USES.forEach(use -> tried.add(use.operator()));
        Target.ONNX_RUNTIME_CPU
                .operators()
                .forEach((operator, kind) -> {
                    if (kind != Kind.WEIGHTED) {
                        assertThat(tried).contains(operator);
                    }
                });
    }

    /** Operators that it has no kernel for, with the same shape in and out. */
    @SuppressWarnings("unused")
    private static final List<Use> FLOAT =
            List.of(
                    use("Sub(a, b)", 288),
                    use("Div(a, b)", 288),
                    use("Max(a, b)", 288),
                    use("Tanh(a)", 288),
                    use("HardSigmoid(a)", 288),
                    use("HardSwish(a)", 288),
                    use("Elu(a)", 288),
                    use("Gelu(a)", 288),
                    use("Erf(a)", 288),
                    use("Exp(a)", 288),
                    use("Softmax(a)", 288),
                    use("PRelu(a, low)", 288),
                    use("ReduceMean(a, last)", 48),
                    use("GlobalMaxPool(a)", 8),
                    use("Resize(a, , scales)", 1152, Map.of("mode", new StringValue("linear"))));

    @ParameterizedTest
    @FieldSource("FLOAT")
    void whatHasNoKernelStaysFloatAndSaysWhy(Use use) throws OrtException {
        Quantized quantized = quantized(network(use));
        assertThat(quantized.report().nodes())
                .filteredOn(row -> row.operator().equals(use.operator()))
                .allSatisfy(row -> {
                    assertThat(row.decision()).isEqualTo("float");
                    assertThat(row.reason()).isNotEmpty();
                })
                .extracting(NodeRow::operator)
                .hasSize(1);
        assertThat(executed(quantized)).doesNotContain("Conv");
    }
}
