package dev.nibble.calibrate;

import dev.nibble.error.NibbleException;
import dev.nibble.error.Spelling;

import java.util.List;

/** The catalogue of calibrators: a new one is one class, one test and one line here. */
public final class Calibrators {
    /** Everything that was seen; nothing is clipped. */
    public static final Calibrator MIN_MAX = new MinMaxCalibrator();

    /** All but one value in a hundred thousand. */
    public static final Calibrator PERCENTILE =
            new PercentileCalibrator(PercentileCalibrator.USUAL);

    /** The least mean squared error. */
    public static final Calibrator MSE = new MseCalibrator();

    /** The least Kullback-Leibler divergence. */
    public static final Calibrator ENTROPY = new EntropyCalibrator();

    /**
     * Whichever of the others errs least on the tensor at hand. Entropy is not asked: it looks for
     * something else than the least error.
     */
    public static final Calibrator AUTO =
            new AutoCalibrator(List.of(MIN_MAX, PERCENTILE, new PercentileCalibrator(99.99), MSE));

    /** Every calibrator there is. */
    public static final List<Calibrator> ALL = List.of(AUTO, MIN_MAX, PERCENTILE, MSE, ENTROPY);

    private static final String PERCENTILE_OF = "percentile:";

    private Calibrators() {}

    /**
     * The calibrator of a name; {@code percentile:99.9} gives the percentile.
     *
     * @throws NibbleException if there is none; the message lists them
     */
    public static Calibrator named(String name) {
        if (name.startsWith(PERCENTILE_OF)) {
            return PercentileCalibrator.parse(name.substring(PERCENTILE_OF.length()));
        }
        return ALL.stream()
                .filter(calibrator -> calibrator.name().equals(name))
                .findFirst()
                .orElseThrow(() -> unknown(name));
    }

    private static NibbleException unknown(String name) {
        List<String> known = ALL.stream().map(Calibrator::name).toList();
        return new NibbleException(
                "there is no calibrator \"%s\"; known are %s and percentile:NUMBER%s"
                        .formatted(name, String.join(", ", known), Spelling.hint(name, known)));
    }
}
