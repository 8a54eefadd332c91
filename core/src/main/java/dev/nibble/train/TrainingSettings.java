package dev.nibble.train;

/**
 * How a network is trained further.
 *
 * @param epochs how often every sample is seen
 * @param batch samples of one pass forward and backward
 * @param accumulate passes whose gradients make one step: a step sees {@code batch · accumulate}
 *     samples with the memory of {@code batch}
 * @param optimization how weights move
 * @param teaching what the network learns from
 * @param regularization what keeps weights where rounding is harmless
 * @param ranges how the ranges of codes learn
 * @param normalization whether outputs of convolutions are normalized by batch on the way
 * @param precision of the products while learning
 * @param augmentation how samples are varied
 * @param patience ends the training after so many epochs without a better one; 0 to see all through
 * @param seed decides the order of the samples and how they are varied
 * @param threads of libtorch; the same number gives the same bytes on the same kind of machine
 */
public record TrainingSettings(
        int epochs,
        int batch,
        int accumulate,
        Optimization optimization,
        Teaching teaching,
        Regularization regularization,
        Ranges ranges,
        Normalization normalization,
        Precision precision,
        Augmentation augmentation,
        int patience,
        long seed,
        int threads) {
    /** A few epochs of what works for most networks. */
    public static final TrainingSettings DEFAULT =
            new TrainingSettings(
                    10,
                    64,
                    1,
                    Optimization.DEFAULT,
                    Teaching.DEFAULT,
                    Regularization.NONE,
                    Ranges.LEARNED,
                    Normalization.AUTO,
                    Precision.FLOAT32,
                    Augmentation.NONE,
                    0,
                    0,
                    Runtime.getRuntime().availableProcessors());

    /** How the ranges of codes learn. */
    public enum Ranges {
        /**
         * Scales and offsets learn (LSQ: Esser et al. 2020, arXiv 1902.08153; LSQ+: 2004.09576).
         */
        LEARNED,
        /** Only values beyond the range move its end (PACT: Choi et al. 2018, arXiv 1805.06085). */
        CLIPPING,
        /** As calibrated. */
        FIXED
    }

    /** Whether convolutions are normalized by batch while learning. */
    public enum Normalization {
        /** By batch where batches and samples are enough to tell means and variances. */
        AUTO,
        /** By batch; re-estimated at the end and folded into weights and biases. */
        BATCH,
        /** Weights and biases learn as they are, with normalization folded into them. */
        FOLDED
    }

    /** What convolutions and matrix products are computed in while learning. */
    public enum Precision {
        /** As the written network. */
        FLOAT32,
        /**
         * Their operands and results have 8 bits of mantissa; all else, and judging, stays float32.
         * Faster where the processor has instructions for it.
         */
        BFLOAT16
    }

    public TrainingSettings {
        require(epochs >= 1, "epochs", epochs, "at least 1");
        require(batch >= 1, "batch", batch, "at least 1");
        require(accumulate >= 1, "accumulate", accumulate, "at least 1");
        require(patience >= 0, "patience", patience, "at least 0");
        require(threads >= 1, "threads", threads, "at least 1");
    }

    static void require(boolean holds, String name, Number given, String allowed) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "%s is %s; it must be %s".formatted(name, given, allowed));
        }
    }

    public TrainingSettings epochs(int count) {
        return copy(count, batch, accumulate, optimization, teaching, augmentation, seed, threads);
    }

    public TrainingSettings batch(int samples, int passes) {
        return copy(epochs, samples, passes, optimization, teaching, augmentation, seed, threads);
    }

    public TrainingSettings with(Optimization other) {
        return copy(epochs, batch, accumulate, other, teaching, augmentation, seed, threads);
    }

    public TrainingSettings with(Teaching other) {
        return copy(epochs, batch, accumulate, optimization, other, augmentation, seed, threads);
    }

    public TrainingSettings with(Augmentation other) {
        return copy(epochs, batch, accumulate, optimization, teaching, other, seed, threads);
    }

    public TrainingSettings seed(long number) {
        return copy(
                epochs, batch, accumulate, optimization, teaching, augmentation, number, threads);
    }

    public TrainingSettings threads(int count) {
        return copy(epochs, batch, accumulate, optimization, teaching, augmentation, seed, count);
    }

    private TrainingSettings copy(
            int epochs,
            int batch,
            int accumulate,
            Optimization optimization,
            Teaching teaching,
            Augmentation augmentation,
            long seed,
            int threads) {
        return new TrainingSettings(
                epochs,
                batch,
                accumulate,
                optimization,
                teaching,
                regularization,
                ranges,
                normalization,
                precision,
                augmentation,
                patience,
                seed,
                threads);
    }

    public TrainingSettings with(Regularization other) {
        return variant(other, ranges, normalization, precision, patience);
    }

    public TrainingSettings with(Ranges other) {
        return variant(regularization, other, normalization, precision, patience);
    }

    public TrainingSettings with(Normalization other) {
        return variant(regularization, ranges, other, precision, patience);
    }

    public TrainingSettings with(Precision other) {
        return variant(regularization, ranges, normalization, other, patience);
    }

    public TrainingSettings patience(int fruitless) {
        return variant(regularization, ranges, normalization, precision, fruitless);
    }

    private TrainingSettings variant(
            Regularization regularization,
            Ranges ranges,
            Normalization normalization,
            Precision precision,
            int patience) {
        return new TrainingSettings(
                epochs,
                batch,
                accumulate,
                optimization,
                teaching,
                regularization,
                ranges,
                normalization,
                precision,
                augmentation,
                patience,
                seed,
                threads);
    }
}
