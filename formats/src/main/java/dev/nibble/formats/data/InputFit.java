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
import java.util.List;

/** Checks arrays against the inputs of a network and widens or narrows their numbers. */
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
                    fits = !(dims.get(axis) instanceof Fixed(long size)) || size == shape.dim(axis);
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
        return type == DataType.FLOAT16 || type == DataType.FLOAT32 || type == DataType.FLOAT64;
    }

    private static boolean isInteger(DataType type) {
        return switch (type) {
            case INT8, UINT8, INT16, UINT16, INT32, UINT32, INT64 -> true;
            default -> false;
        };
    }

    /** The tensor with the element type of an input that it was checked against. */
    static Tensor convert(Tensor tensor, ValueInfo input, String what) {
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
            case FLOAT16 -> new Tensor(wanted, tensor.shape(), halves(tensor));
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

    private static MemorySegment halves(Tensor tensor) {
        float[] floats = tensor.floats();
        short[] halves = new short[floats.length];
        for (int i = 0; i < floats.length; i++) {
            halves[i] = Float.floatToFloat16(floats[i]);
        }
        return MemorySegment.ofArray(halves);
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
