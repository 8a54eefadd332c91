package dev.nibble.onnxruntime;

import dev.nibble.graph.ValueInfo;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * One input of an {@link OpsetCase}.
 *
 * @param kind the letter or sign that the text starts with
 * @param text what follows it
 */
record OpsetOperand(char kind, String text) {
    private static final String FED = "fpugdhbijqs";
    private static final long SEED = 17;

    static OpsetOperand of(String text) {
        char kind = text.charAt(0);
        return new OpsetOperand(kind, kind == '{' ? text : text.substring(1));
    }

    boolean isLeftOut() {
        return kind == '_';
    }

    boolean isFed() {
        return FED.indexOf(kind) >= 0;
    }

    private DataType type() {
        return switch (kind) {
            case 'd' -> DataType.FLOAT64;
            case 'h' -> DataType.FLOAT16;
            case 'b' -> DataType.BOOL;
            case 'i', '{', '=' -> DataType.INT64;
            case 'j', '%' -> DataType.INT32;
            case 'q', '#' -> DataType.UINT8;
            case 's' -> DataType.INT8;
            default -> DataType.FLOAT32;
        };
    }

    ValueInfo declare(String name) {
        Object[] dims = new Object[shape().rank()];
        for (int axis = 0; axis < dims.length; axis++) {
            dims[axis] =
                    text.startsWith("?") ? name + "_" + axis : (Object) (int) shape().dim(axis);
        }
        return Networks.info(name, type(), dims);
    }

    private Shape shape() {
        String list = text.substring(text.indexOf('[') + 1, text.length() - 1);
        return Shape.of(Stream.of(list.split(",")).mapToLong(Long::parseLong).toArray());
    }

    /** Random numbers, decided by the place of the input. */
    Tensor random(int index) {
        Random random = new Random(SEED + index);
        List<Double> values = new ArrayList<>();
        for (long i = 0; i < shape().elements(); i++) {
            values.add(
                    switch (kind) {
                        case 'p' -> 0.1 + random.nextDouble();
                        case 'u' -> 1.8 * random.nextDouble() - 0.9;
                        case 'g' -> 1.1 + 1.9 * random.nextDouble();
                        case 'b', 'i', 'j' -> (double) random.nextInt(2);
                        case 'q' -> (double) random.nextInt(8);
                        case 's' -> (double) random.nextInt(-8, 8);
                        default -> random.nextGaussian();
                    });
        }
        return tensor(shape(), values);
    }

    Tensor constant() {
        String inner = kind == '{' ? text.substring(1, text.length() - 1) : text;
        if (kind == '{' && !inner.startsWith("[")) {
            inner = "[" + inner + "]";
        }
        List<Long> dims = new ArrayList<>();
        int depth = 0;
        while (depth < inner.length() && inner.charAt(depth) == '[') {
            depth++;
        }
        List<Double> values =
                Stream.of(inner.replaceAll("[\\[\\]]", "").split(","))
                        .filter(item -> !item.isEmpty())
                        .map(Double::valueOf)
                        .toList();
        long groups = 1;
        for (int level = 1; level < depth; level++) {
            long all = 1L + count(inner, "]".repeat(depth - level) + ",");
            dims.add(all / groups);
            groups = all;
        }
        if (depth > 0) {
            dims.add(values.size() / groups);
        }
        return tensor(Shape.of(dims.stream().mapToLong(Long::longValue).toArray()), values);
    }

    private static int count(String text, String part) {
        return (text.length() - text.replace(part, "").length()) / part.length();
    }

    private Tensor tensor(Shape shape, List<Double> values) {
        DataType type = type();
        MemorySegment data = MemorySegment.ofArray(new byte[(int) type.bytes(values.size())]);
        for (int i = 0; i < values.size(); i++) {
            double value = values.get(i);
            switch (type) {
                case FLOAT64 -> data.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, 8L * i, value);
                case FLOAT16 ->
                        data.set(
                                ValueLayout.JAVA_SHORT_UNALIGNED,
                                2L * i,
                                Float.floatToFloat16((float) value));
                case INT64 -> data.set(ValueLayout.JAVA_LONG_UNALIGNED, 8L * i, (long) value);
                case INT32 -> data.set(ValueLayout.JAVA_INT_UNALIGNED, 4L * i, (int) value);
                case BOOL, UINT8, INT8 -> data.set(ValueLayout.JAVA_BYTE, i, (byte) value);
                default -> data.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * i, (float) value);
            }
        }
        return new Tensor(type, shape, data);
    }
}
