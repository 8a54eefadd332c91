package dev.nibble.ladder;

import dev.nibble.engine.Lab;
import dev.nibble.engine.Partition;
import dev.nibble.engine.Samples;
import dev.nibble.error.NibbleException;
import dev.nibble.graph.Model;
import dev.nibble.ladder.Limit.MaxDrop;
import dev.nibble.lower.QdqLowering;
import dev.nibble.observe.ValueStatistic;
import dev.nibble.pass.Calibration;
import dev.nibble.pass.Draft;
import dev.nibble.pass.Pass;
import dev.nibble.plan.Recipe;
import dev.nibble.plan.SavedPlan;
import dev.nibble.plan.SavedPlan.Split;
import dev.nibble.report.Rung;
import dev.nibble.report.Score;
import dev.nibble.report.Verdict;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Climbs from rounding to nearest to the most that an effort allows: tries one repair after the
 * other, keeps those that bring the outputs nearer to the float network's on samples that no pass
 * has seen, and stops when the limit is met.
 *
 * <p>Nearer means a higher signal to noise ratio: it is the measure that few samples can tell
 * apart, where agreement and accuracy move in steps of a whole sample.
 */
public final class Ladder {
    /** Decibels that a repair must bring to be kept: less is chance. */
    private static final double LEAST_GAIN = 0.02;

    private static final double NANOS = 1e9;
    private static final String NEAREST = "rounding to nearest";

    private final Recipe recipe;
    private final Goal goal;
    private final Lab all;
    private final List<Fold> folds;
    private final List<Rung> rungs = new ArrayList<>();
    private final List<Repair> kept = new ArrayList<>();
    private int fittedTo;
    private boolean replayed;

    private Ladder(Recipe recipe, Goal goal, Lab lab, List<Fold> folds) {
        this.recipe = recipe;
        this.goal = goal;
        this.all = lab;
        this.folds = folds;
    }

    private static Ladder of(
            Model original, Recipe recipe, Goal goal, Lab lab, List<Partition> partitions) {
        boolean byLabels = goal.limit().filter(MaxDrop.class::isInstance).isPresent();
        List<Fold> folds =
                partitions.stream()
                        .map(part -> Fold.of(original, recipe, lab, part, byLabels))
                        .toList();
        return new Ladder(recipe, goal, lab, folds);
    }

    /**
     * Quantizes a network.
     *
     * @param original with unique node names
     * @param lab runs over the calibration samples
     * @throws NibbleException if there is nothing to quantize, or the limit cannot be judged
     */
    public static Climb climb(Model original, Recipe recipe, Goal goal, Lab lab) {
        Ladder ladder = of(original, recipe, goal, lab, goal.partitions(lab.samples()));
        ladder.requireJudgeable();
        return goal.passes().isPresent()
                ? ladder.apply(goal.passes().get().stream().map(Passes::named).toList())
                : ladder.climb();
    }

    /**
     * Quantizes a network as a saved plan says: without trying anything, whatever effort the goal
     * has. Its limit is judged, its samples judge.
     *
     * @throws NibbleException if the network does not have the plan's nodes and values, or cannot
     *     have what the plan says of them
     * @throws IllegalArgumentException if the goal names passes or a size
     */
    public static Climb replay(Model original, SavedPlan saved, Goal goal, Lab lab) {
        if (goal.passes().isPresent() || goal.maxSize().isPresent()) {
            throw new IllegalArgumentException(
                    "a saved plan says which passes and formats there are; a goal for it has none");
        }
        Partition before = Replay.partition(saved.samples(), lab.samples());
        Partition partition =
                goal.judging()
                        .map(judging -> new Partition(before.seen(), judging, false))
                        .orElse(before);
        Ladder ladder = of(original, saved.recipe(), goal, lab, List.of(partition));
        ladder.requireJudgeable();
        return ladder.follow(saved, lab.over(before.heldOut()));
    }

    /**
     * Follows a saved plan.
     *
     * @param rest the samples that judged when it was made
     */
    private Climb follow(SavedPlan saved, Lab rest) {
        long begun = System.nanoTime();
        saved.passes().stream().map(Passes::named).forEach(this::keep);
        Replay replay =
                new Replay(
                        saved,
                        first().ground(),
                        passes(Repair.Stage.FLOAT, recipe),
                        passes(Repair.Stage.CODES, recipe));
        boolean toAll = saved.samples().fittedToAll();
        Replay.Arrival arrival = toAll ? replay.onAll(all, rest) : replay.run();
        fittedTo = toAll ? all.samples().size() : 0;
        replayed = true;
        State state = first().state(arrival.recipe(), arrival.calibrated(), arrival.draft());
        rungs.add(new Rung(names(kept), true, state.score(), "as planned", seconds(begun)));
        return end(state, state.score(), judgedOn(1));
    }

    /** The fold whose network is written. */
    private Fold first() {
        return folds.getFirst();
    }

    private void requireJudgeable() {
        if (goal.limit().isEmpty()) {
            return;
        }
        Samples samples = first().judge().lab().samples();
        if (samples.size() == 0) {
            throw new NibbleException(
                    "a limit (%s) needs samples to judge on and there are none; give --data or --val"
                            .formatted(goal.limit().get()));
        }
        if (goal.limit().get() instanceof MaxDrop && !samples.labelled()) {
            throw new NibbleException(
                    "a limit on the drop of top-1 needs labelled samples, and %s have no labels; give --val with labels, or --min-agreement or --min-sqnr instead"
                            .formatted(samples.description()));
        }
    }

    /** Applies the wanted repairs and no others. */
    private Climb apply(List<Repair> wanted) {
        long begun = System.nanoTime();
        wanted.forEach(this::keep);
        Standing standing = new Standing(List.of(first().redo(kept, recipe)));
        rungs.add(new Rung(names(kept), true, standing.score(), "asked for", seconds(begun)));
        return end(search(standing));
    }

    private void keep(Repair repair) {
        switch (repair.stage()) {
            case FLOAT, CODES -> kept.add(repair);
            case GROUND, FORMATS ->
                    throw new NibbleException(
                            "pass %s is not one to ask for: %s"
                                    .formatted(
                                            repair.name(),
                                            repair.stage() == Repair.Stage.GROUND
                                                    ? "it is always applied"
                                                    : "--max-size or a limit asks for it"));
        }
    }

    private static String names(List<Repair> repairs) {
        return repairs.isEmpty()
                ? NEAREST
                : repairs.stream().map(Repair::name).collect(Collectors.joining(", "));
    }

    private Climb climb() {
        long begun = System.nanoTime();
        Standing best = new Standing(folds.stream().map(fold -> fold.redo(kept, recipe)).toList());
        rungs.add(new Rung(NEAREST, true, best.score(), "the start", seconds(begun)));
        // without samples nothing would tell whether a repair helped
        boolean judged = first().judge().lab().samples().size() > 0 || recipe.needsSamples();
        for (Repair repair : judged ? Passes.tried(goal.effort(), recipe) : List.<Repair>of()) {
            if (!isMet(best)) {
                best = attempt(repair, best);
            }
        }
        return end(search(best));
    }

    private Standing attempt(Repair repair, Standing best) {
        long begun = System.nanoTime();
        // what takes minutes is not done twice
        Standing before = repair.isSlow() ? best.alone() : best;
        kept.add(repair);
        Standing tried = before.with(repair, kept, folds);
        boolean unjudged = tried.score().comparison().samples() == 0;
        boolean helps = unjudged || tried.sqnrDb() > before.sqnrDb() + LEAST_GAIN;
        if (!helps) {
            kept.removeLast();
        }
        String why = unjudged ? "not judged: there are no samples" : gain(before, tried);
        rungs.add(new Rung(repair.name(), helps, tried.score(), why, seconds(begun)));
        return helps ? tried : best;
    }

    private static String gain(Standing before, Standing after) {
        return String.format(Locale.ROOT, "%+.2f dB", after.sqnrDb() - before.sqnrDb());
    }

    /** Chooses formats layer by layer, if a size was given or a limit is still missed. */
    private Standing search(Standing best) {
        Optional<Limit> missed = goal.limit().filter(limit -> !limit.metBy(best.score()));
        if (!recipe.needsSamples()) {
            return best;
        }
        if (goal.maxSize().isEmpty() && missed.isEmpty()) {
            return goal.limit().isPresent() ? best : sound(best);
        }
        long begun = System.nanoTime();
        FormatSearch search =
                new FormatSearch(
                        first().ground(),
                        observed(),
                        goal.effort(),
                        formats -> first().redo(kept, formats));
        Standing before = best.alone();
        Optional<State> found =
                goal.maxSize().isPresent()
                        ? Optional.of(search.within(goal.maxSize().getAsDouble(), best.first()))
                        : search.until(
                                state -> missed.orElseThrow().metBy(state.score()),
                                recipe,
                                goal.sparing().orElse(Objective.of(recipe)));
        if (found.isEmpty()) {
            return best;
        }
        Standing mixed = new Standing(List.of(found.get()));
        boolean helps = mixed.sqnrDb() > before.sqnrDb() || isTooLarge(best.first());
        rungs.add(
                new Rung(
                        FormatSearch.NAME,
                        helps,
                        mixed.score(),
                        gain(before, mixed),
                        seconds(begun)));
        return helps ? mixed : best;
    }

    /** Leaves activations float where a network stays below the floor that the goal has. */
    private Standing sound(Standing best) {
        if (goal.floorDb().isEmpty() || first().judge().lab().samples().size() == 0) {
            return best;
        }
        Floor floor = Floor.under(first(), all, goal.floorDb().getAsDouble());
        Optional<Rescue> rescue =
                Rescue.of(first(), recipe, kept, floor, best.first(), this::observed);
        if (rescue.isEmpty()) {
            return best;
        }
        rungs.add(rescue.get().rung());
        if (!rescue.get().rung().kept()) {
            return best;
        }
        kept.clear();
        kept.addAll(rescue.get().repairs());
        return new Standing(List.of(rescue.get().state()));
    }

    /**
     * The float network before planning, with what was seen in it, for all the drafts that follow.
     */
    private Draft observed() {
        Ground ground = first().ground();
        Draft prepared = ground.prepared(passes(Repair.Stage.FLOAT, recipe));
        Draft planned = ground.planned(prepared, recipe);
        return prepared.observing(Calibration.observeEach(planned, ground.lab()));
    }

    private boolean isTooLarge(State state) {
        return goal.maxSize().isPresent()
                && State.bytes(state.lowered())
                        > goal.maxSize().getAsDouble() * State.bytes(first().ground().original());
    }

    private List<Pass> passes(Repair.Stage stage, Recipe formats) {
        return Fold.passes(kept, stage, formats);
    }

    private boolean isMet(Standing standing) {
        return goal.limit().isPresent() && goal.limit().get().metBy(standing.score());
    }

    private Climb end(Standing standing) {
        State written = first().heldOut() ? fitToAll(standing.first()) : standing.first();
        return end(written, standing.score(), judgedOn(standing.states().size()));
    }

    /**
     * Goes through what was kept once more, now with the samples that were held out: they have
     * judged, and more samples make better ranges and fits. The score remains that of the
     * judgement.
     */
    private State fitToAll(State state) {
        Ground whole = first().ground().over(all);
        List<Pass> preparing = passes(Repair.Stage.FLOAT, state.recipe());
        Draft prepared = whole.prepared(preparing);
        if (preparing.isEmpty()) {
            prepared = prepared.observing(observedByAll(state.draft()));
        }
        Draft encoded = whole.encoded(prepared, state.recipe());
        List<Pass> fitting = passes(Repair.Stage.CODES, state.recipe());
        Draft fitted = Pass.sequence(fitting).apply(encoded, all);
        fittedTo = all.samples().size();
        return new State(
                state.recipe(), encoded.plan(), fitted, QdqLowering.lower(fitted), state.score());
    }

    /** What was observed, with what the samples add that were held out. */
    private Map<String, ValueStatistic> observedByAll(Draft draft) {
        return Ground.joined(
                draft.observed(), Calibration.observe(draft.observing(Map.of()), first().rest()));
    }

    private Split split() {
        int given = all.samples().size();
        int seen = first().ground().lab().samples().size();
        return new Split(given, given - seen, fittedTo == 0 ? seen : fittedTo);
    }

    /**
     * Puts everything together.
     *
     * @param score what the judges said
     */
    private Climb end(State state, Score score, String judgedOn) {
        boolean met =
                (goal.limit().isEmpty() || goal.limit().get().metBy(score)) && !isTooLarge(state);
        List<String> limits = new ArrayList<>();
        goal.limit().ifPresent(limit -> limits.add(limit.toString()));
        goal.maxSize().ifPresent(size -> limits.add("at most " + size + " of the float size"));
        Optional<String> limit =
                limits.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", limits));
        return new Climb(
                state.draft(),
                state.lowered().withMetadata("nibble.recipe", recipe.name()),
                rungs,
                new Verdict(judgedOn + refitted(), score, limit, met),
                PlanSaving.of(
                        first().ground().original(),
                        state,
                        split(),
                        kept.stream().map(Repair::name).toList()));
    }

    /**
     * The samples that judged, in words.
     *
     * @param turns how many parts of the samples did
     */
    private String judgedOn(int turns) {
        int samples = first().judge().lab().samples().size();
        if (goal.judging().isPresent()) {
            return samples + " samples given to judge on";
        }
        if (!first().heldOut()) {
            return samples + " calibration samples, too few to hold some out";
        }
        return turns == 1
                ? samples + " calibration samples held out"
                : judging(turns) + " calibration samples, each half judging fits to the other";
    }

    private int judging(int turns) {
        return folds.stream()
                .limit(turns)
                .mapToInt(fold -> fold.judge().lab().samples().size())
                .sum();
    }

    private String refitted() {
        if (fittedTo == 0) {
            return "";
        }
        String then =
                replayed ? "fitted to all %d given to calibrate" : "then fitted again to all %d";
        return "; " + then.formatted(fittedTo);
    }

    private static double seconds(long begun) {
        return (System.nanoTime() - begun) / NANOS;
    }
}
