package dev.nibble.lower;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.TestGraphs;
import dev.nibble.number.Encoding;
import dev.nibble.number.NumberFormats;
import dev.nibble.number.Quantizer;
import dev.nibble.pass.Draft;
import dev.nibble.plan.QuantizedModels;
import dev.nibble.plan.Recipe;
import dev.nibble.plan.Recipes;
import dev.nibble.plan.Weights;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

import java.util.List;
import java.util.Random;

/** The forms that weights and biases take. */
class LayerWriterTest {
    @SuppressWarnings("unused")
    private static final List<Recipe> RECIPES =
            List.of(
                    Recipes.INT8,
                    alike(Recipes.W4A8),
                    alike(Recipes.W4A16),
                    alike(Recipes.W4A4),
                    alike(Recipes.W3A3),
                    alike(Recipes.W2A2),
                    alike(Recipes.INT4_WEIGHTS),
                    Recipes.INT8_WEIGHTS,
                    Recipes.INT8_DYNAMIC,
                    alike(
                            Recipe.of(
                                    "dynamic in 4 bits",
                                    Weights.perChannel(NumberFormats.INT4),
                                    Recipes.INT8_DYNAMIC.activations())),
                    alike(
                            Recipe.of(
                                    "dynamic unsigned",
                                    Weights.perTensor(NumberFormats.UINT8),
                                    Recipes.INT8_DYNAMIC.activations())),
                    alike(
                            Recipe.of(
                                    "blocks",
                                    Weights.perBlock(NumberFormats.INT4, 32),
                                    Recipes.INT8.activations())),
                    alike(
                            Recipe.of(
                                    "cut blocks",
                                    Weights.perBlock(NumberFormats.INT4, 48),
                                    Recipes.INT8.activations())),
                    alike(
                            Recipe.of(
                                    "unsigned",
                                    Weights.perTensor(NumberFormats.UINT4),
                                    Recipes.INT8.activations())));

    private static Recipe alike(Recipe recipe) {
        return recipe.withEdges(recipe.layers());
    }

    private static float[] random(int seed, int count) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static Model layers() {
        return TestGraphs.graph()
                .input("x")
                .constant("cw", Shape.of(2, 64, 1, 1), random(1, 128))
                .constant("cb", Shape.of(2), 1, -1)
                .node("conv: Conv(x, cw, cb) -> a")
                .node("flat: Flatten(a) -> b")
                .constant("gw", Shape.of(3, 64), random(2, 192))
                .constant("gb", Shape.of(3), 0, 1, 2)
                .node("gemm: Gemm(b, gw, gb) -> c")
                .with("transB", 1)
                .constant("mw", Shape.of(64, 3), random(3, 192))
                .node("mul: MatMul(c, mw) -> y")
                .output("y")
                .model(21);
    }

    private static Draft draft(Recipe recipe) {
        return QdqLoweringTest.encode(recipe, layers(), 6, true);
    }

    private static Graph lowered(Recipe recipe) {
        return QdqLowering.lower(draft(recipe)).graph();
    }

    private static String text(Recipe recipe) {
        return TestGraphs.text(lowered(recipe));
    }

    @Test
    void fourBitWeightsAreWidenedForTheIntegerKernels() {
        Graph graph = lowered(alike(Recipes.W4A8));
        assertThat(TestGraphs.text(graph))
                .contains(
                        """
                        cw_Cast: Cast(cw_quantized) -> cw_widened
                        cw_DequantizeLinear: DequantizeLinear(cw_widened, cw_scale) -> cw_dequantized
                        conv_bias_Mul: Mul(x_scale, cw_scale) -> conv_bias_scale
                        conv_bias_DequantizeLinear: DequantizeLinear(conv_bias_quantized, conv_bias_scale) -> conv_bias
                        """)
                .contains("conv: Conv(x_dequantized, cw_dequantized, conv_bias) -> a_raw\n");
        Tensor codes = graph.constant("cw_quantized").orElseThrow();
        assertThat(codes.type()).isEqualTo(DataType.INT4);
        assertThat(codes.data().byteSize()).isEqualTo(64);
        assertThat(graph.constant("conv_bias_quantized").orElseThrow().type())
                .isEqualTo(DataType.INT32);
    }

    @Test
    void unsignedCodesKeepTheirZeroPoints() {
        Recipe recipe =
                alike(
                        Recipe.of(
                                "u",
                                Weights.perChannel(NumberFormats.UINT4),
                                Recipes.INT8.activations()));
        Graph graph = lowered(recipe);
        assertThat(TestGraphs.text(graph))
                .contains("DequantizeLinear(cw_widened, cw_scale, zero_points_uint8_2)");
        assertThat(graph.constant("zero_points_uint8_2").orElseThrow().longs())
                .containsExactly(8, 8);
    }

    @Test
    void convolutionsWithFloatActivationsGetFloatsWhenTheyAreLoaded() {
        assertThat(text(Recipes.INT8_WEIGHTS))
                .contains(
                        """
                        cw_Cast: Cast(cw_quantized) -> cw_codes
                        cw_Mul: Mul(cw_codes, cw_scale) -> cw_dequantized
                        """)
                .contains("conv: Conv(x, cw_dequantized, cb) -> a\n");
    }

    @Test
    void blocksOfAConvolutionAreScaledInAShapeOfTheirOwn() {
        Graph graph = lowered(alike(Recipes.INT4_WEIGHTS));
        assertThat(TestGraphs.text(graph))
                .contains(
                        """
                        cw_Cast: Cast(cw_quantized) -> cw_codes
                        cw_blocks_Reshape: Reshape(cw_codes, cw_blocks_shape) -> cw_blocks
                        cw_Mul: Mul(cw_blocks, cw_scale) -> cw_scaled
                        cw_dequantized_Reshape: Reshape(cw_scaled, cw_dequantized_shape) -> cw_dequantized
                        """);
        assertThat(graph.constant("cw_blocks_shape").orElseThrow().longs())
                .containsExactly(2, 2, 32, 1, 1);
        assertThat(graph.constant("cw_scale").orElseThrow().shape())
                .isEqualTo(Shape.of(2, 2, 1, 1, 1));
    }

    @Test
    void aGemmWithFloatActivationsBecomesAProductThatRuntimesKnow() {
        Graph graph = lowered(alike(Recipes.INT4_WEIGHTS));
        assertThat(TestGraphs.text(graph))
                .contains("gemm: MatMul(b, gw_transposed_dequantized) -> c_product\n")
                .contains("gemm_Add: Add(c_product, gb) -> c\n")
                .contains("mul: MatMul(c, mw_dequantized) -> y\n");
        assertThat(graph.constant("gw_transposed_quantized").orElseThrow().shape())
                .isEqualTo(Shape.of(64, 3));
        assertThat(graph.constant("gw_transposed_scale").orElseThrow().shape())
                .isEqualTo(Shape.of(2, 3));
    }

    @Test
    void layersWithoutAnIntegerKernelComputeInFloatOutOfReachOfTheRuntimesQuantizer() {
        assertThat(text(alike(Recipes.W4A16)))
                .contains("cw_Mul: Mul(cw_codes, cw_scale) -> cw_dequantized\n")
                .contains("conv_island: Max(x_dequantized) -> x_float\n")
                .contains("conv: Conv(x_float, cw_dequantized, cb) -> a_raw\n");
    }

    @ParameterizedTest
    @CsvSource({"w4a4, 15", "w3a3, 7", "w2a2, 3"})
    void activationsOfFewBitsAreClippedCodesOfEight(String recipe, int highest) {
        Graph graph = lowered(alike(Recipes.named(recipe)));
        assertThat(TestGraphs.text(graph))
                .contains(
                        """
                        x_QuantizeLinear: QuantizeLinear(x, x_scale, x_zero_point) -> x_quantized
                        x_Clip: Clip(x_quantized, code_0, code_%d) -> x_narrowed
                        x_DequantizeLinear: DequantizeLinear(x_narrowed, x_scale, x_zero_point) -> x_dequantized
                        """
                                .formatted(highest));
        assertThat(graph.constant("x_zero_point").orElseThrow().type()).isEqualTo(DataType.UINT8);
        assertThat(graph.constant("code_" + highest).orElseThrow().longs())
                .containsExactly(highest);
    }

    @ParameterizedTest
    @CsvSource({"w4a4, -8, 7", "w3a3, -4, 3", "w2a2, -2, 1"})
    void weightsOfFewBitsAreStoredInFour(String recipe, long lowest, long highest) {
        Tensor codes = lowered(alike(Recipes.named(recipe))).constant("cw_quantized").orElseThrow();
        assertThat(codes.type()).isEqualTo(DataType.INT4);
        for (long code : codes.longs()) {
            assertThat(code).isBetween(lowest, highest);
        }
        assertThat(codes.longs()).contains(highest);
    }

    @ParameterizedTest
    @FieldSource("RECIPES")
    void undoingGivesTheNumbersOfTheCodesBack(Recipe recipe) {
        Draft draft = draft(recipe);
        Model undone = Dequantization.undo(QdqLowering.lower(draft)).model();
        assertThat(QuantizedModels.evidence(undone.graph())).isEmpty();
        for (String name : List.of("cw", "gw", "mw")) {
            Encoding encoding = draft.plan().encoding(name).orElseThrow();
            Tensor rounded =
                    Quantizer.fakeQuantize(draft.graph().constant(name).orElseThrow(), encoding);
            assertThat(undone.graph().constants().values())
                    .anyMatch(constant ->
                            constant.equals(rounded)
                                    || (rounded.shape().rank() == 2
                                            && constant.equals(Transposition.of(rounded))));
        }
        assertThat(undone.graph().nodes())
                .noneMatch(node -> node.is("Cast") || node.is("Mul") || node.is("Reshape"));
    }
}
