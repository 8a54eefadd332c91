package dev.nibble.ladder;

import dev.nibble.graph.Model;
import dev.nibble.pass.Draft;
import dev.nibble.plan.SavedPlan;
import dev.nibble.report.Rung;
import dev.nibble.report.Verdict;

import java.util.List;

/**
 * Where climbing ended.
 *
 * @param draft the best that was found
 * @param lowered the quantized model of it
 * @param rungs what was tried, in order
 * @param plan everything that was decided, to replay it
 */
public record Climb(Draft draft, Model lowered, List<Rung> rungs, Verdict verdict, SavedPlan plan) {
    public Climb {
        rungs = List.copyOf(rungs);
    }
}
