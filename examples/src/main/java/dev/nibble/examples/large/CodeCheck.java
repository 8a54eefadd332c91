package dev.nibble.examples.large;

import dev.nibble.formats.onnx.OnnxFormat;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Compares every code of a quantized {@link LargeNetwork} with what the definition says, tensor by
 * tensor: {@code clamp(roundHalfEven(w / scale))}, with the scale that the file has, which for 8
 * bits has to be that of the channel's largest magnitude. A plain loop, apart from the code that it
 * checks.
 */
public final class CodeCheck {
    private static final int ROWS_AT_ONCE = 64;

    private final Graph original;
    private final Graph quantized;
    private long codes;

    private CodeCheck(Graph original, Graph quantized) {
        this.original = original;
        this.quantized = quantized;
    }

    /** Takes the file of the network and that of the quantized one. */
    public static void main(String... arguments) {
        long codes = check(Path.of(arguments[0]), Path.of(arguments[1]));
        System.out.println(codes + " codes are as they have to be");
    }

    /**
     * Checks all weights of all layers.
     *
     * @return how many codes there are
     * @throws IllegalStateException if one is another than expected; the message says which
     */
    public static long check(Path original, Path quantized) {
        OnnxFormat format = new OnnxFormat();
        CodeCheck check =
                new CodeCheck(format.read(original).graph(), format.read(quantized).graph());
        check.original
                .constants()
                .forEach((name, weights) -> {
                    if (name.contains("_w")) {
                        check.check(name, weights);
                    }
                });
        return check.codes;
    }

    private void check(String name, Tensor weights) {
        boolean transposed = quantized.constants().containsKey(name + "_transposed_quantized");
        String stem = transposed ? name + "_transposed" : name;
        Tensor stored = constant(stem + "_quantized");
        Tensor scales = constant(stem + "_scale");
        int rows = Math.toIntExact(weights.shape().dim(0));
        int columns = Math.toIntExact(weights.elements() / rows);
        Layout layout = new Layout(rows, columns, transposed, groupOf(stem, scales));
        float[] factors = scales.floats();
        if (stored.type() == DataType.INT8) {
            requireWidestScales(name, weights, layout, factors);
        }
        float[] piece = new float[ROWS_AT_ONCE * columns];
        for (int first = 0; first < rows; first += ROWS_AT_ONCE) {
            int count = Math.min(ROWS_AT_ONCE, rows - first);
            weights.copyFloats((long) first * columns, piece, 0, count * columns);
            for (int i = 0; i < count * columns; i++) {
                int row = first + i / columns;
                int column = i % columns;
                float scale = factors[Math.toIntExact(layout.group(row, column))];
                long at = layout.stored(row, column);
                requireCode(name, at, code(stored, at), piece[i], scale, stored.type());
                codes++;
            }
        }
    }

    private static void requireCode(
            String name, long at, int code, float weight, float scale, DataType type) {
        int most = type == DataType.INT8 ? 127 : 7;
        int expected = (int) Math.max(-most - 1, Math.min(most, Math.rint(weight / scale)));
        if (code != expected) {
            throw new IllegalStateException(
                    "code %d of %s is %d, but %s / %s rounds to %d"
                            .formatted(at, name, code, weight, scale, expected));
        }
    }

    private static int code(Tensor stored, long at) {
        if (stored.type() == DataType.INT8) {
            return stored.data().get(ValueLayout.JAVA_BYTE, at);
        }
        int pair = stored.data().get(ValueLayout.JAVA_BYTE, at / 2);
        return (at % 2 == 0 ? pair << 28 : pair << 24) >> 28;
    }

    private static void requireWidestScales(
            String name, Tensor weights, Layout layout, float[] factors) {
        float[] most = new float[factors.length];
        float[] row = new float[layout.columns];
        for (int y = 0; y < layout.rows; y++) {
            weights.copyFloats((long) y * layout.columns, row, 0, row.length);
            for (int x = 0; x < row.length; x++) {
                int group = Math.toIntExact(layout.group(y, x));
                most[group] = Math.max(most[group], Math.abs(row[x]));
            }
        }
        for (int group = 0; group < most.length; group++) {
            if (factors[group] != (float) (2.0 * most[group] / 254)) {
                throw new IllegalStateException(
                        "scale %d of %s is %s, but the largest magnitude is %s"
                                .formatted(group, name, factors[group], most[group]));
            }
        }
    }

    private Tensor constant(String name) {
        return Optional.ofNullable(quantized.constants().get(name))
                .orElseThrow(
                        () -> new IllegalStateException("there is no constant called " + name));
    }

    /** The nodes say along which axis scales lie, and how many weights share one. */
    private Groups groupOf(String stem, Tensor scales) {
        Optional<Node> dequantize =
                quantized.consumers(stem + "_scale").stream()
                        .filter(node -> node.is("DequantizeLinear"))
                        .findFirst();
        Shape shape = scales.shape();
        if (dequantize.isPresent()) {
            int axis = (int) dequantize.get().integer("axis", 1);
            return new Groups(axis, (int) dequantize.get().integer("block_size", 0), shape);
        }
        // scales of a Mul are broadcast: [out, 1, 1, 1], or with an axis of blocks behind
        boolean blocks = shape.rank() > 1 && shape.dim(1) > 1;
        return blocks
                ? new Groups(1, 32, Shape.of(shape.dim(0), shape.dim(1)))
                : new Groups(0, 0, shape);
    }

    /**
     * Which scale is whose.
     *
     * @param blockSize 0 for one scale for each extent of the axis
     */
    private record Groups(int axis, int blockSize, Shape shape) {
        long of(long first, long second) {
            long along = axis == 0 ? first : second;
            if (blockSize == 0) {
                return along;
            }
            long block = along / blockSize;
            return axis == 0 ? block * shape.dim(1) + second : first * shape.dim(1) + block;
        }
    }

    /** Where the code of a weight lies, and its scale. */
    private record Layout(int rows, int columns, boolean transposed, Groups groups) {
        long stored(int row, int column) {
            return transposed ? (long) column * rows + row : (long) row * columns + column;
        }

        long group(int row, int column) {
            return transposed ? groups.of(column, row) : groups.of(row, column);
        }
    }
}
