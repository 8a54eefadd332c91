package dev.nibble.plan;

import dev.nibble.calibrate.Calibrators;
import dev.nibble.error.NibbleException;
import dev.nibble.error.Spelling;
import dev.nibble.number.NumberFormats;
import dev.nibble.plan.Recipe.FloatActivations;
import dev.nibble.plan.Recipe.StaticActivations;

import java.util.List;

/** The catalogue of recipes. */
public final class Recipes {
    /** 8-bit weights for each channel, 8-bit activations, bias correction: the default. */
    public static final Recipe W8A8 =
            new Recipe(
                    "w8a8",
                    NumberFormats.INT8,
                    true,
                    new StaticActivations(NumberFormats.UINT8, Calibrators.AUTO),
                    true,
                    List.of(),
                    List.of());

    /**
     * The simplest 8 bits: one scale a tensor, min-max, nothing repaired. For comparison, and for
     * old accelerators.
     */
    public static final Recipe W8A8_PER_TENSOR =
            new Recipe(
                    "w8a8-per-tensor",
                    NumberFormats.INT8,
                    false,
                    new StaticActivations(NumberFormats.UINT8, Calibrators.MIN_MAX),
                    false,
                    List.of(),
                    List.of());

    /**
     * 8-bit weights, 16-bit activations: nearly float, but slower than 8-bit activations; needs
     * opset 21.
     */
    public static final Recipe W8A16 =
            new Recipe(
                    "w8a16",
                    NumberFormats.INT8,
                    true,
                    new StaticActivations(NumberFormats.UINT16, Calibrators.MIN_MAX),
                    true,
                    List.of(),
                    List.of());

    /** 8-bit weights, float activations: smaller, not faster; needs no samples. */
    public static final Recipe W8 =
            new Recipe(
                    "w8",
                    NumberFormats.INT8,
                    true,
                    new FloatActivations(),
                    false,
                    List.of(),
                    List.of());

    /** Every recipe there is. */
    public static final List<Recipe> ALL = List.of(W8A8, W8A8_PER_TENSOR, W8A16, W8);

    private Recipes() {}

    /**
     * The recipe of a name.
     *
     * @throws NibbleException if there is none; the message lists them
     */
    public static Recipe named(String name) {
        return ALL.stream()
                .filter(recipe -> recipe.name().equals(name))
                .findFirst()
                .orElseThrow(() -> unknown(name));
    }

    private static NibbleException unknown(String name) {
        List<String> known = ALL.stream().map(Recipe::name).toList();
        return new NibbleException(
                "there is no recipe \"%s\"; known are %s, or the path of a recipe file%s"
                        .formatted(name, String.join(", ", known), Spelling.hint(name, known)));
    }
}
