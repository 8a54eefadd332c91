package dev.nibble;

import dev.nibble.Checking.Refusal;
import dev.nibble.engine.Engine;
import dev.nibble.engine.Lab;
import dev.nibble.engine.ModelFormat;
import dev.nibble.error.NibbleException;
import dev.nibble.graph.Model;
import dev.nibble.ladder.Climb;
import dev.nibble.ladder.Goal;
import dev.nibble.ladder.Ladder;
import dev.nibble.pass.Finding;
import dev.nibble.pass.Finding.Applied;
import dev.nibble.plan.QuantizedModels;
import dev.nibble.plan.Recipe;
import dev.nibble.plan.SavedPlan;
import dev.nibble.prepare.Preparation;
import dev.nibble.report.Report.Provenance;
import dev.nibble.report.Reports;
import dev.nibble.report.Soundness;

import java.nio.file.Path;
import java.util.List;

/**
 * The steps from a float network to a quantized one with its report, top-down.
 *
 * @param source the file of the float network
 * @param refusal which results are not handed over
 */
record Quantization(Path source, Engine engine, ModelFormat format, Lab lab, Refusal refusal) {
    Quantized run(Model given, Recipe recipe, Goal goal) {
        Preparation prepared = checked(given, recipe);
        return finished(prepared, recipe, Ladder.climb(prepared.model(), recipe, goal, lab));
    }

    Quantized replay(Model given, SavedPlan plan, Goal goal) {
        Preparation prepared = checked(given, plan.recipe());
        return finished(prepared, plan.recipe(), Ladder.replay(prepared.model(), plan, goal, lab));
    }

    private Preparation checked(Model given, Recipe recipe) {
        QuantizedModels.refuse(given.graph());
        if (recipe.needsSamples() && lab.samples().size() == 0) {
            throw new NibbleException(
                    "recipe " + recipe.name() + " needs calibration samples and got none");
        }
        return Preparation.of(given);
    }

    /** The same with samples of another lab. */
    Quantization over(Lab other) {
        return new Quantization(source, engine, format, other, refusal);
    }

    /** The same for a network that was trained: it is refused only if it does not run. */
    Quantization trained() {
        Refusal less = refusal == Refusal.DAMAGED ? Refusal.BROKEN : refusal;
        return new Quantization(source, engine, format, lab, less);
    }

    /** What climbing led to, checked and reported. */
    Quantized finished(Preparation prepared, Recipe recipe, Climb climb) {
        Checking checking = new Checking(source, engine, format, lab, refusal);
        Soundness soundness = checking.of(prepared.model(), recipe, climb);
        Provenance provenance =
                new Provenance(engine.name(), recipe.name(), lab.samples().description());
        return new Quantized(
                climb.lowered(),
                Reports.of(
                        prepared.model(),
                        climb.draft().preparedBy(findings(prepared)),
                        climb.lowered(),
                        climb.rungs(),
                        climb.verdict().orOn(soundness),
                        soundness,
                        provenance),
                format,
                climb.plan().madeFor(FileHash.sha256(format.files(source))));
    }

    private static List<Finding> findings(Preparation prepared) {
        return prepared.notes().stream()
                .<Finding>map(note -> new Applied(note.step(), note.subject(), note.what()))
                .toList();
    }
}
