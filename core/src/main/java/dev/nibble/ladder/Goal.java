package dev.nibble.ladder;

import dev.nibble.engine.Partition;
import dev.nibble.engine.Samples;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How far to go, and when to stop.
 *
 * @param effort how far up the ladder to climb
 * @param limit climbing stops where it is met; without one the whole ladder of the effort is
 *     climbed
 * @param floorDb signal to noise of the outputs below which activations stay float, though it is no
 *     failure to miss it; empty to leave every node the format of the recipe
 * @param judging samples to judge on; empty to hold some of the calibration samples out
 * @param maxSize how large the weights may become, those of the float network being 1; empty to
 *     leave every node the format of the recipe
 * @param sparing what formats chosen layer by layer spare where they meet the limit; empty for what
 *     the recipe is for
 * @param passes names of the repairs to apply, in this order and without judging; empty to climb
 */
public record Goal(
        Effort effort,
        Optional<Limit> limit,
        OptionalDouble floorDb,
        Optional<Samples> judging,
        OptionalDouble maxSize,
        Optional<Objective> sparing,
        Optional<List<String>> passes) {
    /** Samples held out of those given for calibration. */
    private static final int HELD_OUT = 64;

    /** The default: seconds, no limit. */
    public static final Goal QUICK = of(Effort.QUICK);

    /** A little more than the 15 dB of which a user would notice: what samples say is not exact. */
    private static final double SOUND_DB = 17;

    public Goal {
        passes = passes.map(List::copyOf);
    }

    /** An effort without a limit. */
    public static Goal of(Effort effort) {
        return new Goal(
                effort,
                Optional.empty(),
                OptionalDouble.empty(),
                Optional.empty(),
                OptionalDouble.empty(),
                Optional.empty(),
                Optional.empty());
    }

    public Goal within(Limit wanted) {
        return new Goal(effort, Optional.of(wanted), floorDb, judging, maxSize, sparing, passes);
    }

    /**
     * Where outputs would stay below 15 dB, of which a user would notice, leaves activations float:
     * those of as few nodes as reach it.
     */
    public Goal soundly() {
        return new Goal(
                effort, limit, OptionalDouble.of(SOUND_DB), judging, maxSize, sparing, passes);
    }

    public Goal judgedOn(Samples samples) {
        return new Goal(effort, limit, floorDb, Optional.of(samples), maxSize, sparing, passes);
    }

    public Goal atMost(double size) {
        return new Goal(effort, limit, floorDb, judging, OptionalDouble.of(size), sparing, passes);
    }

    public Goal sparing(Objective objective) {
        return new Goal(effort, limit, floorDb, judging, maxSize, Optional.of(objective), passes);
    }

    /** Applies exactly these repairs. */
    public Goal applying(List<String> names) {
        return new Goal(effort, limit, floorDb, judging, maxSize, sparing, Optional.of(names));
    }

    /** What is looked at, and what judges: one way to part the samples, or two to take turns. */
    List<Partition> partitions(Samples samples) {
        if (judging.isPresent()) {
            return List.of(new Partition(samples, judging.get(), false));
        }
        boolean thorough = passes.isEmpty() && effort != Effort.QUICK;
        return thorough ? Partition.halves(samples) : List.of(Partition.of(samples, HELD_OUT));
    }
}
