package dev.nibble.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.Nibble;
import dev.nibble.Quantized;
import dev.nibble.engine.Sample;
import dev.nibble.engine.Samples;
import dev.nibble.engine.Session;
import dev.nibble.graph.Model;
import dev.nibble.lower.Dequantization;
import dev.nibble.number.NumberFormats;
import dev.nibble.observe.ErrorStatistic;
import dev.nibble.plan.QuantizedModels;
import dev.nibble.plan.Recipe;
import dev.nibble.plan.Recipes;
import dev.nibble.plan.Weights;
import dev.nibble.report.NodeRow;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Every operator that takes weights gets them as codes and computes nearly the same with them. */
class WeightsOfOperatorsTest {
    private static final Recipe NARROW =
            Recipe.of(
                    "int4-dynamic",
                    Weights.perChannel(NumberFormats.INT4),
                    Recipes.INT8_DYNAMIC.activations());

    /** Weights of at least so many bits come out at least so close, in decibels. */
    private static final List<Map.Entry<Recipe, Double>> RECIPES =
            List.of(
                    Map.entry(Recipes.INT8_WEIGHTS, 35.0),
                    Map.entry(Recipes.INT8_DYNAMIC, 30.0),
                    Map.entry(NARROW.withEdges(NARROW.layers()), 12.0),
                    Map.entry(Recipes.INT8, 27.0),
                    Map.entry(Recipes.INT4_WEIGHTS.withEdges(Recipes.INT4_WEIGHTS.layers()), 12.0),
                    Map.entry(Recipes.W4A16.withEdges(Recipes.W4A16.layers()), 12.0));

    @TempDir private Path folder;

    static Stream<Arguments> cases() {
        return OperatorNetworks.all().keySet().stream()
                .flatMap(name ->
                        RECIPES.stream()
                                .map(recipe ->
                                        Arguments.of(name, recipe.getKey(), recipe.getValue())));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("cases")
    void weightsBecomeCodes(String name, Recipe recipe, double leastDb) {
        Model model = Objects.requireNonNull(OperatorNetworks.all().get(name));
        Path file = folder.resolve("float.onnx");
        Networks.ONNX.write(model, file);
        Nibble network = Nibble.read(file);
        Quantized quantized =
                recipe.needsSamples()
                        ? network.quantize(recipe, new Inputs(network.model()))
                        : network.quantize(recipe);

        assertThat(sqnrDb(network.model(), quantized.model()))
                .as("SQNR of %s", quantized.report().nodes())
                .isBetween(leastDb, 90.0);
        assertThat(quantized.report().nodes())
                .extracting(NodeRow::decision)
                .doesNotContain("float");
        long bytes = bytes(network.model());
        double share = recipe.weights().format().bits() == 4 ? 0.35 : 0.45;
        assertThat(bytes(quantized.model())).isLessThan((long) (share * bytes));

        Model undone = Dequantization.undo(quantized.model()).model();
        assertThat(QuantizedModels.evidence(undone.graph())).isEmpty();
        assertThat(sqnrDb(network.model(), undone)).isGreaterThan(leastDb);
    }

    private static long bytes(Model model) {
        return model.graph().constantBytes();
    }

    private static double sqnrDb(Model expected, Model actual) {
        Map<String, Tensor> inputs = OperatorNetworks.inputs(expected, 77);
        try (Session first = Networks.open(expected);
                Session second = Networks.open(actual)) {
            ErrorStatistic error =
                    ErrorStatistic.of(
                            Networks.get(Networks.run(first, inputs), "y"),
                            Networks.get(Networks.run(second, inputs), "y"));
            return 10 * Math.log10(error.referenceSquares() / error.errorSquares());
        }
    }

    /** Random inputs of a network. */
    private record Inputs(Model model) implements Samples {
        @Override
        public int size() {
            return 8;
        }

        @Override
        public Sample get(int index) {
            return new Sample(
                    "random " + index, OperatorNetworks.inputs(model, index), Sample.UNLABELLED);
        }

        @Override
        public boolean labelled() {
            return false;
        }

        @Override
        public String description() {
            return size() + " random inputs";
        }
    }
}
