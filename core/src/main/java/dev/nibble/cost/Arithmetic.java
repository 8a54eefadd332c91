package dev.nibble.cost;

/** What a product is computed in; it is what a multiply-add costs by. */
public enum Arithmetic {
    /** Codes of at most 8 bits, summed up in 32 bits. 4-bit codes are widened to 8 first. */
    INT8("int8"),
    /** Half precision. */
    FLOAT16("float16"),
    /** Single precision. */
    FLOAT32("float32");

    private final String text;

    Arithmetic(String text) {
        this.text = text;
    }

    /** The name of the format, as in {@code int8}. */
    @Override
    public String toString() {
        return text;
    }
}
