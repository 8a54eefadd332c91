package dev.nibble.engine.generate;

import dev.nibble.error.NibbleException;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.random.RandomGenerator;

/** Which numbers an input is filled with. */
sealed interface InputValues {
    /** One number. */
    double draw(RandomGenerator random);

    /** Standard normal. */
    record Normal() implements InputValues {
        @Override
        public double draw(RandomGenerator random) {
            return random.nextGaussian();
        }
    }

    /** Evenly spread from 0 to 1. */
    record Unit() implements InputValues {
        @Override
        public double draw(RandomGenerator random) {
            return random.nextDouble();
        }
    }

    /**
     * Whole numbers from 0 to just below a bound: bytes of pixels, rows of a table.
     *
     * @param bound at least 1
     */
    record Below(long bound) implements InputValues {
        @Override
        public double draw(RandomGenerator random) {
            return random.nextLong(bound);
        }
    }

    /** The same number everywhere. */
    record Always(double number) implements InputValues {
        @Override
        public double draw(RandomGenerator random) {
            return number;
        }
    }

    /**
     * A tensor full of such numbers.
     *
     * @throws NibbleException if numbers of that type cannot be made up
     */
    default Tensor fill(DataType type, Shape shape, RandomGenerator random) {
        int elements = Math.toIntExact(shape.elements());
        MemorySegment data = MemorySegment.ofArray(new byte[Math.toIntExact(type.bytes(elements))]);
        for (int i = 0; i < elements; i++) {
            set(type, data, i, draw(random));
        }
        return new Tensor(type, shape, data);
    }

    private static void set(DataType type, MemorySegment data, int index, double number) {
        switch (type) {
            case FLOAT32 ->
                    data.set(
                            ValueLayout.JAVA_FLOAT_UNALIGNED,
                            (long) index * Float.BYTES,
                            (float) number);
            case FLOAT64 ->
                    data.set(
                            ValueLayout.JAVA_DOUBLE_UNALIGNED, (long) index * Double.BYTES, number);
            case FLOAT16 -> setShort(data, index, Float.floatToFloat16((float) number));
            case BFLOAT16 ->
                    setShort(data, index, (short) (Float.floatToIntBits((float) number) >>> 16));
            case INT64 ->
                    data.set(
                            ValueLayout.JAVA_LONG_UNALIGNED,
                            (long) index * Long.BYTES,
                            (long) number);
            case INT32 ->
                    data.set(
                            ValueLayout.JAVA_INT_UNALIGNED,
                            (long) index * Integer.BYTES,
                            (int) number);
            case INT16 -> setShort(data, index, (short) number);
            case INT8, UINT8, BOOL -> data.set(ValueLayout.JAVA_BYTE, index, (byte) (int) number);
            default -> throw new NibbleException("no inputs of type " + type + " can be made up");
        }
    }

    private static void setShort(MemorySegment data, int index, short bits) {
        data.set(ValueLayout.JAVA_SHORT_UNALIGNED, (long) index * Short.BYTES, bits);
    }
}
