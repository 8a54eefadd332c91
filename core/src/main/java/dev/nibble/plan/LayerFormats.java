package dev.nibble.plan;

import dev.nibble.error.NibbleException;
import dev.nibble.number.IntegerFormat;
import dev.nibble.number.NumberFormats;
import dev.nibble.plan.Recipe.Activations;
import dev.nibble.plan.Recipe.DynamicActivations;
import dev.nibble.plan.Recipe.FloatActivations;
import dev.nibble.plan.Recipe.StaticActivations;

/**
 * What a layer multiplies: its weights and the values that it reads.
 *
 * @param weights how its weights are stored
 * @param activations what becomes of the values that come in
 */
public record LayerFormats(Weights weights, Activations activations) {
    private static final int LEAST_SAFE_BITS = 8;

    /**
     * Refuses weights that products with codes found at run time cannot take.
     *
     * @throws NibbleException if there are such
     */
    public LayerFormats {
        boolean multiplies =
                weights.format().bits() <= LEAST_SAFE_BITS
                        && !(weights.grouping() instanceof Grouping.PerBlock);
        if (activations instanceof DynamicActivations && !multiplies) {
            throw new NibbleException(
                    "activations quantized at run time (dynamic) are multiplied by weights of at most 8 bits with a scale for each channel or tensor, not by %s in %s"
                            .formatted(weights.format(), weights.grouping()));
        }
    }

    /** Whether ranges of activations are measured in advance. */
    public boolean measuresRanges() {
        return switch (activations) {
            case FloatActivations _, DynamicActivations _ -> false;
            case StaticActivations _ -> true;
        };
    }

    /**
     * The same, with 8 bits in the place of fewer: for the first and the last layer, which see the
     * outside world and have few weights to save.
     */
    public LayerFormats atLeast8Bits() {
        Weights wide =
                weights.format().bits() < LEAST_SAFE_BITS
                        ? Weights.perChannel(NumberFormats.INT8)
                        : weights;
        return new LayerFormats(
                wide,
                switch (activations) {
                    case FloatActivations none -> none;
                    case DynamicActivations dynamic -> dynamic;
                    case StaticActivations statics ->
                            statics.format().bits() < LEAST_SAFE_BITS
                                    ? new StaticActivations(
                                            NumberFormats.UINT8, statics.calibrator())
                                    : statics;
                });
    }

    /**
     * These formats, with ranges chosen as by others: there is one calibration for a network.
     *
     * @throws NibbleException if they do not treat activations alike
     */
    LayerFormats calibratedLike(Activations others) {
        return switch (activations) {
            case FloatActivations _, DynamicActivations _ -> {
                if (!others.equals(activations)) {
                    throw mixed();
                }
                yield this;
            }
            case StaticActivations(IntegerFormat format, _) ->
                    switch (others) {
                        case FloatActivations _, DynamicActivations _ -> throw mixed();
                        case StaticActivations statics ->
                                new LayerFormats(
                                        weights,
                                        new StaticActivations(format, statics.calibrator()));
                    };
        };
    }

    private static NibbleException mixed() {
        return new NibbleException(
                "the first and last layers have to quantize activations, to quantize them at run"
                        + " time or to leave them float as the others do");
    }
}
