package dev.nibble.ladder;

import dev.nibble.graph.Model;
import dev.nibble.pass.Draft;
import dev.nibble.plan.Plan;
import dev.nibble.plan.Recipe;
import dev.nibble.report.Score;

/**
 * A place on the ladder.
 *
 * @param recipe whose formats the network has
 * @param calibrated the plan before the passes that fit codes
 * @param lowered the quantized model of the draft
 * @param score on the samples that judge
 */
record State(Recipe recipe, Plan calibrated, Draft draft, Model lowered, Score score) {
    /** What a node costs in a file beside its constants: names and attributes. */
    private static final int NODE_BYTES = 200;

    double sqnrDb() {
        return score.comparison().sqnrDb();
    }

    /** About how large a file of a model is. */
    static long bytes(Model model) {
        return model.graph().constantBytes() + (long) NODE_BYTES * model.graph().nodes().size();
    }
}
