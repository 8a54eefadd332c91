package dev.nibble.plan;

import dev.nibble.calibrate.Calibrators;
import dev.nibble.error.NibbleException;
import dev.nibble.error.Spelling;
import dev.nibble.number.NumberFormats;
import dev.nibble.plan.Recipe.DynamicActivations;
import dev.nibble.plan.Recipe.FloatActivations;
import dev.nibble.plan.Recipe.StaticActivations;

import java.util.List;
import java.util.Map;

/** The catalogue of recipes. */
public final class Recipes {
    private static final int BLOCK = 32;

    private static final StaticActivations UINT8_MEASURED =
            new StaticActivations(NumberFormats.UINT8, Calibrators.AUTO);
    private static final StaticActivations UINT16_WHOLE =
            new StaticActivations(NumberFormats.UINT16, Calibrators.MIN_MAX);
    private static final StaticActivations UINT4_MEASURED =
            new StaticActivations(NumberFormats.UINT4, Calibrators.AUTO);

    private static final StaticActivations UINT3_MEASURED =
            new StaticActivations(NumberFormats.UINT3, Calibrators.AUTO);
    private static final StaticActivations UINT2_MEASURED =
            new StaticActivations(NumberFormats.UINT2, Calibrators.AUTO);

    /**
     * 8-bit weights for each channel, 8-bit activations, bias correction: the default with samples.
     */
    public static final Recipe INT8 =
            Recipe.of("int8", Weights.perChannel(NumberFormats.INT8), UINT8_MEASURED);

    /**
     * The simplest 8 bits: one scale a tensor, min-max, nothing repaired. For comparison, and for
     * old accelerators.
     */
    public static final Recipe INT8_PER_TENSOR =
            Recipe.of(
                            "int8-per-tensor",
                            Weights.perTensor(NumberFormats.INT8),
                            new StaticActivations(NumberFormats.UINT8, Calibrators.MIN_MAX))
                    .correctingBias(false);

    /** 8-bit weights, float activations: smaller, not faster; needs no samples. */
    public static final Recipe INT8_WEIGHTS =
            Recipe.of(
                    "int8-weights", Weights.perChannel(NumberFormats.INT8), new FloatActivations());

    /**
     * 8-bit weights, activations of matrix products quantized at run time: for transformers and
     * other networks of products; needs no samples.
     */
    public static final Recipe INT8_DYNAMIC =
            Recipe.of(
                    "int8-dynamic",
                    Weights.perChannel(NumberFormats.INT8),
                    new DynamicActivations());

    /**
     * 8-bit weights, 16-bit activations: nearly float, but slower than 8-bit activations; needs
     * opset 21.
     */
    public static final Recipe A16W8 =
            Recipe.of("a16w8", Weights.perChannel(NumberFormats.INT8), UINT16_WHOLE);

    /** 4-bit weights, 8-bit activations: the size of 4 bits at the speed of 8. */
    public static final Recipe W4A8 =
            Recipe.of("w4a8", Weights.perChannel(NumberFormats.INT4), UINT8_MEASURED);

    /** 4-bit weights, 16-bit activations: only the weights cost accuracy; computes in float. */
    public static final Recipe W4A16 =
            Recipe.of("w4a16", Weights.perChannel(NumberFormats.INT4), UINT16_WHOLE);

    /** 4-bit weights, 4-bit activations, executed through Q/DQ: for the hardware that has them. */
    public static final Recipe W4A4 =
            Recipe.of("w4a4", Weights.perChannel(NumberFormats.INT4), UINT4_MEASURED);

    /**
     * 3-bit weights and activations: to train for. No type of ONNX has 3 bits; the file is as large
     * as that of {@link #W4A4}.
     */
    public static final Recipe W3A3 =
            Recipe.of("w3a3", Weights.perChannel(NumberFormats.INT3), UINT3_MEASURED);

    /** 2-bit weights and activations: to train for. Stored as {@link #W3A3} is. */
    public static final Recipe W2A2 =
            Recipe.of("w2a2", Weights.perChannel(NumberFormats.INT2), UINT2_MEASURED);

    /** 4-bit weights in blocks, float activations; needs no samples. */
    public static final Recipe INT4_WEIGHTS =
            Recipe.of(
                    "int4-weights",
                    Weights.perBlock(NumberFormats.INT4, BLOCK),
                    new FloatActivations());

    /** Every recipe with what it is for, in the order in which they are shown. */
    public static final List<Entry> CATALOGUE =
            List.of(
                    new Entry(INT8, "8-bit weights and activations: speed and size"),
                    new Entry(INT8_PER_TENSOR, "the same, one scale a tensor: for comparison"),
                    new Entry(INT8_WEIGHTS, "8-bit weights alone: size; needs no samples"),
                    new Entry(
                            INT8_DYNAMIC,
                            "8-bit products, ranges found at run time: for matrix products;"
                                    + " needs no samples"),
                    new Entry(A16W8, "8-bit weights, 16-bit activations: accuracy, not speed"),
                    new Entry(W4A8, "4-bit weights, 8-bit activations: half the size of int8"),
                    new Entry(W4A16, "4-bit weights, 16-bit activations: size, not speed"),
                    new Entry(W4A4, "4-bit weights and activations: for hardware with 4 bits"),
                    new Entry(W3A3, "3-bit weights and activations: to train for"),
                    new Entry(W2A2, "2-bit weights and activations: to train for"),
                    new Entry(
                            INT4_WEIGHTS, "4-bit weights in blocks of 32: size; needs no samples"));

    /** Every recipe there is. */
    public static final List<Recipe> ALL = CATALOGUE.stream().map(Entry::recipe).toList();

    private static final Map<String, String> OTHER_NAMES =
            Map.of(
                    "w8a8", "int8",
                    "w8a8-per-tensor", "int8-per-tensor",
                    "w8", "int8-weights",
                    "dynamic", "int8-dynamic",
                    "w8a16", "a16w8",
                    "int4", "w4a8",
                    "w4", "int4-weights");

    private Recipes() {}

    /**
     * A recipe in the catalogue.
     *
     * @param summary what it is and what it is for, in one line
     */
    public record Entry(Recipe recipe, String summary) {}

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
        String other = OTHER_NAMES.get(name);
        return new NibbleException(
                "there is no recipe \"%s\"; known are %s, or the path of a recipe file%s"
                        .formatted(
                                name,
                                String.join(", ", known),
                                other == null
                                        ? Spelling.hint(name, known)
                                        : "; \"%s\" is what you mean".formatted(other)));
    }
}
