package dev.nibble.number;

import dev.nibble.error.NibbleException;
import dev.nibble.error.Spelling;

import java.util.List;

/**
 * The catalogue of number formats: a new format of a known family is one constant and one place in
 * {@link #ALL}.
 */
public final class NumberFormats {
    public static final IntegerFormat INT8 = new IntegerFormat(8, true);
    public static final IntegerFormat UINT8 = new IntegerFormat(8, false);
    public static final IntegerFormat INT16 = new IntegerFormat(16, true);
    public static final IntegerFormat UINT16 = new IntegerFormat(16, false);
    public static final IntegerFormat INT4 = new IntegerFormat(4, true);
    public static final IntegerFormat UINT4 = new IntegerFormat(4, false);

    /** Stored as int4. */
    public static final IntegerFormat INT3 = new IntegerFormat(3, true);

    /** Stored as uint4. */
    public static final IntegerFormat UINT3 = new IntegerFormat(3, false);

    /** Stored as int4. */
    public static final IntegerFormat INT2 = new IntegerFormat(2, true);

    /** Stored as uint4. */
    public static final IntegerFormat UINT2 = new IntegerFormat(2, false);

    /** Stored as int8. */
    public static final IntegerFormat INT7 = new IntegerFormat(7, true);

    /** Stored as uint8. */
    public static final IntegerFormat UINT7 = new IntegerFormat(7, false);

    /** Stored as int8. */
    public static final IntegerFormat INT6 = new IntegerFormat(6, true);

    /** Stored as uint8. */
    public static final IntegerFormat UINT6 = new IntegerFormat(6, false);

    /** Stored as int8. */
    public static final IntegerFormat INT5 = new IntegerFormat(5, true);

    /** Stored as uint8. */
    public static final IntegerFormat UINT5 = new IntegerFormat(5, false);

    /** Every format there is. */
    public static final List<IntegerFormat> ALL =
            List.of(
                    INT8, UINT8, INT16, UINT16, INT4, UINT4, INT3, UINT3, INT2, UINT2, INT7, UINT7,
                    INT6, UINT6, INT5, UINT5);

    private NumberFormats() {}

    /**
     * The format of a name such as {@code int8}.
     *
     * @throws NibbleException if there is none; the message lists them
     */
    public static IntegerFormat named(String name) {
        return ALL.stream()
                .filter(format -> format.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> unknown(name));
    }

    private static NibbleException unknown(String name) {
        List<String> known = ALL.stream().map(IntegerFormat::toString).toList();
        return new NibbleException(
                "there is no number format \"%s\"; known are %s%s"
                        .formatted(name, String.join(", ", known), Spelling.hint(name, known)));
    }
}
