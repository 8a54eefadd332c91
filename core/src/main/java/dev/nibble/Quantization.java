package dev.nibble;

import dev.nibble.engine.Engine;
import dev.nibble.engine.Lab;
import dev.nibble.engine.ModelFormat;
import dev.nibble.error.NibbleException;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.ladder.Climb;
import dev.nibble.ladder.Goal;
import dev.nibble.ladder.Ladder;
import dev.nibble.plan.QuantizedModels;
import dev.nibble.plan.Recipe;
import dev.nibble.report.Report.Provenance;
import dev.nibble.report.Reports;

/** The steps from a float network to a quantized one with its report, top-down. */
record Quantization(Engine engine, ModelFormat format, Lab lab) {
    Quantized run(Model given, Recipe recipe, Goal goal) {
        QuantizedModels.refuse(given.graph());
        if (recipe.needsSamples() && lab.samples().size() == 0) {
            throw new NibbleException(
                    "recipe " + recipe.name() + " needs calibration samples and got none");
        }
        Model original = given.map(Graph::named);
        Climb climb = Ladder.climb(original, recipe, goal, lab);
        Provenance provenance =
                new Provenance(engine.name(), recipe.name(), lab.samples().description());
        return new Quantized(
                climb.lowered(),
                Reports.of(
                        original,
                        climb.draft(),
                        climb.lowered(),
                        climb.rungs(),
                        climb.verdict(),
                        provenance),
                format);
    }
}
