package dev.nibble.cli;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers as people read them: few digits, with their unit. The JSON results have all digits. */
final class Figures {
    /** Stands where there is no number. */
    static final String NONE = "–";

    private static final String[] BYTE_UNITS = {"B", "kB", "MB", "GB", "TB"};
    private static final int LARGE = 100;

    private Figures() {}

    /** Bytes in powers of ten, as in {@code 3.7 MB}. */
    static String bytes(long count) {
        double scaled = count;
        int unit = 0;
        while (scaled >= 999.5 && unit < BYTE_UNITS.length - 1) {
            scaled /= 1000;
            unit++;
        }
        return decimal(scaled, unit == 0 || scaled >= LARGE ? 0 : 1) + " " + BYTE_UNITS[unit];
    }

    /** A fraction as a percentage, as in {@code 81.5 %}; nothing for NaN. */
    static String percent(double fraction) {
        return Double.isNaN(fraction) ? NONE : decimal(100 * fraction, 1) + " %";
    }

    /**
     * Decibels without their unit, as in {@code 16.3}; {@code exact} if there is no error at all.
     */
    static String decibels(double value) {
        return value == Double.POSITIVE_INFINITY ? "exact" : decimal(value, 1);
    }

    /** A duration, as in {@code 3.4 s} or {@code 2 min 5 s}. */
    static String seconds(double value) {
        if (Math.round(10 * value) < 600) {
            return decimal(value, 1) + " s";
        }
        long whole = Math.round(value);
        return "%d min %d s".formatted(whole / 60, whole % 60);
    }

    /** A duration in milliseconds, as in {@code 5.21 ms}. */
    static String milliseconds(double value) {
        return decimal(value, value >= LARGE ? 0 : 2) + " ms";
    }

    /** An energy, as in {@code 1.2 mJ}; nothing for NaN. */
    static String joules(double value) {
        String[] units = {"J", "mJ", "µJ", "nJ", "pJ"};
        double scaled = value;
        int unit = 0;
        while (scaled < 0.9995 && unit < units.length - 1) {
            scaled *= 1000;
            unit++;
        }
        return Double.isNaN(value) ? NONE : significant(scaled, 3) + " " + units[unit];
    }

    /** A number with so many digits after the point; nothing for NaN. */
    static String decimal(double value, int digits) {
        return Double.isNaN(value) ? NONE : String.format(Locale.ROOT, "%." + digits + "f", value);
    }

    /** A number with so many significant digits, as short as possible; nothing for NaN. */
    static String significant(double value, int digits) {
        if (Double.isNaN(value)) {
            return NONE;
        }
        if (value == 0 || Double.isInfinite(value)) {
            return value == 0 ? "0" : Double.toString(value);
        }
        BigDecimal rounded =
                new BigDecimal(value).round(new MathContext(digits)).stripTrailingZeros();
        return rounded.precision() - rounded.scale() > 7 || rounded.scale() > 7
                ? rounded.toString()
                : rounded.toPlainString();
    }
}
