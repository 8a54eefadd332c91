package dev.nibble.plan;

import dev.nibble.error.NibbleException;
import dev.nibble.number.Range;

/**
 * A range that the user gives for some values, in the place of a measured one: values outside are
 * clipped to it.
 *
 * @param pattern which values: by their names, or by the name or type of the node that makes them
 */
public record RangeOverride(NamePattern pattern, Range range) {
    /**
     * Reads {@code PATTERN=MIN,MAX}.
     *
     * @throws NibbleException if it is written otherwise
     */
    public static RangeOverride parse(String text) {
        int equals = text.lastIndexOf('=');
        String[] ends = equals < 0 ? new String[0] : text.substring(equals + 1).split(",", -1);
        if (ends.length != 2) {
            throw new NibbleException(
                    "range \"" + text + "\" is not PATTERN=MIN,MAX, as in conv1_out=0,6");
        }
        try {
            return new RangeOverride(
                    new NamePattern(text.substring(0, equals)),
                    new Range(
                            Float.parseFloat(ends[0].strip()), Float.parseFloat(ends[1].strip())));
        } catch (IllegalArgumentException e) {
            throw new NibbleException(
                    "range \""
                            + text
                            + "\" does not end in two finite numbers MIN,MAX with MIN <= MAX",
                    e);
        }
    }
}
