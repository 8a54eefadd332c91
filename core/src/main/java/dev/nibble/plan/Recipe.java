package dev.nibble.plan;

import dev.nibble.calibrate.Calibrator;
import dev.nibble.error.NibbleException;
import dev.nibble.number.IntegerFormat;

import java.util.ArrayList;
import java.util.List;

/**
 * What the user asks for.
 *
 * @param name how reports call it
 * @param weightFormat codes of the weights; symmetric
 * @param perChannel whether each output channel has a scale of its own
 * @param activations what becomes of the values between the nodes
 * @param correctBias whether the shift that rounded weights bring to each channel's mean is taken
 *     back out of the bias
 * @param keepFloat nodes to leave alone
 * @param ranges ranges given in advance
 */
public record Recipe(
        String name,
        IntegerFormat weightFormat,
        boolean perChannel,
        Activations activations,
        boolean correctBias,
        List<NamePattern> keepFloat,
        List<RangeOverride> ranges) {
    public Recipe {
        keepFloat = List.copyOf(keepFloat);
        ranges = List.copyOf(ranges);
    }

    /** What becomes of the values between the nodes. */
    public sealed interface Activations {}

    /** They stay float: only weights become smaller. */
    public record FloatActivations() implements Activations {}

    /** They are quantized with ranges measured in advance; this needs samples. */
    public record StaticActivations(IntegerFormat format, Calibrator calibrator)
            implements Activations {
        private static final int LEAST_BITS = 8;

        public StaticActivations {
            if (format.bits() < LEAST_BITS) {
                throw new NibbleException(
                        "no runtime computes on activations of %d bits (%s); use 8, as in uint8, or 16"
                                .formatted(format.bits(), format));
            }
        }
    }

    public boolean needsSamples() {
        return switch (activations) {
            case FloatActivations _ -> false;
            case StaticActivations _ -> true;
        };
    }

    /** Leaves more nodes alone. */
    public Recipe keepingFloat(List<NamePattern> patterns) {
        List<NamePattern> all = new ArrayList<>(keepFloat);
        all.addAll(patterns);
        return new Recipe(name, weightFormat, perChannel, activations, correctBias, all, ranges);
    }

    /** Gives more ranges in advance. */
    public Recipe withRanges(List<RangeOverride> overrides) {
        List<RangeOverride> all = new ArrayList<>(ranges);
        all.addAll(overrides);
        return new Recipe(name, weightFormat, perChannel, activations, correctBias, keepFloat, all);
    }

    /**
     * Chooses activation ranges another way; weight-only recipes have none and stay as they are.
     */
    public Recipe calibratedBy(Calibrator calibrator) {
        return switch (activations) {
            case FloatActivations _ -> this;
            case StaticActivations(IntegerFormat format, _) ->
                    new Recipe(
                            name,
                            weightFormat,
                            perChannel,
                            new StaticActivations(format, calibrator),
                            correctBias,
                            keepFloat,
                            ranges);
        };
    }
}
