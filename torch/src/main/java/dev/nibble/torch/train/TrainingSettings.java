package dev.nibble.torch.train;

/**
 * How long and how fast to learn.
 *
 * <p>The learning rate rises linearly during the first tenth of the steps and falls to zero along
 * half a cosine during the rest (Smith and Topin 2017, arXiv 1708.07120; Loshchilov and Hutter
 * 2016, arXiv 1608.03983).
 *
 * @param steps number of batches to learn from
 * @param peakLearningRate the highest learning rate
 * @param weightDecay share of every parameter that is added to its gradient, normalization
 *     parameters included, as the published networks of these families were trained
 * @param threads how many threads libtorch uses; the same number gives the same weights on the same
 *     kind of machine
 */
public record TrainingSettings(
        int steps, double peakLearningRate, double weightDecay, int threads) {
    private static final double WARM_UP = 0.1;

    public TrainingSettings {
        require(steps >= 1, "steps", steps, "at least 1");
        require(
                peakLearningRate > 0 && peakLearningRate < Double.POSITIVE_INFINITY,
                "peakLearningRate",
                peakLearningRate,
                "positive and finite");
        require(weightDecay >= 0 && weightDecay < 1, "weightDecay", weightDecay, "in 0..1");
        require(threads >= 1, "threads", threads, "at least 1");
    }

    /** The learning rate of a step, counted from 0. */
    public double learningRate(int step) {
        double warmUpSteps = Math.max(1, WARM_UP * steps);
        double share =
                step < warmUpSteps
                        ? (step + 1) / (warmUpSteps + 1)
                        : (1 + Math.cos(Math.PI * (step - warmUpSteps) / (steps - warmUpSteps)))
                                / 2;
        return peakLearningRate * share;
    }

    private static void require(boolean holds, String name, double given, String allowed) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "%s is %s; it must be %s".formatted(name, given, allowed));
        }
    }
}
