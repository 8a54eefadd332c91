package dev.nibble.torch.train;

/**
 * Who is told how training goes.
 *
 * <p>A listener that throws {@link java.util.concurrent.CancellationException} ends the training.
 */
@FunctionalInterface
public interface TrainingListener {
    /**
     * A step, counted from 0, is done; {@code loss} is the mean cross entropy of its batch before
     * the step.
     */
    void stepDone(int step, double loss);
}
