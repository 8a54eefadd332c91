package dev.nibble.ladder;

import dev.nibble.engine.Lab;
import dev.nibble.graph.Model;
import dev.nibble.lower.QdqLowering;
import dev.nibble.pass.BiasOverflowGuard;
import dev.nibble.pass.Draft;
import dev.nibble.report.Rung;
import dev.nibble.report.Score;
import dev.nibble.report.Verdict;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Goes on from where climbing ended, with a draft that something else made of the one there.
 *
 * @param name of what made it
 * @param seconds it took
 */
public record Refinement(String name, Draft draft, double seconds) {
    /**
     * The end of the ladder with this rung on top, whatever it brought.
     *
     * @param original the float network, with unique node names
     * @param climb where climbing ended
     * @param judging runs over samples that neither saw
     */
    public Climb of(Model original, Climb climb, Lab judging) {
        Judge judge = new Judge(judging, original, judging.samples().labelled());
        Score before = judge.score(climb.lowered());
        Draft guarded = guarded(judging);
        Model lowered =
                QdqLowering.lower(guarded)
                        .withMetadata("nibble.recipe", climb.plan().recipe().name());
        Score after = judge.score(lowered);
        List<Rung> rungs = new ArrayList<>(climb.rungs());
        rungs.add(new Rung("before training", true, before, "on the samples of the row below", 0));
        rungs.add(new Rung(name, true, after, gain(before, after), seconds));
        State state = new State(climb.plan().recipe(), guarded.plan(), guarded, lowered, after);
        return new Climb(
                guarded,
                lowered,
                rungs,
                new Verdict(judging.samples().description(), after, Optional.empty(), true),
                PlanSaving.of(original, state, climb.plan().samples(), climb.plan().passes()));
    }

    /** With scales for which every bias fits 32 bits. */
    private Draft guarded(Lab lab) {
        Draft fitted = draft.with(draft.fittedModel());
        Draft wider = new BiasOverflowGuard().apply(fitted, lab);
        return new Draft(
                draft.model(), draft.fitted(), wider.plan(), draft.observed(), wider.findings());
    }

    private static String gain(Score before, Score after) {
        return String.format(
                Locale.ROOT,
                "%+.2f dB",
                after.comparison().sqnrDb() - before.comparison().sqnrDb());
    }
}
