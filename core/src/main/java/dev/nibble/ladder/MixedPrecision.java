package dev.nibble.ladder;

import dev.nibble.number.NumberFormats;
import dev.nibble.plan.NamePattern;
import dev.nibble.plan.NodeScheme;
import dev.nibble.plan.NodeScheme.Like;
import dev.nibble.plan.NodeScheme.StayFloat;
import dev.nibble.plan.Recipe;
import dev.nibble.plan.Weights;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which layers get more bits: those that save the most noise for a byte first.
 *
 * @param low formats that most layers have
 * @param high what layers that are raised get
 * @param extraBits bits that a weight takes more when it is raised
 */
record MixedPrecision(Recipe low, NodeScheme.Choice high, int extraBits) {
    private static final int FLOAT_BITS = 32;
    private static final int NARROW_BITS = 4;

    /** The two formats between which a recipe's layers can choose. */
    static MixedPrecision of(Recipe recipe) {
        int bits = recipe.weights().format().bits();
        Recipe low = recipe.withEdges(recipe.layers());
        return bits <= NARROW_BITS
                ? new MixedPrecision(low, new Like(wide(recipe)), NumberFormats.INT8.bits() - bits)
                : new MixedPrecision(low, new StayFloat(), FLOAT_BITS - bits);
    }

    private static Recipe wide(Recipe recipe) {
        return Recipe.of(
                "int8", Weights.perChannel(NumberFormats.INT8), recipe.edges().activations());
    }

    /** Whether sensitivity is measured by lowering one layer rather than by raising one. */
    boolean lowersOne() {
        return high instanceof Like;
    }

    /** Formats of all layers while one is measured. */
    Recipe rest() {
        return high instanceof Like(Recipe recipe)
                ? recipe.keepingFloat(low.keepFloat())
                        .withRanges(low.ranges())
                        .withSchemes(low.schemes())
                : low;
    }

    /** What the layer gets that is measured. */
    NodeScheme.Choice one() {
        return lowersOne()
                ? new Like(Recipe.of(low.name(), low.weights(), low.activations()))
                : high;
    }

    /** In words, what a raised layer gets. */
    String highText() {
        return switch (high) {
            case Like(Recipe recipe) -> "the formats of " + recipe.name();
            case StayFloat() -> "float";
        };
    }

    long extraBytes(Sensitivity layer) {
        return layer.parameters() * extraBits / Byte.SIZE;
    }

    /** The layers, those that save the most noise for a byte first. */
    static List<Sensitivity> ranked(List<Sensitivity> layers) {
        return layers.stream()
                .sorted(
                        Comparator.comparingDouble(Sensitivity::perParameter)
                                .reversed()
                                .thenComparing(Sensitivity::node))
                .toList();
    }

    /**
     * The layers to raise, of those that save noise, as far as so many bytes go; where that makes
     * them float, all but one.
     */
    Set<String> within(long bytes, List<Sensitivity> layers) {
        Set<String> raised = new HashSet<>();
        long left = bytes;
        for (Sensitivity layer : ranked(layers)) {
            boolean lastCode = !lowersOne() && raised.size() == layers.size() - 1;
            if (layer.noise() > 0 && extraBytes(layer) <= left && !lastCode) {
                raised.add(layer.node());
                left -= extraBytes(layer);
            }
        }
        return raised;
    }

    /** The recipe that raises these layers. */
    Recipe raising(Set<String> nodes) {
        List<NodeScheme> schemes = new ArrayList<>();
        nodes.stream()
                .sorted()
                .forEach(node -> schemes.add(new NodeScheme(new NamePattern(node), high)));
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
