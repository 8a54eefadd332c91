package dev.nibble.pass;

import dev.nibble.engine.Lab;
import dev.nibble.graph.Node;
import dev.nibble.number.Encoding;
import dev.nibble.number.GroupIndex;
import dev.nibble.pass.Finding.Applied;
import dev.nibble.pass.Finding.Skipped;
import dev.nibble.plan.NodeDecision;
import dev.nibble.plan.WeightOperand;
import dev.nibble.tensor.Tensor;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Fits the scales and zero points of weights that are stored in few bits beside float activations,
 * without data: the least {@code Σ |w − ŵ|^p} with p below 1, which outliers hardly weigh on.
 *
 * <p>Half-quadratic splitting (Badri and Shaji 2023, "Half-Quadratic Quantization of Large Machine
 * Learning Models"): in turn codes, the outliers e that {@code |e|^p} lets stand, and the scale or
 * zero point that fits {@code w − e} best. Zero points stay whole, as ONNX has them, and symmetric
 * schemes keep theirs and fit the scale.
 *
 * @param power p; above 0, below 1
 * @param rounds how often
 */
public record HalfQuadratic(double power, int rounds) implements Pass {
    /** What the authors use. */
    public static final HalfQuadratic STANDARD = new HalfQuadratic(0.7, 20);

    private static final String NAME = "HalfQuadratic";

    /** In steps: residuals beyond 1/β, to a power, count as outliers. */
    private static final double FIRST_BETA = 1;

    private static final double GROWTH = 1.01;

    public HalfQuadratic {
        if (!(power > 0 && power < 1) || rounds < 1) {
            throw new IllegalArgumentException(
                    "the power %s is to be between 0 and 1, and %d rounds at least 1"
                            .formatted(power, rounds));
        }
    }

    @Override
    public Draft apply(Draft draft, Lab lab) {
        Draft at = draft;
        Set<String> done = new HashSet<>();
        for (Node node : draft.graph().nodes()) {
            if (isWeightOnly(draft, node)) {
                for (WeightOperand operand : WeightOperand.of(draft.graph(), node)) {
                    at = done.add(operand.name()) ? fit(at, operand.name()) : at;
                }
            }
        }
        return at;
    }

    private static boolean isWeightOnly(Draft draft, Node node) {
        return draft.plan().node(node.name()).orElse(null) instanceof NodeDecision.WeightOnly;
    }

    private Draft fit(Draft draft, String name) {
        Optional<Encoding> given = draft.plan().encoding(name);
        if (given.isEmpty()) {
            return draft.noting(new Skipped(NAME, name, "its range is not known yet"));
        }
        Tensor weight = draft.fittedConstant(name);
        Encoding fitted = fit(weight, given.get());
        long changed =
                IntStream.range(0, fitted.groups())
                        .filter(group ->
                                fitted.scale(group) != given.get().scale(group)
                                        || fitted.zeroPoint(group) != given.get().zeroPoint(group))
                        .count();
        return changed == 0
                ? draft.noting(new Skipped(NAME, name, "no scale or zero point fits better"))
                : draft.with(draft.plan().withEncoding(name, fitted))
                        .noting(
                                new Applied(
                                        NAME,
                                        name,
                                        "fitted %d of %d groups"
                                                .formatted(changed, fitted.groups())));
    }

    /** The encoding with the scale and zero point of each group fitted to its weights. */
    Encoding fit(Tensor weight, Encoding given) {
        int[] groups = GroupIndex.of(weight.shape(), given.granularity());
        int[] starts = new int[given.groups() + 1];
        for (int group : groups) {
            starts[group + 1]++;
        }
        for (int group = 0; group < given.groups(); group++) {
            starts[group + 1] += starts[group];
        }
        int[] next = starts.clone();
        float[] values = weight.floats();
        double[] sorted = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            sorted[next[groups[i]]++] = values[i];
        }
        float[] scales = given.scales();
        int[] zeroPoints = given.zeroPoints();
        IntStream.range(0, given.groups())
                .parallel()
                .forEach(group -> {
                    Fit fit = new Fit(sorted, starts[group], starts[group + 1], given, group);
                    fit.run();
                    scales[group] = fit.bestScale;
                    zeroPoints[group] = fit.bestZeroPoint;
                });
        return new Encoding(given.scheme(), given.scaleShape(), scales, zeroPoints);
    }

    /** One group's scale and zero point. */
    private final class Fit {
        private final double[] values;
        private final int from;
        private final int to;
        private final int least;
        private final int greatest;
        private final boolean symmetric;
        private float scale;
        private int zeroPoint;
        private float bestScale;
        private int bestZeroPoint;

        Fit(double[] values, int from, int to, Encoding given, int group) {
            this.values = values;
            this.from = from;
            this.to = to;
            this.least = given.format().min();
            this.greatest = given.format().max();
            this.symmetric = given.scheme().symmetric();
            this.scale = given.scale(group);
            this.zeroPoint = given.zeroPoint(group);
            this.bestScale = scale;
            this.bestZeroPoint = zeroPoint;
        }

        void run() {
            double leastError = error();
            double beta = FIRST_BETA;
            for (int round = 0; round < rounds; round++, beta *= GROWTH) {
                if (!step(beta)) {
                    return;
                }
                double error = error();
                if (error < leastError) {
                    leastError = error;
                    bestScale = scale;
                    bestZeroPoint = zeroPoint;
                }
            }
        }

        /** How many steps from zero the code of a value is. */
        private double steps(double value) {
            return Math.clamp(Math.rint(value / scale), least - zeroPoint, greatest - zeroPoint);
        }

        private double error() {
            double error = 0;
            for (int i = from; i < to; i++) {
                error += Math.pow(Math.abs(values[i] - scale * steps(values[i])), power);
            }
            return error;
        }

        /** Fits scale and, unless symmetric, zero point; false if nothing is left to fit. */
        private boolean step(double beta) {
            double along = 0;
            double squares = 0;
            double shift = 0;
            for (int i = from; i < to; i++) {
                double steps = steps(values[i]);
                double off = values[i] / scale - steps;
                double kept = Math.abs(off) - Math.pow(Math.abs(off), power - 1) / beta;
                double target = values[i] / scale - (kept > 0 ? Math.copySign(kept, off) : 0);
                along += steps * target;
                squares += steps * steps;
                shift += steps - target;
            }
            float scaleBefore = scale;
            int zeroBefore = zeroPoint;
            if (squares > 0 && along > 0) {
                scale = Math.max((float) (scale * along / squares), Float.MIN_NORMAL);
            }
            if (!symmetric) {
                long moved = zeroPoint + Math.round(shift / (to - from));
                zeroPoint = Math.clamp(moved, least, greatest);
            }
            return scale != scaleBefore || zeroPoint != zeroBefore;
        }
    }
}
