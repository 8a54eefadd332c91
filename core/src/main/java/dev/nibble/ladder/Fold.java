package dev.nibble.ladder;

import dev.nibble.engine.EvenlySpaced;
import dev.nibble.engine.Lab;
import dev.nibble.engine.Partition;
import dev.nibble.graph.Model;
import dev.nibble.lower.QdqLowering;
import dev.nibble.pass.Draft;
import dev.nibble.pass.Pass;
import dev.nibble.plan.Plan;
import dev.nibble.plan.Recipe;

import java.util.List;

/**
 * One way to part the samples: networks are fitted to some and judged on others.
 *
 * @param ground fits to what may be seen
 * @param rest runs over the samples that are not seen
 * @param judge on the rest, or on some of it
 * @param heldOut whether the rest was taken from the samples given to calibrate
 */
record Fold(Ground ground, Lab rest, Judge judge, boolean heldOut) {
    /** More samples than this tell no more about a repair. */
    private static final int MOST_JUDGING = 256;

    static Fold of(Model original, Recipe recipe, Lab lab, Partition partition, boolean byLabels) {
        Lab rest = lab.over(partition.heldOut());
        // who brings samples to judge on wants all of them to
        Lab judging =
                partition.parted()
                        ? lab.over(EvenlySpaced.atMost(MOST_JUDGING, partition.heldOut()))
                        : rest;
        return new Fold(
                new Ground(original, recipe, lab.over(partition.seen())),
                rest,
                new Judge(judging, original, byLabels),
                partition.parted());
    }

    /** A draft judged. */
    State state(Recipe formats, Plan calibrated, Draft draft) {
        Model lowered = QdqLowering.lower(draft);
        return new State(formats, calibrated, draft, lowered, judge.score(lowered));
    }

    /** Rounds to nearest and goes through these repairs. */
    State redo(List<Repair> repairs, Recipe formats) {
        return redo(
                ground.prepared(passes(repairs, Repair.Stage.FLOAT, formats)), repairs, formats);
    }

    /**
     * The same from where the float network is prepared.
     *
     * @param prepared what was observed in it is used again
     */
    State redo(Draft prepared, List<Repair> repairs, Recipe formats) {
        Draft at = ground.encoded(prepared, formats);
        Draft fitted =
                Pass.sequence(passes(repairs, Repair.Stage.CODES, formats)).apply(at, ground.lab());
        return state(formats, at.plan(), fitted);
    }

    /** Goes on with one more repair. */
    State with(Repair repair, State state) {
        Recipe formats = state.recipe();
        return state(
                formats,
                state.calibrated(),
                repair.pass().apply(formats).apply(state.draft(), ground.lab()));
    }

    /** The passes of those repairs that stand at a stage. */
    static List<Pass> passes(List<Repair> repairs, Repair.Stage stage, Recipe formats) {
        return repairs.stream()
                .filter(repair -> repair.stage() == stage)
                .map(repair -> repair.pass().apply(formats))
                .toList();
    }
}
