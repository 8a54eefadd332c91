package dev.nibble.train;

import static dev.nibble.train.TrainingSettings.require;

/**
 * How weights move.
 *
 * <p>Weights are trained in units in which those of every output channel have the size that
 * networks begin with, √(2 / inputs) (He et al. 2015, arXiv 1502.01852): one rate then suits every
 * layer, whatever normalization was folded into it.
 *
 * @param optimizer the rule of a step
 * @param learningRate of weights and biases, at its highest
 * @param rangeRate of the logarithms of scales, at its highest; they always move by Adam, as
 *     trained thresholds do (Jain et al. 2020, arXiv 1903.08066)
 * @param weightDecay share of every weight that pulls it towards 0; biases and scales are spared
 * @param schedule how rates change from step to step
 * @param warmUp share of the steps in which rates rise
 */
public record Optimization(
        Optimizer optimizer,
        double learningRate,
        double rangeRate,
        double weightDecay,
        Schedule schedule,
        double warmUp) {
    /** Momentum and half a cosine. */
    public static final Optimization DEFAULT =
            new Optimization(Optimizer.SGD, 0.01, 1e-3, 5e-4, Schedule.COSINE, 0.05);

    /** The rule of a step. */
    public enum Optimizer {
        /** With Nesterov's momentum of 0.9. */
        SGD,
        /** Loshchilov and Hutter 2019, arXiv 1711.05101. */
        ADAMW
    }

    /** How rates change after the warm-up. */
    public enum Schedule {
        /** They fall to 0 along half a cosine (arXiv 1608.03983). */
        COSINE,
        /** They rise during the first 30 % of the steps and fall after it (arXiv 1708.07120). */
        ONE_CYCLE,
        CONSTANT
    }

    private static final double RISING = 0.3;

    public Optimization {
        require(learningRate > 0 && learningRate < 1e6, "learningRate", learningRate, "positive");
        require(rangeRate >= 0 && rangeRate < 1, "rangeRate", rangeRate, "in 0..1");
        require(weightDecay >= 0 && weightDecay < 1, "weightDecay", weightDecay, "in 0..1");
        require(warmUp >= 0 && warmUp < 1, "warmUp", warmUp, "in 0..1");
    }

    /**
     * The share of the highest rate at a step.
     *
     * @param step counted from 0
     * @param steps all of them
     */
    public double share(long step, long steps) {
        double rising = (schedule == Schedule.ONE_CYCLE ? RISING : warmUp) * steps;
        if (step + 1 <= rising) {
            return (step + 1) / (rising + 1);
        }
        return schedule == Schedule.CONSTANT
                ? 1
                : (1 + Math.cos(Math.PI * (step - rising) / (steps - rising))) / 2;
    }

    public Optimization optimizer(Optimizer other) {
        return new Optimization(other, learningRate, rangeRate, weightDecay, schedule, warmUp);
    }

    public Optimization learningRate(double rate) {
        return new Optimization(optimizer, rate, rangeRate, weightDecay, schedule, warmUp);
    }

    public Optimization rangeRate(double rate) {
        return new Optimization(optimizer, learningRate, rate, weightDecay, schedule, warmUp);
    }

    public Optimization weightDecay(double share) {
        return new Optimization(optimizer, learningRate, rangeRate, share, schedule, warmUp);
    }

    public Optimization schedule(Schedule other) {
        return new Optimization(optimizer, learningRate, rangeRate, weightDecay, other, warmUp);
    }
}
