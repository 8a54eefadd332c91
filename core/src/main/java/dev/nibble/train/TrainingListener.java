package dev.nibble.train;

/**
 * Who is told how training goes.
 *
 * <p>A listener that throws {@link java.util.concurrent.CancellationException} ends it; what has
 * been learnt so far is in the checkpoint, if there is one.
 */
public interface TrainingListener {
    /** Nobody listens. */
    TrainingListener NONE = new TrainingListener() {};

    /** Training begins with a network that is so good. */
    default void begun(EpochResult start) {}

    /** Training goes on from a checkpoint, after so many steps. */
    default void resumed(long steps) {}

    /**
     * A step is done.
     *
     * @param step counted from 1
     * @param steps all of them
     * @param loss of the samples of the step
     */
    default void stepDone(long step, long steps, double loss) {}

    /** An epoch is done; {@code best} says whether no one before was as good. */
    default void epochDone(EpochResult result, boolean best) {}
}
