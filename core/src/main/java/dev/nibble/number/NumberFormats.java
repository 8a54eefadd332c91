package dev.nibble.number;

import dev.nibble.error.NibbleException;
import dev.nibble.error.Spelling;
import dev.nibble.tensor.DataType;

import java.util.List;

/**
 * The catalogue of number formats: a new format of a known family is one constant and one place in
 * {@link #ALL}.
 */
public final class NumberFormats {
    public static final IntegerFormat INT8 = new IntegerFormat(DataType.INT8, 8, true);
    public static final IntegerFormat UINT8 = new IntegerFormat(DataType.UINT8, 8, false);
    public static final IntegerFormat INT16 = new IntegerFormat(DataType.INT16, 16, true);
    public static final IntegerFormat UINT16 = new IntegerFormat(DataType.UINT16, 16, false);
    public static final IntegerFormat INT4 = new IntegerFormat(DataType.INT4, 4, true);
    public static final IntegerFormat UINT4 = new IntegerFormat(DataType.UINT4, 4, false);

    /** Every format there is. */
    public static final List<IntegerFormat> ALL = List.of(INT8, UINT8, INT16, UINT16, INT4, UINT4);

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
