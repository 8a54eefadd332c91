package dev.nibble.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.nibble.calibrate.Calibrators;
import dev.nibble.engine.LocalLab;
import dev.nibble.engine.NoSamples;
import dev.nibble.engine.Progress;
import dev.nibble.engine.Session;
import dev.nibble.graph.Attribute.IntList;
import dev.nibble.graph.Attribute.IntValue;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.lower.Dequantization;
import dev.nibble.lower.QdqLowering;
import dev.nibble.number.Encoding;
import dev.nibble.number.IntegerFormat;
import dev.nibble.number.NumberFormats;
import dev.nibble.number.Quantizer;
import dev.nibble.number.Range;
import dev.nibble.number.Scheme;
import dev.nibble.pass.Draft;
import dev.nibble.pass.Planning;
import dev.nibble.pass.RangeOverrides;
import dev.nibble.pass.WeightRanges;
import dev.nibble.plan.Decision;
import dev.nibble.plan.Plan;
import dev.nibble.plan.Recipe;
import dev.nibble.plan.Recipes;
import dev.nibble.plan.Target;
import dev.nibble.plan.Weights;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Map;
import java.util.Random;

/** ONNX Runtime computes with every form of few bits what the codes stand for. */
class FewBitsTest {
    @SuppressWarnings("unused")
    private static final List<Recipe> RECIPES =
            List.of(
                    Recipes.W4A8,
                    alike(Recipes.W4A8),
                    alike(Recipes.W4A16),
                    Recipes.W4A4,
                    alike(Recipes.W4A4),
                    Recipes.W3A3,
                    alike(Recipes.W3A3),
                    Recipes.W2A2,
                    alike(Recipes.W2A2),
                    of(NumberFormats.INT7, NumberFormats.UINT5),
                    of(NumberFormats.INT5, NumberFormats.INT6),
                    of(NumberFormats.UINT3, NumberFormats.INT2),
                    alike(Recipes.INT4_WEIGHTS),
                    Recipes.INT8_WEIGHTS,
                    Recipes.A16W8,
                    blocks(32),
                    blocks(48));

    private static Recipe alike(Recipe recipe) {
        return recipe.withEdges(recipe.layers());
    }

    private static Recipe of(IntegerFormat weights, IntegerFormat activations) {
        return alike(
                Recipe.of(
                        weights + " × " + activations,
                        Weights.perChannel(weights),
                        new Recipe.StaticActivations(activations, Calibrators.AUTO)));
    }

    private static Recipe blocks(int size) {
        return alike(
                Recipe.of(
                        "blocks of " + size,
                        Weights.perBlock(NumberFormats.INT4, size),
                        Recipes.INT8.activations()));
    }

    private static Tensor random(int seed, double deviation, long... dims) {
        Random random = new Random(seed);
        Shape shape = Shape.of(dims);
        float[] values = new float[Math.toIntExact(shape.elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
        return Tensor.ofFloats(shape, values);
    }

    /** A convolution, a depthwise one, a linear layer and a product. */
    private static Model network() {
        return Networks.of(
                List.of(
                        Node.of("conv", "Conv", List.of("x", "cw", "cb"), List.of("a"))
                                .with("pads", new IntList(List.of(1L, 1L, 1L, 1L))),
                        Node.of("relu", "Relu", List.of("a"), List.of("b")),
                        Node.of("depthwise", "Conv", List.of("b", "dw"), List.of("c"))
                                .with("group", new IntValue(64)),
                        Node.of("pool", "GlobalAveragePool", List.of("c"), List.of("d")),
                        Node.of("flat", "Flatten", List.of("d"), List.of("e")),
                        Node.of("linear", "Gemm", List.of("e", "gw", "gb"), List.of("f"))
                                .with("transB", new IntValue(1)),
                        Node.of("product", "MatMul", List.of("f", "mw"), List.of("y"))),
                List.of(Networks.info("x", DataType.FLOAT32, 1, 64, 6, 6)),
                List.of(Networks.info("y", DataType.FLOAT32, 1, 5)),
                Map.of(
                        "cw", random(1, 0.05, 64, 64, 3, 3),
                        "cb", random(2, 0.5, 64),
                        "dw", random(3, 0.3, 64, 1, 3, 3),
                        "gw", random(4, 0.2, 64, 64),
                        "gb", random(5, 0.5, 64),
                        "mw", random(6, 0.2, 64, 5)));
    }

    private static Draft encoded(Recipe recipe, Model model) {
        LocalLab lab =
                new LocalLab(
                        NoSamples.INSTANCE, Networks.ENGINE, Networks.ONNX, 1, 1, Progress.NONE);
        Draft planned =
                new WeightRanges(RangeOverrides.NONE)
                        .apply(
                                new Planning(recipe, Target.ONNX_RUNTIME_CPU)
                                        .apply(Draft.of(model), lab),
                                lab);
        Plan plan = planned.plan();
        for (Map.Entry<String, Decision> entry : plan.values().entrySet()) {
            if (entry.getValue() instanceof Decision.Planned(Scheme scheme)) {
                plan =
                        plan.withEncoding(
                                entry.getKey(), Encoding.ofRange(scheme, new Range(-8, 8)));
            }
        }
        return planned.with(plan);
    }

    private static float[] run(Model model, Tensor x) {
        try (Session session = Networks.open(model)) {
            return Networks.get(Networks.run(session, Map.of("x", x)), "y").floats();
        }
    }

    @ParameterizedTest
    @FieldSource("RECIPES")
    void theLoweredNetworkComputesWithTheNumbersOfItsCodes(Recipe recipe) {
        Model lowered = QdqLowering.lower(encoded(recipe, network()));
        Tensor x = random(9, 1, 1, 64, 6, 6);
        float[] actual = run(lowered, x);
        // the same weights, and values that are not rounded
        float[] expected = run(Dequantization.undo(lowered).model(), x);
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).as("y[%d]", i).isCloseTo(expected[i], within(tolerance(recipe)));
        }
    }

    /**
     * With activations of 4-bit types, sessions of ONNX Runtime were seen to give wrong results
     * from their second run on.
     */
    @ParameterizedTest
    @ValueSource(strings = {"uint2", "int2", "uint3", "uint4", "uint5", "int7"})
    void activationsAreThoseOfTheQuantizerInEveryRun(String format) {
        Model model =
                Networks.of(
                        List.of(Node.of("conv", "Conv", List.of("x", "w"), List.of("y"))),
                        List.of(Networks.info("x", DataType.FLOAT32, 1, 1, 9, 7)),
                        List.of(Networks.info("y", DataType.FLOAT32, 1, 1, 9, 7)),
                        Map.of("w", Tensor.ofFloats(Shape.of(1, 1, 1, 1), 1)));
        Draft draft = encoded(of(NumberFormats.INT4, NumberFormats.named(format)), model);
        Tensor x = random(3, 6, 1, 1, 9, 7);
        float[] expected =
                Quantizer.fakeQuantize(x, draft.plan().encoding("x").orElseThrow()).floats();
        try (Session session = Networks.open(QdqLowering.lower(draft))) {
            for (int run = 0; run < 3; run++) {
                float[] actual = Networks.get(Networks.run(session, Map.of("x", x)), "y").floats();
                assertThat(actual).containsExactly(expected, within(1e-5f));
            }
        }
    }

    /** Rounding moves a value by half a step, and five roundings come together. */
    private static float tolerance(Recipe recipe) {
        if (!recipe.needsSamples()) {
            // the product with codes of 4 or 8 bits rounds its input to 8 bits, block by block
            return 0.05f;
        }
        return switch (recipe.activations()) {
            case Recipe.StaticActivations statics -> 4 * 16f / statics.format().steps();
            case Recipe.FloatActivations _, Recipe.DynamicActivations _ -> 0;
        };
    }
}
