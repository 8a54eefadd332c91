package dev.nibble.ladder;

import dev.nibble.engine.Lab;
import dev.nibble.engine.Partition;
import dev.nibble.engine.Samples;
import dev.nibble.number.Encoding;
import dev.nibble.pass.Calibration;
import dev.nibble.pass.Draft;
import dev.nibble.pass.Finding.Applied;
import dev.nibble.pass.Finding.Skipped;
import dev.nibble.pass.Pass;
import dev.nibble.plan.ActivationEdits;
import dev.nibble.plan.Plan;
import dev.nibble.plan.PlanEdits;
import dev.nibble.plan.Recipe;
import dev.nibble.plan.SavedPlan;
import dev.nibble.plan.SavedPlan.Split;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Follows a saved plan: the same way as the climb that saved it, with its encodings in the place of
 * a search for ranges.
 *
 * @param preparing the plan's passes that change the float network
 * @param fitting the plan's passes that fit codes
 */
record Replay(SavedPlan saved, Ground ground, List<Pass> preparing, List<Pass> fitting) {
    private static final String NAME = "SavedPlan";

    /**
     * Where it leads.
     *
     * @param recipe with the edited decisions
     * @param calibrated the plan before codes are fitted
     */
    record Arrival(Recipe recipe, Plan calibrated, Draft draft) {}

    /**
     * The samples that passes saw before the plan was judged, and those that judged if they were
     * held out.
     */
    static Partition partition(Split split, Samples samples) {
        return split.heldOut() == 0 || samples.size() < Partition.FEWEST
                ? new Partition(samples, samples, false)
                : Partition.holdingOut(Math.min(split.heldOut(), samples.size() / 2), samples);
    }

    Arrival run() {
        return run(ground, UnaryOperator.identity());
    }

    /**
     * The same with all samples, as where a climb ends by fitting to all.
     *
     * @param all runs over them
     * @param rest runs over those that had been held out
     */
    Arrival onAll(Lab all, Lab rest) {
        // sums of floats depend on their order: the two parts were observed one after the other
        return run(
                ground.over(all),
                draft ->
                        preparing.isEmpty()
                                ? draft.observing(
                                        Ground.joined(
                                                Calibration.observe(draft, ground.lab()),
                                                Calibration.observe(draft, rest)))
                                : draft);
    }

    private Arrival run(Ground ground, UnaryOperator<Draft> observe) {
        Draft prepared = ground.prepared(preparing);
        Draft base = ground.planned(prepared, saved.recipe());
        PlanEdits edits = new PlanEdits(saved, base.graph(), base.plan());
        Recipe recipe = edits.recipe();
        Draft planned = ground.planned(prepared, recipe);
        Plan decided = edits.decided(planned.plan());
        ActivationEdits activations =
                ActivationEdits.of(saved, planned.graph(), base.plan(), decided);
        Draft seen = observe.apply(planned.with(activations.begin(decided)));
        Draft begun = ground.ranged(seen, recipe);
        Draft fitted = Pass.sequence(fitting).apply(begun, ground.lab());
        return new Arrival(recipe, begun.plan(), settle(fitted, activations));
    }

    private static Draft settle(Draft draft, ActivationEdits activations) {
        Draft at = draft;
        for (Map.Entry<String, Encoding> entry : activations.corrections(draft.plan()).entrySet()) {
            at =
                    at.with(at.plan().withEncoding(entry.getKey(), entry.getValue()))
                            .noting(
                                    new Applied(
                                            NAME,
                                            entry.getKey(),
                                            "takes the saved "
                                                    + entry.getValue()
                                                    + " in the place of what passes found"));
        }
        for (String value : activations.unused()) {
            at =
                    at.noting(
                            new Skipped(
                                    NAME,
                                    value,
                                    "it is float now, since nodes around it were edited"));
        }
        return at;
    }
}
