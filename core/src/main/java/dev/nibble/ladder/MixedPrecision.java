package dev.nibble.ladder;

import dev.nibble.number.NumberFormats;
import dev.nibble.plan.NamePattern;
import dev.nibble.plan.NodeScheme;
import dev.nibble.plan.NodeScheme.Like;
import dev.nibble.plan.NodeScheme.StayFloat;
import dev.nibble.plan.Recipe;
import dev.nibble.plan.Recipes;
import dev.nibble.plan.Weights;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

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
     * @param bits of a weight
     * @param integer whether runtimes compute it on codes
     */
    record Option(NodeScheme.Choice choice, String text, int bits, boolean integer) {
        private static final Option FLOAT = new Option(new StayFloat(), "float", FLOAT_BITS, false);

        static Option like(Recipe recipe, boolean integer) {
            return new Option(
                    new Like(recipe),
                    "the formats of " + recipe.name(),
                    recipe.weights().format().bits(),
                    integer);
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
        if (cost == Objective.SIZE) {
            // as large as int8, but computed in float between codes
            options.add(Option.like(Recipes.A16W8, false));
        }
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

    /** What an option costs a layer beyond {@code low}: bytes, or multiply-adds in float. */
    long extra(Sensitivity layer, Option option) {
        return switch (cost) {
            case SIZE ->
                    layer.parameters()
                            * (option.bits() - low.weights().format().bits())
                            / Byte.SIZE;
            case LATENCY -> option.integer() ? 0 : layer.multiplyAdds();
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

    /** An option for a layer. */
    private record Offer(Sensitivity layer, int option, double saved, long extra) {
        /** The noise that a byte or a multiply-add saves. */
        double worth() {
            return saved / extra;
        }
    }

    /**
     * The layers to raise, each with what it gets, of what saves noise, as far as the budget goes;
     * all but one may become float.
     */
    Map<String, Option> within(long budget, List<Sensitivity> layers) {
        Map<String, Offer> taken = new TreeMap<>();
        long left = budget;
        for (Offer offer : offers(layers)) {
            String node = offer.layer().node();
            Optional<Offer> before = Optional.ofNullable(taken.get(node));
            long more = offer.extra() - before.map(Offer::extra).orElse(0L);
            boolean better = offer.saved() > before.map(Offer::saved).orElse(0.0);
            if (better && more <= left && !isLastCode(offer, taken, layers.size())) {
                taken.put(node, offer);
                left -= more;
            }
        }
        Map<String, Option> raised = new TreeMap<>();
        taken.forEach((node, offer) -> raised.put(node, options.get(offer.option())));
        return raised;
    }

    /** What saves the most noise for its cost first. */
    private List<Offer> offers(List<Sensitivity> layers) {
        List<Offer> offers = new ArrayList<>();
        for (Sensitivity layer : layers) {
            for (int i = 0; i < options.size(); i++) {
                offers.add(new Offer(layer, i, layer.saved().get(i), extra(layer, options.get(i))));
            }
        }
        offers.sort(
                Comparator.comparingDouble(Offer::worth)
                        .reversed()
                        .thenComparing(offer -> offer.layer().node())
                        .thenComparingInt(Offer::option));
        return offers;
    }

    private boolean isLastCode(Offer offer, Map<String, Offer> taken, int layers) {
        if (!options.get(offer.option()).isFloat()) {
            return false;
        }
        long floats =
                taken.entrySet().stream()
                        .filter(entry -> !entry.getKey().equals(offer.layer().node()))
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
