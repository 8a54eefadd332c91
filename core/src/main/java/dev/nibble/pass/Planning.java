package dev.nibble.pass;

import dev.nibble.engine.Lab;
import dev.nibble.plan.Planner;
import dev.nibble.plan.Recipe;
import dev.nibble.plan.Target;

/**
 * Decides what is to be quantized, see {@link Planner}; decisions made before, as by folding, are
 * kept.
 */
public record Planning(Recipe recipe, Target target) implements Pass {
    @Override
    public Draft apply(Draft draft, Lab lab) {
        return draft.with(Planner.plan(recipe, target, draft.graph(), draft.plan()));
    }
}
