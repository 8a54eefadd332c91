package dev.nibble.ladder;

import dev.nibble.pass.BiasCorrection;
import dev.nibble.pass.Draft;
import dev.nibble.plan.Recipe;
import dev.nibble.report.Rung;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What is made of a network that stays below the floor.
 *
 * @param state the best that was found
 * @param repairs what was applied to it
 * @param rung how it was found, and whether it is better than before
 */
record Rescue(State state, List<Repair> repairs, Rung rung) {
    private static final double NANOS = 1e9;

    /**
     * Leaves activations float until the floor is reached; empty where it is.
     *
     * @param kept the repairs so far
     * @param at what they made of the network
     * @param observed the float network with what calibration sees in it
     */
    static Optional<Rescue> of(
            Fold fold,
            Recipe recipe,
            List<Repair> kept,
            Floor floor,
            State at,
            Supplier<Draft> observed) {
        if (floor.isClear(at)) {
            return Optional.empty();
        }
        long begun = System.nanoTime();
        double before = floor.sqnrDb(at.lowered());
        if (before >= floor.leastDb()) {
            return Optional.empty();
        }
        // under float activations, what rounded weights leave is mostly what it corrects
        List<Repair> repairs = Passes.with(BiasCorrection.class.getSimpleName(), kept, recipe);
        Draft prepared = observed.get();
        FloorSearch search =
                new FloorSearch(
                        NoiseMeter.few(fold.ground(), prepared, at.calibrated()),
                        recipe,
                        floor,
                        formats -> fold.redo(prepared, repairs, formats));
        FloorSearch.Found found = search.find();
        State state = found.state();
        double after = floor.sqnrDb(state.lowered());
        String why = found.how() + ": " + floor.compared(before, after);
        double seconds = (System.nanoTime() - begun) / NANOS;
        Rung rung = new Rung(FormatSearch.NAME, after > before, state.score(), why, seconds);
        return Optional.of(new Rescue(state, repairs, rung));
    }
}
