package dev.nibble.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.Nibble;
import dev.nibble.Quantized;
import dev.nibble.engine.Sample;
import dev.nibble.engine.Samples;
import dev.nibble.formats.json.PlanFile;
import dev.nibble.graph.Model;
import dev.nibble.ladder.Goal;
import dev.nibble.plan.Recipes;
import dev.nibble.plan.SavedPlan;
import dev.nibble.report.NodeRow;
import dev.nibble.report.Rung;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Networks whose int8 outputs are noise: a channel a thousand times as large as the others takes
 * all codes, and the layer behind it does not listen to that channel.
 */
class FloorSearchRunTest {
    private static final int CHANNELS = 8;
    private static final float LOUD = 4000;

    @TempDir private Path folder;

    /**
     * Weights of a 1×1 convolution; its first channel speaks or is heard this many times louder.
     */
    private static Tensor weights(int seed, float speaks, float heard) {
        Random random = new Random(seed);
        float[] values = new float[CHANNELS * CHANNELS];
        for (int out = 0; out < CHANNELS; out++) {
            for (int in = 0; in < CHANNELS; in++) {
                float mixed = (out == in ? 1 : 0) + 0.1f * (float) random.nextGaussian();
                values[out * CHANNELS + in] =
                        mixed * (out == 0 ? speaks : 1) * (in == 0 ? heard : 1);
            }
        }
        return Tensor.ofFloats(Shape.of(CHANNELS, CHANNELS, 1, 1), values);
    }

    /** Convolutions in a row; a loud channel lies between the first and second of each pair. */
    private static Model network(boolean... loudPairs) {
        Sketch sketch =
                new Sketch()
                        .input("x", DataType.FLOAT32, 1, CHANNELS, 6, 6)
                        .output("y", DataType.FLOAT32);
        String value = "x";
        for (int pair = 0; pair < loudPairs.length; pair++) {
            float loud = loudPairs[pair] ? LOUD : 1;
            boolean last = pair == loudPairs.length - 1;
            sketch.constant("v" + pair, weights(2 * pair, loud, 1))
                    .constant("w" + pair, weights(2 * pair + 1, 1, 0.1f / loud))
                    .node("a%d = Conv(%s, v%d)".formatted(pair, value, pair));
            value = last ? "y" : "b" + pair;
            sketch.node("%s = Conv(a%d, w%d)".formatted(value, pair, pair));
        }
        return sketch.model();
    }

    private record Noise(int size) implements Samples {
        @Override
        public Sample get(int index) {
            Shape shape = Shape.of(1, CHANNELS, 6, 6);
            float[] values = new float[(int) shape.elements()];
            Random random = new Random(index);
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
            }
            return new Sample(
                    "noise " + index,
                    Map.of("x", Tensor.ofFloats(shape, values)),
                    Sample.UNLABELLED);
        }

        @Override
        public boolean labelled() {
            return false;
        }

        @Override
        public String description() {
            return size + " samples of noise";
        }
    }

    /** As many pairs as the search has groups, so that each is one. */
    private static boolean[] oneLoudOfTwelve() {
        boolean[] loud = new boolean[12];
        loud[5] = true;
        return loud;
    }

    private Quantized quantize(Goal goal, boolean... loudPairs) {
        Path file = folder.resolve("given.onnx");
        Networks.ONNX.write(network(loudPairs), file);
        return Nibble.read(file)
                .threads(1)
                .allowDamage(true)
                .quantize(Recipes.INT8, new Noise(20), goal);
    }

    private static List<String> onCodes(Quantized quantized) {
        return quantized.report().nodes().stream()
                .filter(row -> row.decision().equals("quantized"))
                .map(NodeRow::node)
                .toList();
    }

    @Test
    void withoutAFloorTheNoiseStays() {
        Quantized quantized = quantize(Goal.QUICK, oneLoudOfTwelve());
        assertThat(quantized.report().error().sqnrDb()).isLessThan(10);
        assertThat(onCodes(quantized)).hasSize(24);
    }

    @Test
    void onlyThePartThatMakesTheNoiseLeavesTheCodes() {
        Quantized quantized = quantize(Goal.QUICK.soundly(), oneLoudOfTwelve());
        assertThat(quantized.report().error().sqnrDb()).isGreaterThan(17);
        assertThat(onCodes(quantized)).hasSize(22).doesNotContain("make a5", "make b5");
        Rung rung = quantized.report().rungs().getLast();
        assertThat(rung.kept()).isTrue();
        assertThat(rung.why()).contains("float activations for", "17 are aimed at");
    }

    @Test
    void theSavedPlanOfASearchForTheFloorMakesTheSameBytes() {
        for (boolean[] loudPairs : List.of(new boolean[] {true}, oneLoudOfTwelve())) {
            Quantized quantized = quantize(Goal.QUICK.soundly(), loudPairs);
            Path saved = folder.resolve("plan%d.json".formatted(loudPairs.length));
            PlanFile.write(quantized.plan(), saved);
            SavedPlan plan = PlanFile.read(saved);
            assertThat(plan.recipe().schemes().getFirst().pattern().toString())
                    .isEqualTo(loudPairs.length == 1 ? "*" : "make a5");

            Quantized again =
                    Nibble.read(folder.resolve("given.onnx"))
                            .threads(1)
                            .allowDamage(true)
                            .quantize(plan, new Noise(20));
            quantized.replace(folder.resolve("first.onnx"));
            again.replace(folder.resolve("again.onnx"));

            assertThat(folder.resolve("again.onnx"))
                    .hasSameBinaryContentAs(folder.resolve("first.onnx"));
        }
    }

    @Test
    void whereEveryPartMakesNoiseOnlyWeightsAreRounded() {
        Quantized quantized = quantize(Goal.QUICK.soundly(), true);
        assertThat(quantized.report().error().sqnrDb()).isGreaterThan(17);
        assertThat(onCodes(quantized)).isEmpty();
        assertThat(quantized.report().rungs().getLast().why())
                .contains("int8-weights for the whole network");
    }
}
