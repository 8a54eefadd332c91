package dev.nibble.pass;

import dev.nibble.engine.Lab;
import dev.nibble.pass.Finding.Skipped;
import dev.nibble.plan.Planner;
import dev.nibble.plan.Recipe;
import dev.nibble.plan.Target;

/**
 * Decides what is to be quantized, see {@link Planner}; decisions made before, as by folding, are
 * kept.
 */
public record Planning(Recipe recipe, Target target) implements Pass {
    private static final String NAME = "Planning";

    @Override
    public Draft apply(Draft draft, Lab lab) {
        Planner.Outcome outcome = Planner.decide(recipe, target, draft.graph(), draft.plan());
        return draft.with(outcome.plan())
                .noting(
                        outcome.compromises().entrySet().stream()
                                .<Finding>map(entry ->
                                        new Skipped(NAME, entry.getKey(), entry.getValue()))
                                .toList());
    }
}
