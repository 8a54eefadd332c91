package dev.nibble.formats.data;

import dev.nibble.error.NibbleException;
import dev.nibble.graph.ValueInfo;
import dev.nibble.graph.ValueInfo.Dimension;
import dev.nibble.graph.ValueInfo.Fixed;
import dev.nibble.graph.ValueInfo.OtherType;
import dev.nibble.graph.ValueInfo.RankedTensor;
import dev.nibble.graph.ValueInfo.UnrankedTensor;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/**
 * Checks arrays against the inputs of a network, widens or narrows their numbers, and repeats a
 * sample where a network takes several at once.
 */
final class InputFit {
    private InputFit() {}

    /**
     * Checks an array before any sample is taken from it.
     *
     * @param what the array and its file, for messages
     * @param shape the shape of one sample, batch axis included
     * @throws NibbleException if it does not fit; the message says what the network expects
     */
    static void check(ValueInfo input, DataType type, Shape shape, String what) {
        switch (input.type()) {
            case RankedTensor(DataType wanted, List<Dimension> dims) -> {
                checkType(input, wanted, type, what);
                boolean fits = dims.size() == shape.rank();
                for (int axis = 0; fits && axis < dims.size(); axis++) {
                    fits =
                            !(dims.get(axis) instanceof Fixed(long size))
                                    || size == shape.dim(axis)
                                    || (axis == 0 && batch(input) > 1 && shape.dim(0) == 1);
                }
                if (!fits) {
                    throw new NibbleException(
                            "%s gives samples of shape %s, but input \"%s\" of the network is %s; reshape it"
                                    .formatted(what, shape, input.name(), input.type()));
                }
            }
            case UnrankedTensor(DataType wanted) -> checkType(input, wanted, type, what);
            case OtherType other ->
                    throw new NibbleException(
                            "input \"%s\" of the network is a %s; Nibble feeds tensors only"
                                    .formatted(input.name(), other));
        }
    }

    /** How many samples the network takes at once; 1 if any number. */
    static long batch(ValueInfo input) {
        return input.type() instanceof RankedTensor(DataType _, List<Dimension> dims)
                        && !dims.isEmpty()
                        && dims.getFirst() instanceof Fixed(long size)
                ? Math.max(1, size)
                : 1;
    }

    /**
     * The shape of one sample of an array whose first axis counts them: a batch of one, or what
     * remains without that axis where the network's input has one less.
     */
    static Shape sampleShape(ValueInfo input, Tensor array) {
        long[] dims = array.shape().dims();
        if (input.type() instanceof RankedTensor(DataType _, List<Dimension> wanted)
                && wanted.size() == dims.length - 1) {
            return Shape.of(Arrays.copyOfRange(dims, 1, dims.length));
        }
        dims[0] = 1;
        return Shape.of(dims);
    }

    /** Whether the samples of an array have to be repeated for an input. */
    static boolean repeats(ValueInfo input, Tensor array) {
        Shape shape = sampleShape(input, array);
        return batch(input) > 1 && shape.rank() > 0 && shape.dim(0) == 1;
    }

    /** The tensor as often as the network takes samples at once. */
    private static Tensor repeated(Tensor tensor, ValueInfo input) {
        long count = batch(input);
        if (count == 1 || tensor.shape().rank() == 0 || tensor.shape().dim(0) != 1) {
            return tensor;
        }
        long[] dims = tensor.shape().dims();
        dims[0] = count;
        long bytes = tensor.data().byteSize();
        MemorySegment data = MemorySegment.ofArray(new byte[Math.toIntExact(count * bytes)]);
        for (long i = 0; i < count; i++) {
            MemorySegment.copy(tensor.data(), 0, data, i * bytes, bytes);
        }
        return new Tensor(tensor.type(), Shape.of(dims), data);
    }

    private static void checkType(ValueInfo input, DataType wanted, DataType given, String what) {
        boolean fits =
                wanted == given
                        || (isFloat(wanted) && isFloat(given))
                        || ((wanted == DataType.INT64 || wanted == DataType.INT32)
                                && isInteger(given));
        if (!fits) {
            throw new NibbleException(
                    "%s holds %s, but input \"%s\" of the network is %s; convert it with astype"
                            .formatted(what, given, input.name(), input.type()));
        }
    }

    private static boolean isFloat(DataType type) {
        return switch (type) {
            case FLOAT16, BFLOAT16, FLOAT32, FLOAT64 -> true;
            default -> false;
        };
    }

    private static boolean isInteger(DataType type) {
        return switch (type) {
            case INT8, UINT8, INT16, UINT16, INT32, UINT32, INT64 -> true;
            default -> false;
        };
    }

    /**
     * The tensor as an input takes it that it was checked against: with its element type, and as
     * often as it takes samples at once.
     */
    static Tensor convert(Tensor tensor, ValueInfo input, String what) {
        return repeated(typed(tensor, input, what), input);
    }

    private static Tensor typed(Tensor tensor, ValueInfo input, String what) {
        DataType wanted =
                switch (input.type()) {
                    case RankedTensor(DataType type, List<Dimension> _) -> type;
                    case UnrankedTensor(DataType type) -> type;
                    case OtherType _ -> tensor.type();
                };
        if (wanted == tensor.type()) {
            return tensor;
        }
        return switch (wanted) {
            case FLOAT32 -> Tensor.ofFloats(tensor.shape(), tensor.floats());
            case FLOAT64 -> new Tensor(wanted, tensor.shape(), doubles(tensor));
            case FLOAT16, BFLOAT16 -> new Tensor(wanted, tensor.shape(), halves(tensor, wanted));
            case INT64 -> Tensor.ofLongs(tensor.shape(), tensor.longs());
            case INT32 -> Tensor.ofInts(tensor.shape(), ints(tensor, what));
            default -> throw new IllegalArgumentException(what + " was not checked");
        };
    }

    private static MemorySegment doubles(Tensor tensor) {
        float[] floats = tensor.floats();
        double[] doubles = new double[floats.length];
        for (int i = 0; i < floats.length; i++) {
            doubles[i] = floats[i];
        }
        return MemorySegment.ofArray(doubles);
    }

    private static MemorySegment halves(Tensor tensor, DataType type) {
        float[] floats = tensor.floats();
        short[] halves = new short[floats.length];
        for (int i = 0; i < floats.length; i++) {
            halves[i] =
                    type == DataType.FLOAT16
                            ? Float.floatToFloat16(floats[i])
                            : bfloat16(floats[i]);
        }
        return MemorySegment.ofArray(halves);
    }

    /** Rounds half to even; infinities stay, NaN stays NaN. */
    private static short bfloat16(float value) {
        int bits = Float.floatToIntBits(value);
        if (Float.isNaN(value)) {
            return (short) ((bits >>> Short.SIZE) | 1);
        }
        int half = 0x7FFF + ((bits >>> Short.SIZE) & 1);
        return (short) ((bits + half) >>> Short.SIZE);
    }

    private static int[] ints(Tensor tensor, String what) {
        long[] longs = tensor.longs();
        int[] ints = new int[longs.length];
        for (int i = 0; i < longs.length; i++) {
            if (longs[i] != (int) longs[i]) {
                throw new NibbleException(
                        "%s holds %d, which does not fit the int32 of the network"
                                .formatted(what, longs[i]));
            }
            ints[i] = (int) longs[i];
        }
        return ints;
    }
}
