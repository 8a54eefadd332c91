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
import dev.nibble.plan.SavedPlan;
import dev.nibble.report.Report.Provenance;
import dev.nibble.report.Reports;

import java.nio.file.Path;

/**
 * The steps from a float network to a quantized one with its report, top-down.
 *
 * @param source the file of the float network
 */
record Quantization(Path source, Engine engine, ModelFormat format, Lab lab) {
    Quantized run(Model given, Recipe recipe, Goal goal) {
        Model original = checked(given, recipe);
        return quantized(original, recipe, Ladder.climb(original, recipe, goal, lab));
    }

    Quantized replay(Model given, SavedPlan plan, Goal goal) {
        Model original = checked(given, plan.recipe());
        return quantized(original, plan.recipe(), Ladder.replay(original, plan, goal, lab));
    }

    private Model checked(Model given, Recipe recipe) {
        QuantizedModels.refuse(given.graph());
        if (recipe.needsSamples() && lab.samples().size() == 0) {
            throw new NibbleException(
                    "recipe " + recipe.name() + " needs calibration samples and got none");
        }
        return given.map(Graph::named);
    }

    private Quantized quantized(Model original, Recipe recipe, Climb climb) {
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
                format,
                climb.plan().madeFor(FileHash.sha256(format.files(source))));
    }
}
