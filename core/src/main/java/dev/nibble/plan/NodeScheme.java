package dev.nibble.plan;

import dev.nibble.error.NibbleException;

import java.util.function.Function;

/**
 * What becomes of some nodes, whatever the recipe says of the rest.
 *
 * @param pattern which nodes
 * @param choice what they become
 */
public record NodeScheme(NamePattern pattern, Choice choice) {
    /** How the command line and files call {@link StayFloat}. */
    public static final String FLOAT = "float";

    /** What nodes become. */
    public sealed interface Choice {}

    /** They are left alone. */
    public record StayFloat() implements Choice {}

    /**
     * They take the formats of a recipe: its weights, its activations for what they read and make.
     * How ranges are chosen remains the network's.
     */
    public record Like(Recipe recipe) implements Choice {
        public Like {
            if (!recipe.keepFloat().isEmpty()
                    || !recipe.ranges().isEmpty()
                    || !recipe.schemes().isEmpty()) {
                throw new NibbleException(
                        "recipe "
                                + recipe.name()
                                + " names nodes itself (keepFloat, ranges, schemes), so it cannot"
                                + " say what becomes of a pattern; take them out");
            }
        }
    }

    /**
     * Reads {@code PATTERN=RECIPE}.
     *
     * @param recipes finds a recipe by what stands behind the equals sign
     * @throws NibbleException if it is written otherwise
     */
    public static NodeScheme parse(String text, Function<String, Recipe> recipes) {
        int equals = text.lastIndexOf('=');
        if (equals < 0 || equals == text.length() - 1) {
            throw new NibbleException(
                    "scheme \""
                            + text
                            + "\" is not PATTERN=RECIPE, as in type:Gemm=int8 or conv1=float");
        }
        return new NodeScheme(
                new NamePattern(text.substring(0, equals)),
                choice(text.substring(equals + 1), recipes));
    }

    /** What a name stands for: {@code float}, or a recipe. */
    public static Choice choice(String name, Function<String, Recipe> recipes) {
        return name.equals(FLOAT) ? new StayFloat() : new Like(recipes.apply(name));
    }

    /** As on the command line. */
    @Override
    public String toString() {
        return pattern
                + "="
                + switch (choice) {
                    case StayFloat() -> FLOAT;
                    case Like(Recipe recipe) -> recipe.name();
                };
    }

    /** Complains if activations would have to be quantized in a network that leaves them float. */
    void requireFits(String name, LayerFormats layers) {
        if (!layers.measuresRanges()
                && choice instanceof Like(Recipe recipe)
                && recipe.needsSamples()) {
            throw new NibbleException(
                    "scheme %s measures ranges of activations, but recipe %s does not; start from a recipe that does and name the nodes that shall not"
                            .formatted(this, name));
        }
    }
}
