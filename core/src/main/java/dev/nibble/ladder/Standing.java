package dev.nibble.ladder;

import dev.nibble.report.Score;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Where the climb stands, in each of the ways to part the samples.
 *
 * @param states one for each of the first folds
 */
record Standing(List<State> states) {
    Standing {
        states = List.copyOf(states);
    }

    State first() {
        return states.getFirst();
    }

    /** The same in the first fold only. */
    Standing alone() {
        return new Standing(List.of(first()));
    }

    /** What all judges said. */
    Score score() {
        return states.stream().map(State::score).reduce(Score.NOTHING, Score::merge);
    }

    double sqnrDb() {
        return score().comparison().sqnrDb();
    }

    /**
     * One repair further.
     *
     * @param all that repair, and those that were kept before
     */
    Standing with(Repair repair, List<Repair> all, List<Fold> folds) {
        return new Standing(
                IntStream.range(0, states.size())
                        .mapToObj(i -> with(repair, all, folds.get(i), states.get(i)))
                        .toList());
    }

    private static State with(Repair repair, List<Repair> all, Fold fold, State state) {
        return repair.stage() == Repair.Stage.CODES
                ? fold.with(repair, state)
                : fold.redo(all, state.recipe());
    }
}
