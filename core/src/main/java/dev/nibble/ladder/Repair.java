package dev.nibble.ladder;

import dev.nibble.pass.Pass;
import dev.nibble.plan.Recipe;

import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One rung of the ladder: a pass that repairs, and when it is worth trying.
 *
 * @param name of the published method
 * @param stage where in the sequence of passes it stands
 * @param effort the least that includes it
 * @param narrowEffort the same for recipes with weights of 4 bits or fewer, which rounding to
 *     nearest ruins
 * @param summary what it does, in a line
 * @param source the paper
 * @param fits recipes that it can help
 * @param pass makes it for a recipe
 */
public record Repair(
        String name,
        Stage stage,
        Effort effort,
        Effort narrowEffort,
        String summary,
        String source,
        Predicate<Recipe> fits,
        Function<Recipe, Pass> pass) {
    /** Where in the sequence of passes a repair stands. */
    public enum Stage {
        /** Always applied, not tried: the ground that the ladder stands on. */
        GROUND,

        /**
         * Changes the float network without changing its function; ranges are measured after it.
         */
        FLOAT,

        /** Fits codes once ranges are known. */
        CODES,

        /** Chooses formats anew and goes through everything again. */
        FORMATS
    }

    private static final int NARROW_BITS = 4;

    /** Whether a climb of this effort with this recipe tries it. */
    boolean isTried(Effort wanted, Recipe recipe) {
        return (stage == Stage.FLOAT || stage == Stage.CODES)
                && effortFor(recipe).compareTo(wanted) <= 0
                && fits.test(recipe);
    }

    /** The least effort that includes it for a recipe. */
    Effort effortFor(Recipe recipe) {
        return recipe.weights().format().bits() <= NARROW_BITS ? narrowEffort : effort;
    }

    /** Whether it takes minutes. */
    boolean isSlow() {
        return stage == Stage.CODES && effort == Effort.BEST && narrowEffort == Effort.BEST;
    }
}
