package dev.nibble.ladder;

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
 * @param floor below it layers get better formats, though it is no failure to miss it; empty to
 *     leave every node the format of the recipe
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
        Optional<Limit> floor,
        Optional<Samples> judging,
        OptionalDouble maxSize,
        Optional<Objective> sparing,
        Optional<List<String>> passes) {
    /** The default: seconds, no limit. */
    public static final Goal QUICK = of(Effort.QUICK);

    private static final Limit SOUND = new Limit.MinSqnr(15);

    public Goal {
        passes = passes.map(List::copyOf);
    }

    /** An effort without a limit. */
    public static Goal of(Effort effort) {
        return new Goal(
                effort,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalDouble.empty(),
                Optional.empty(),
                Optional.empty());
    }

    public Goal within(Limit wanted) {
        return new Goal(effort, Optional.of(wanted), floor, judging, maxSize, sparing, passes);
    }

    /**
     * Where outputs would stay below 15 dB, of which a user would notice, keeps the layers that
     * cost the most from being computed on codes.
     */
    public Goal soundly() {
        return new Goal(effort, limit, Optional.of(SOUND), judging, maxSize, sparing, passes);
    }

    public Goal judgedOn(Samples samples) {
        return new Goal(effort, limit, floor, Optional.of(samples), maxSize, sparing, passes);
    }

    public Goal atMost(double size) {
        return new Goal(effort, limit, floor, judging, OptionalDouble.of(size), sparing, passes);
    }

    public Goal sparing(Objective objective) {
        return new Goal(effort, limit, floor, judging, maxSize, Optional.of(objective), passes);
    }

    /** Applies exactly these repairs. */
    public Goal applying(List<String> names) {
        return new Goal(effort, limit, floor, judging, maxSize, sparing, Optional.of(names));
    }
}
