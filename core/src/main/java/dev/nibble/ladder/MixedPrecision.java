package dev.nibble.ladder;

import dev.nibble.number.NumberFormats;
import dev.nibble.plan.NamePattern;
import dev.nibble.plan.NodeScheme;
import dev.nibble.plan.NodeScheme.Like;
import dev.nibble.plan.NodeScheme.StayFloat;
import dev.nibble.plan.Recipe;
import dev.nibble.plan.Recipes;
import dev.nibble.plan.Weights;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Which layers get better formats: those that save the most noise for what they cost first.
 *
 * @param low formats that most layers have
 * @param wide formats of the same speed with weights of more bits, which also is what layers have
 *     while others are measured; empty if {@code low} has them already
 * @param options what a layer can get in the place of {@code low}, from the least noise saved to
 *     the most
 * @param cost what is to be spared
 */
record MixedPrecision(Recipe low, Optional<Option> wide, List<Option> options, Objective cost) {
    private static final int FLOAT_BITS = 32;
    private static final int NARROW_BITS = 4;

    MixedPrecision {
        options = List.copyOf(options);
    }

    /**
     * Better formats for a layer.
     *
     * @param choice what it gets
     * @param text the same in words
     * @param bits of a weight in the file
     * @param integer whether runtimes compute it on codes
     */
    record Option(NodeScheme.Choice choice, String text, int bits, boolean integer) {
        private static final Option FLOAT = new Option(new StayFloat(), "float", FLOAT_BITS, false);

        static Option like(Recipe recipe, boolean integer) {
            return new Option(
                    new Like(recipe),
                    "the formats of " + recipe.name(),
                    storedBits(recipe),
                    integer);
        }

        private static int storedBits(Recipe recipe) {
            return recipe.weights().format().dataType().bits();
        }

        boolean isFloat() {
            return choice instanceof StayFloat;
        }
    }

    /** What a recipe's layers can get where a file may have so many bytes. */
    static MixedPrecision ofBytes(Recipe recipe) {
        Optional<Option> wide = wide(recipe);
        return new MixedPrecision(
                low(recipe), wide, List.of(wide.orElse(Option.FLOAT)), Objective.SIZE);
    }

    /** What they can get where a limit must be met at the least cost. */
    static MixedPrecision ofLimit(Recipe recipe, Objective cost) {
        Optional<Option> wide = wide(recipe);
        List<Option> options = new ArrayList<>();
        wide.ifPresent(options::add);
        // both as large as int8: codes of 16 bits, which are slower than float, or no codes
        options.add(
                Option.like(cost == Objective.SIZE ? Recipes.A16W8 : Recipes.INT8_WEIGHTS, false));
        options.add(Option.FLOAT);
        return new MixedPrecision(low(recipe), wide, options, cost);
    }

    /** First and last layers have to earn their bits like all others. */
    private static Recipe low(Recipe recipe) {
        return recipe.withEdges(recipe.layers());
    }

    private static Optional<Option> wide(Recipe recipe) {
        if (recipe.weights().format().bits() > NARROW_BITS) {
            return Optional.empty();
        }
        Recipe wide =
                Recipe.of(
                        "int8",
                        Weights.perChannel(NumberFormats.INT8),
                        recipe.edges().activations());
        return Optional.of(Option.like(wide, true));
    }

    /** Formats of all layers while one is measured. */
    Recipe rest() {
        return wide.isPresent() && wide.get().choice() instanceof Like(Recipe recipe)
                ? recipe.keepingFloat(low.keepFloat())
                        .withRanges(low.ranges())
                        .withSchemes(low.schemes())
                : low;
    }

    /** What a layer gets alone to measure what {@code low} adds; only where others are wide. */
    NodeScheme.Choice lowered() {
        return new Like(Recipe.of(low.name(), low.weights(), low.activations()));
    }

    /**
     * What an option costs a layer beyond {@code low}: bytes, or multiply-adds in float and the
     * bytes that they load.
     */
    long extra(Sensitivity layer, Option option) {
        long bytes = layer.parameters() * option.bits() / Byte.SIZE;
        return switch (cost) {
            case SIZE -> bytes - layer.parameters() * Option.storedBits(low) / Byte.SIZE;
            case LATENCY -> option.integer() ? 0 : layer.multiplyAdds() + bytes;
        };
    }

    /** What raising every layer as far as it goes costs. */
    long most(List<Sensitivity> layers) {
        return layers.stream()
                .mapToLong(layer ->
                        options.stream()
                                .mapToLong(option -> extra(layer, option))
                                .max()
                                .orElseThrow())
                .sum();
    }

    /**
     * An option for a layer, as a step from the next cheaper one that is worth taking.
     *
     * @param worth the noise that a byte or a multiply-add saves on the step
     */
    private record Step(Sensitivity layer, int option, double saved, long extra, double worth) {
        Step after(Optional<Step> before) {
            double more = saved - before.map(Step::saved).orElse(0.0);
            long dearer = extra - before.map(Step::extra).orElse(0L);
            return new Step(layer, option, saved, extra, more / dearer);
        }
    }

    /**
     * The layers to raise, each with what it gets, of what saves noise, as far as the budget goes;
     * all but one may become float.
     */
    Map<String, Option> within(long budget, List<Sensitivity> layers) {
        Map<String, Step> taken = new TreeMap<>();
        long left = budget;
        for (Step step : steps(layers)) {
            String node = step.layer().node();
            long more =
                    step.extra() - Optional.ofNullable(taken.get(node)).map(Step::extra).orElse(0L);
            if (more <= left && !isLastCode(step, taken, layers.size())) {
                taken.put(node, step);
                left -= more;
            }
        }
        Map<String, Option> raised = new TreeMap<>();
        taken.forEach((node, step) -> raised.put(node, options.get(step.option())));
        return raised;
    }

    /** What saves the most noise for its cost first. */
    private List<Step> steps(List<Sensitivity> layers) {
        return layers.stream()
                .flatMap(layer -> steps(layer).stream())
                .sorted(
                        Comparator.comparingDouble(Step::worth)
                                .reversed()
                                .thenComparing(step -> step.layer().node())
                                .thenComparingInt(Step::option))
                .toList();
    }

    /** The steps of one layer, each worth less than the one before. */
    private List<Step> steps(Sensitivity layer) {
        List<Step> all =
                IntStream.range(0, options.size())
                        .mapToObj(i ->
                                new Step(
                                        layer,
                                        i,
                                        layer.saved().get(i),
                                        extra(layer, options.get(i)),
                                        0))
                        .sorted(
                                Comparator.comparingLong(Step::extra)
                                        .thenComparing(
                                                Comparator.comparingDouble(Step::saved).reversed()))
                        .toList();
        Deque<Step> steps = new ArrayDeque<>();
        for (Step option : all) {
            if (option.saved()
                    <= Optional.ofNullable(steps.peekLast()).map(Step::saved).orElse(0.0)) {
                continue;
            }
            Step step = option.after(Optional.ofNullable(steps.peekLast()));
            while (!steps.isEmpty() && step.worth() >= steps.getLast().worth()) {
                steps.removeLast();
                step = option.after(Optional.ofNullable(steps.peekLast()));
            }
            steps.addLast(step);
        }
        return List.copyOf(steps);
    }

    private boolean isLastCode(Step step, Map<String, Step> taken, int layers) {
        if (!options.get(step.option()).isFloat()) {
            return false;
        }
        long floats =
                taken.entrySet().stream()
                        .filter(entry -> !entry.getKey().equals(step.layer().node()))
                        .filter(entry -> options.get(entry.getValue().option()).isFloat())
                        .count();
        return floats == layers - 1L;
    }

    /** The recipe that raises these layers. */
    Recipe raising(Map<String, Option> nodes) {
        List<NodeScheme> schemes = new ArrayList<>();
        nodes.forEach((node, option) ->
                schemes.add(new NodeScheme(NamePattern.exactly(node), option.choice())));
        // what the user says of a node comes last and counts
        schemes.addAll(low.schemes());
        return new Recipe(
                low.name(),
                low.layers(),
                low.edges(),
                low.correctBias(),
                low.keepFloat(),
                low.ranges(),
                schemes);
    }
}
