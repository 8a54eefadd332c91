package dev.nibble.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;

import dev.nibble.Nibble;
import dev.nibble.Quantized;
import dev.nibble.engine.Samples;
import dev.nibble.engine.Session;
import dev.nibble.graph.Attribute.IntValue;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;
import dev.nibble.graph.ValueInfo.Fixed;
import dev.nibble.graph.ValueInfo.RankedTensor;
import dev.nibble.ladder.Goal;
import dev.nibble.lower.Dequantization;
import dev.nibble.observe.ErrorStatistic;
import dev.nibble.onnxruntime.Preserved.RandomSamples;
import dev.nibble.plan.QuantizedModels;
import dev.nibble.plan.Recipes;
import dev.nibble.report.NodeRow;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Products that find the range of their input at run time, on the runtime that executes them. */
class DynamicQuantizationTest {
    @TempDir private Path folder;

    private static Tensor random(int seed, double deviation, Shape shape) {
        Random random = new Random(seed);
        float[] values = new float[Math.toIntExact(shape.elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
        return Tensor.ofFloats(shape, values);
    }

    /** Two layers one after the other, then two products that read the same value. */
    private static Model perceptron() {
        return Networks.of(
                List.of(
                        Node.of("first", "Gemm", List.of("x", "w1", "b1"), List.of("a"))
                                .with("transB", new IntValue(1)),
                        Node.of("relu", "Relu", List.of("a"), List.of("b")),
                        Node.of("second", "MatMul", List.of("b", "w2"), List.of("c")),
                        Node.of("third", "MatMul", List.of("b", "w3"), List.of("d")),
                        Node.of("sum", "Add", List.of("c", "d"), List.of("y"))),
                List.of(Networks.info("x", DataType.FLOAT32, "N", 96)),
                List.of(Networks.info("y", DataType.FLOAT32, "N", 10)),
                Map.of(
                        "w1", random(1, 0.1, Shape.of(64, 96)),
                        "b1", random(2, 0.5, Shape.of(64)),
                        "w2", random(3, 0.2, Shape.of(64, 10)),
                        "w3", random(4, 0.2, Shape.of(64, 10))));
    }

    private Quantized quantized(Model model) {
        Path file = folder.resolve("float.onnx");
        Networks.ONNX.write(model, file);
        return Nibble.read(file).quantize(Recipes.INT8_DYNAMIC);
    }

    private static double sqnrDb(Model expected, Model actual, Map<String, Tensor> inputs) {
        ErrorStatistic error = ErrorStatistic.NOTHING;
        try (Session first = Networks.open(expected);
                Session second = Networks.open(actual)) {
            Map<String, Tensor> others = Networks.run(second, inputs);
            for (Map.Entry<String, Tensor> output : Networks.run(first, inputs).entrySet()) {
                if (output.getValue().type() == DataType.FLOAT32) {
                    error =
                            error.merge(
                                    ErrorStatistic.of(
                                            output.getValue(),
                                            Networks.get(others, output.getKey())));
                }
            }
        }
        return 10 * Math.log10(error.referenceSquares() / error.errorSquares());
    }

    @Test
    void aPerceptronStaysCloseToTheFloatOneOnInputsOfAnySize() {
        Model model = perceptron();
        Quantized quantized = quantized(model);
        for (double size : new double[] {0.01, 1, 1000}) {
            Tensor x = random(9, size, Shape.of(7, 96));
            assertThat(sqnrDb(model, quantized.model(), Map.of("x", x))).isBetween(25.0, 60.0);
        }
        assertThat(quantized.report().nodes())
                .contains(
                        new NodeRow(
                                "first", "Gemm", "dynamic", "int8 per axis 0 × uint8 dynamic", ""),
                        new NodeRow(
                                "second",
                                "MatMul",
                                "dynamic",
                                "int8 per axis 1 × uint8 dynamic",
                                ""));
    }

    @Test
    void theRuntimeMakesOneNodeOfEachProduct() throws OrtException {
        assertThat(fused(quantized(perceptron())))
                .containsExactlyInAnyOrder(
                        "DynamicQuantizeMatMul",
                        "Relu",
                        "DynamicQuantizeLinear",
                        "MatMulIntegerToFloat",
                        "MatMulIntegerToFloat",
                        "Add");
    }

    /** The operators that the runtime executes. */
    private List<String> fused(Quantized quantized) throws OrtException {
        Path file = folder.resolve("quantized.onnx");
        Path optimized = folder.resolve("optimized.onnx");
        quantized.write(file);
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setOptimizedModelFilePath(optimized.toString());
            OrtEnvironment.getEnvironment().createSession(file.toString(), options).close();
        }
        return Networks.ONNX.read(optimized).graph().nodes().stream().map(Node::opType).toList();
    }

    @Test
    void weightsCanBeFittedToSamples() {
        Path file = folder.resolve("float.onnx");
        Networks.ONNX.write(perceptron(), file);
        Nibble network = Nibble.read(file);
        Samples samples = new RandomSamples("x", Shape.of(1, 96), 200);
        double nearest = fitted(network, samples, List.of());
        assertThat(fitted(network, samples, List.of("Gptq"))).isGreaterThan(nearest);
    }

    /** What the ladder measures on samples held out. */
    private static double fitted(Nibble network, Samples samples, List<String> passes) {
        Goal goal = Goal.QUICK.applying(passes);
        return network.quantize(Recipes.INT8_DYNAMIC, samples, goal).report().error().sqnrDb();
    }

    @ParameterizedTest
    @CsvSource({
        "DTLN__pretrained_model__model_2, 0.27, 30",
        "DTLN__pretrained_model__model_1, 0.27, 30",
        "nnsplit__de__model, 0.27, 30",
        "godot_rl_agents_examples__Ships__Ships, 0.29, 30",
        "tribuo__extractors__tinybert, 0.82, 20"
    })
    void realNetworksWithProductsStayCloseToTheirFloatSelves(
            String name, double share, double leastDb) throws Exception {
        Path file = SharedModels.inZoo(name);
        Nibble network = Nibble.read(file);
        Quantized quantized = network.quantize(Recipes.INT8_DYNAMIC);
        Map<String, Tensor> inputs = inputs(network.model());
        assertThat(sqnrDb(network.model(), quantized.model(), inputs)).isBetween(leastDb, 80.0);
        Path written = folder.resolve("small.onnx");
        quantized.write(written);
        assertThat((double) Files.size(written) / Files.size(file)).isLessThan(share);

        Model undone = Dequantization.undo(Networks.ONNX.read(written)).model();
        assertThat(QuantizedModels.evidence(undone.graph())).isEmpty();
        assertThat(sqnrDb(undone, quantized.model(), inputs)).isGreaterThan(leastDb);
    }

    private static Map<String, Tensor> inputs(Model model) {
        Map<String, Tensor> inputs = new HashMap<>();
        for (ValueInfo input : model.graph().fedInputs()) {
            RankedTensor type = (RankedTensor) input.type();
            long[] dims =
                    type.dims().stream()
                            .mapToLong(
                                    dimension -> dimension instanceof Fixed(long size) ? size : 4)
                            .toArray();
            Shape shape = Shape.of(dims);
            inputs.put(
                    input.name(),
                    type.elementType() == DataType.FLOAT32
                            ? random(input.name().hashCode(), 1, shape)
                            : ones(type.elementType(), shape));
        }
        return inputs;
    }

    private static Tensor ones(DataType type, Shape shape) {
        if (type == DataType.UINT8) {
            byte[] bytes = new byte[Math.toIntExact(shape.elements())];
            Arrays.fill(bytes, (byte) 1);
            return Tensor.ofBytes(type, shape, bytes);
        }
        long[] ones = new long[Math.toIntExact(shape.elements())];
        Arrays.fill(ones, 1);
        return Tensor.ofLongs(shape, ones);
    }
}
