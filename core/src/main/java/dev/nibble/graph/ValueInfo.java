package dev.nibble.graph;

import dev.nibble.tensor.DataType;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What is declared about a value: its name and type.
 *
 * @param extras what else the file says about it
 */
public record ValueInfo(String name, ValueType type, Extras extras) {

    public static ValueInfo of(String name, ValueType type) {
        return new ValueInfo(name, type, Extras.NONE);
    }

    public static ValueInfo ofTensor(String name, DataType type, Dimension... dims) {
        return of(name, new RankedTensor(type, List.of(dims)));
    }

    public ValueInfo withType(ValueType other) {
        return new ValueInfo(name, other, extras);
    }

    /** The declared type of a value. */
    public sealed interface ValueType {}

    /** A tensor whose number of axes is known. */
    public record RankedTensor(DataType elementType, List<Dimension> dims) implements ValueType {
        public RankedTensor {
            dims = List.copyOf(dims);
        }

        @Override
        public String toString() {
            return elementType
                    + dims.stream()
                            .map(Dimension::toString)
                            .collect(Collectors.joining("×", " [", "]"));
        }
    }

    /** A tensor of unknown rank. */
    public record UnrankedTensor(DataType elementType) implements ValueType {
        @Override
        public String toString() {
            return elementType + " of unknown rank";
        }
    }

    /**
     * A sequence, map, optional or sparse tensor, or no type at all; the extras of the value hold
     * it.
     */
    public record OtherType(String kind) implements ValueType {
        @Override
        public String toString() {
            return kind;
        }
    }

    /** The extent of one axis. */
    public sealed interface Dimension {
        static Dimension of(long size) {
            return new Fixed(size);
        }

        static Dimension of(String symbol) {
            return new Symbolic(symbol);
        }
    }

    /** A known extent. */
    public record Fixed(long size) implements Dimension {
        @Override
        public String toString() {
            return Long.toString(size);
        }
    }

    /** A named extent, as in {@code batch}; the empty name stands for an unknown one. */
    public record Symbolic(String symbol) implements Dimension {
        @Override
        public String toString() {
            return symbol.isEmpty() ? "?" : symbol;
        }
    }
}
