package dev.nibble.ladder;

import dev.nibble.engine.EvenlySpaced;
import dev.nibble.lower.QdqLowering;
import dev.nibble.pass.Draft;
import dev.nibble.pass.Finding;
import dev.nibble.pass.Finding.Applied;
import dev.nibble.pass.Finding.Measured;
import dev.nibble.plan.Recipe;
import dev.nibble.report.Search;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Mixed precision: measures what each layer adds to the noise, and gives more bits to those that
 * save the most noise for a byte, until a size is used up or a limit is met.
 *
 * <p>(Dong et al. 2019, arXiv 1905.03696, and its successors rank layers by curvature; here the
 * noise itself is measured, one layer at a time.)
 *
 * @param prepared the float network with all that precedes planning
 * @param effort how many samples to look at
 * @param again goes through all repairs that were kept, with another recipe
 */
record FormatSearch(Ground ground, Draft prepared, Effort effort, Function<Recipe, State> again) {
    static final String NAME = Search.PASS;

    /** Samples that tell what one layer adds, where it may take minutes. */
    private static final int LOOKED_AT = 24;

    /** The same where it should not. */
    private static final int GLANCED_AT = 8;

    /** Shares of all that could be spent, tried one after the other. */
    private static final double[] SHARES = {0, 0.125, 0.25, 0.5, 1};

    /** A recipe that was made, and why. */
    private record Plan(Recipe recipe, List<Finding> findings) {}

    /**
     * The best network whose file is at most this share of the float one.
     *
     * @param begun with the recipe's formats and all repairs that were kept
     */
    State within(double size, State begun) {
        MixedPrecision mixed = MixedPrecision.ofBytes(begun.recipe());
        List<Sensitivity> layers = sensitivities(mixed);
        // constants that repairs add, as biases where there were none
        long added = State.bytes(begun.lowered()) - bytes(begun.recipe());
        long most = (long) (size * State.bytes(ground.original())) - added;
        long budget = most - bytes(mixed.low());
        Plan plan = plan(mixed, layers, budget);
        for (long excess = bytes(plan.recipe()) - most;
                excess > 0 && budget > 0;
                excess = bytes(plan.recipe()) - most) {
            budget -= excess;
            plan = plan(mixed, layers, budget);
        }
        return follow(plan);
    }

    private long bytes(Recipe formats) {
        return State.bytes(QdqLowering.lower(ground.encoded(prepared, formats)));
    }

    /** The first network that is good enough, of those that spend more and more. */
    Optional<State> until(Predicate<State> good, Recipe recipe, Objective objective) {
        MixedPrecision mixed = MixedPrecision.ofLimit(recipe, objective);
        List<Sensitivity> layers = sensitivities(mixed);
        long all = mixed.most(layers);
        Optional<State> last = Optional.empty();
        Recipe before = mixed.raising(Map.of());
        for (double share : SHARES) {
            Plan plan = plan(mixed, layers, (long) (share * all));
            if (!plan.recipe().equals(before)) {
                last = Optional.of(follow(plan));
            }
            if (last.filter(good).isPresent()) {
                break;
            }
            before = plan.recipe();
        }
        return last;
    }

    private State follow(Plan plan) {
        State state = again.apply(plan.recipe());
        return new State(
                state.recipe(),
                state.calibrated(),
                state.draft().noting(plan.findings()),
                state.lowered(),
                state.score());
    }

    private List<Sensitivity> sensitivities(MixedPrecision mixed) {
        int most = effort == Effort.QUICK ? GLANCED_AT : LOOKED_AT;
        Judge seen =
                new Judge(
                        ground.lab().over(EvenlySpaced.atMost(most, ground.lab().samples())),
                        ground.original(),
                        false);
        return Sensitivity.measure(ground, prepared, mixed, seen);
    }

    private static Plan plan(MixedPrecision mixed, List<Sensitivity> layers, long budget) {
        Map<String, MixedPrecision.Option> raised = mixed.within(budget, layers);
        List<Finding> findings = new ArrayList<>();
        for (Sensitivity layer : layers) {
            findings.add(
                    new Measured(
                            NAME,
                            layer.node(),
                            (Search.SAVED + "%s would save, as a share of signal power")
                                    .formatted(mixed.options().getLast().text()),
                            layer.noise()));
            Optional<MixedPrecision.Option> gets = Optional.ofNullable(raised.get(layer.node()));
            findings.add(
                    new Applied(
                            NAME,
                            layer.node(),
                            gets.map(option -> "gets " + option.text())
                                    .orElse("keeps the formats of " + mixed.low().name())));
        }
        OptionalDouble rest =
                layers.stream()
                        .filter(layer -> !raised.containsKey(layer.node()))
                        .mapToDouble(Sensitivity::noise)
                        .reduce(Double::sum);
        rest.ifPresent(noise ->
                findings.add(
                        new Measured(
                                NAME,
                                "network",
                                "predicted noise of the layers that keep fewer bits, before"
                                        + " repairs",
                                noise)));
        return new Plan(mixed.raising(raised), findings);
    }
}
