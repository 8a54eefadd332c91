package dev.nibble.plan;

import dev.nibble.error.NibbleException;
import dev.nibble.number.Encoding;
import dev.nibble.number.Granularity;
import dev.nibble.number.IntegerFormat;
import dev.nibble.number.Scheme;

import java.util.List;
import java.util.Optional;

/**
 * What a {@link SavedPlan} says of a value and of those that share its codes.
 *
 * @param value the name under which the plan has them
 * @param sharedWith names of the others
 * @param format of the codes, asymmetric, one scale for all
 * @param affine the scale and zero point of the network that is written; empty to calibrate
 * @param calibrated those that calibration found, where a pass changed them later: what the passes
 *     before it saw. Empty if that is the same
 */
public record SavedActivation(
        String value,
        List<String> sharedWith,
        IntegerFormat format,
        Optional<Affine> affine,
        Optional<Affine> calibrated) {
    /** Real ≈ scale · (code − zeroPoint). */
    public record Affine(float scale, int zeroPoint) {
        static Affine of(Encoding encoding) {
            return new Affine(encoding.scale(0), encoding.zeroPoint(0));
        }
    }

    public SavedActivation {
        sharedWith = List.copyOf(sharedWith);
        if (calibrated.isPresent() && affine.isEmpty()) {
            throw new NibbleException(
                    "value %s has a calibrated scale but none to end with; give both or leave both out"
                            .formatted(value));
        }
        IntegerFormat codes = format;
        affine.ifPresent(numbers -> encoding(value, codes, numbers));
        calibrated.ifPresent(numbers -> encoding(value, codes, numbers));
    }

    /**
     * The entry of an encoding.
     *
     * @param calibrated what calibration found
     * @param last what the network has
     */
    public static SavedActivation of(
            String value, List<String> sharedWith, Encoding calibrated, Encoding last) {
        return new SavedActivation(
                value,
                sharedWith,
                last.format(),
                Optional.of(Affine.of(last)),
                calibrated.equals(last) ? Optional.empty() : Optional.of(Affine.of(calibrated)));
    }

    private static Encoding encoding(String value, IntegerFormat format, Affine affine) {
        try {
            return Encoding.ofScale(scheme(format), affine.scale(), affine.zeroPoint());
        } catch (IllegalArgumentException e) {
            throw new NibbleException(
                    "value %s as %s: %s. Leave scale and zeroPoint out to have them measured"
                            .formatted(value, format, e.getMessage()),
                    e);
        }
    }

    private static Scheme scheme(IntegerFormat format) {
        return new Scheme(format, false, Granularity.perTensor());
    }

    Scheme scheme() {
        return scheme(format);
    }

    /** What the network is to have; empty to calibrate. */
    Optional<Encoding> last() {
        return affine.map(numbers -> encoding(value, format, numbers));
    }

    /** What passes are to start from; empty to calibrate. */
    Optional<Encoding> first() {
        return calibrated.or(() -> affine).map(numbers -> encoding(value, format, numbers));
    }

    /** The same value with another scale and zero point. */
    public SavedActivation encodedBy(float scale, int zeroPoint) {
        return new SavedActivation(
                value, sharedWith, format, Optional.of(new Affine(scale, zeroPoint)), calibrated);
    }

    /** The same value in other codes, whose scale and zero point are to be measured. */
    public SavedActivation as(IntegerFormat other) {
        return new SavedActivation(value, sharedWith, other, Optional.empty(), Optional.empty());
    }
}
