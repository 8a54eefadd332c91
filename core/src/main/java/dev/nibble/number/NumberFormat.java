package dev.nibble.number;

import dev.nibble.tensor.DataType;

/** A set of numbers that few bits can name. */
public sealed interface NumberFormat permits IntegerFormat {
    /** Width of one code in bits. */
    int bits();

    /** The element type that holds the codes; it may be wider than they are. */
    DataType dataType();
}
