package dev.nibble.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.engine.LocalLab;
import dev.nibble.engine.Progress;
import dev.nibble.engine.Sample;
import dev.nibble.engine.Samples;
import dev.nibble.engine.Session;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.observe.ErrorStatistic;
import dev.nibble.pass.Draft;
import dev.nibble.pass.Finding;
import dev.nibble.pass.Finding.Applied;
import dev.nibble.pass.Finding.Skipped;
import dev.nibble.pass.Pass;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** A float network before and after a pass that must not change its function; both are run. */
record Preserved(Model before, Draft after, Samples samples) {
    /** Lets a pass look at random samples of input x. */
    static Preserved by(Pass pass, Model model, long... shape) {
        Samples samples = new RandomSamples("x", Shape.of(shape), 6);
        return by(pass, model, samples);
    }

    static Preserved by(Pass pass, Model model, Samples samples) {
        Model named = model.map(Graph::named);
        LocalLab lab = new LocalLab(samples, Networks.ENGINE, Networks.ONNX, 1, 1, Progress.NONE);
        return new Preserved(named, pass.apply(Draft.of(named), lab), samples);
    }

    /** Checks that the outputs are the same on the samples, give or take the rounding of floats. */
    Preserved isTheSameFunction() {
        assertThat(error(samples)).as("relative error").isLessThan(1e-5);
        return this;
    }

    /** The size of the outputs' change, as a share of the outputs. */
    double error(Samples on) {
        ErrorStatistic sum = ErrorStatistic.NOTHING;
        try (Session first = Networks.open(before);
                Session second = Networks.open(after.model())) {
            for (int i = 0; i < on.size(); i++) {
                Map<String, Tensor> expected = Networks.run(first, on.get(i).inputs());
                Map<String, Tensor> actual = Networks.run(second, on.get(i).inputs());
                assertThat(actual).containsOnlyKeys(expected.keySet());
                for (Map.Entry<String, Tensor> output : expected.entrySet()) {
                    sum =
                            sum.merge(
                                    ErrorStatistic.of(
                                            output.getValue(),
                                            Networks.get(actual, output.getKey())));
                }
            }
        }
        return Math.sqrt(sum.errorSquares() / sum.referenceSquares());
    }

    /** What the pass speaks of as done. */
    List<String> applied() {
        return after.findings().stream()
                .filter(finding -> finding instanceof Applied)
                .map(Finding::subject)
                .toList();
    }

    /** What the pass speaks of as left alone. */
    List<String> skipped() {
        return after.findings().stream()
                .filter(finding -> finding instanceof Skipped)
                .map(Finding::subject)
                .toList();
    }

    /** Samples of one input with normally distributed numbers, the same in every run. */
    record RandomSamples(String input, Shape shape, int size) implements Samples {
        @Override
        public Sample get(int index) {
            return new Sample(
                    "random " + index, Map.of(input, random(shape, index, 1)), Sample.UNLABELLED);
        }

        @Override
        public boolean labelled() {
            return false;
        }

        @Override
        public String description() {
            return size + " random tensors";
        }
    }

    /**
     * Normally distributed numbers, the magnitudes of which differ along the first two axes by up
     * to a factor.
     */
    static Tensor random(Shape shape, long seed, double spread) {
        Random random = new Random(seed);
        int rank = shape.rank();
        double[] first = magnitudes(random, rank > 0 ? shape.dim(0) : 1, spread);
        double[] second = magnitudes(random, rank > 1 ? shape.dim(1) : 1, spread);
        int kernel = rank > 2 ? Math.toIntExact(shape.product(2, rank)) : 1;
        float[] values = new float[Math.toIntExact(shape.elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] =
                    (float)
                            (random.nextGaussian()
                                    * second[i / kernel % second.length]
                                    * first[i / kernel / second.length]);
        }
        return Tensor.ofFloats(shape, values);
    }

    private static double[] magnitudes(Random random, long count, double spread) {
        return IntStream.range(0, Math.toIntExact(count))
                .mapToDouble(_ -> Math.pow(spread, random.nextDouble() - 0.5))
                .toArray();
    }
}
