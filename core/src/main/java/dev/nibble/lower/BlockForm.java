package dev.nibble.lower;

import dev.nibble.graph.Attribute.IntValue;
import dev.nibble.graph.Node;
import dev.nibble.number.Granularity.PerBlock;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Operators of {@code com.microsoft} that hold their weights in blocks: MatMulNBits and
 * GatherBlockQuantized.
 */
record BlockForm(FloatRewriting rewriting) implements QuantizedForm {
    @Override
    public Map<String, Consumer<Node>> operators() {
        return Map.ofEntries(
                Map.entry("MatMulNBits", this::product),
                Map.entry("GatherBlockQuantized", this::gather));
    }

    private void product(Node node) {
        NBits bits =
                NBits.of(
                        node,
                        constant(node, 1),
                        constant(node, 2),
                        node.hasInput(3) ? Optional.of(constant(node, 3)) : Optional.empty(),
                        node.hasInput(4) ? Optional.of(constant(node, 4)) : Optional.empty());
        Tensor floats = FloatConstants.as(bits.transposed(), constant(node, 2).type());
        String weights = rewriting.makeConstant(node.input(1), floats);
        MatrixForm.product(rewriting, node, node.input(0), weights, 5);
    }

    private Tensor constant(Node node, int input) {
        return rewriting
                .constant(node.input(input))
                .orElseThrow(() ->
                        FloatRewriting.refusal(
                                node, "its input " + node.input(input) + " is no constant"));
    }

    private void gather(Node node) {
        Tensor codes = constant(node, 0);
        Tensor scales = constant(node, 2);
        int axis = Math.toIntExact(required(node, "quantize_axis"));
        int block = Math.toIntExact(node.integer("block_size", 128));
        if (codes.type() != DataType.INT4 && codes.type() != DataType.UINT4) {
            throw FloatRewriting.refusal(
                    node, "its codes are " + codes.type() + "; Nibble knows int4 and uint4 here");
        }
        int[] zeroPoints = new int[Math.toIntExact(scales.elements())];
        if (node.hasInput(3)) {
            long[] given = constant(node, 3).longs();
            if (given.length != zeroPoints.length) {
                throw FloatRewriting.refusal(
                        node,
                        "it has %d zero points for %d scales"
                                .formatted(given.length, zeroPoints.length));
            }
            for (int i = 0; i < zeroPoints.length; i++) {
                zeroPoints[i] = Math.toIntExact(given[i]);
            }
        }
        Affine affine = Affine.of(scales, zeroPoints, new PerBlock(axis, block));
        String table =
                rewriting.makeConstant(
                        node.input(0), rewriting.floats(node, node.input(0), codes, affine));
        rewriting.emit(
                OperatorForm.floatNode(node, "Gather", List.of(table, node.input(1)), Map.of())
                        .with("axis", new IntValue(node.integer("gather_axis", 0))));
    }

    private static long required(Node node, String attribute) {
        OptionalLong value = node.integer(attribute);
        return value.orElseThrow(
                () -> FloatRewriting.refusal(node, "it lacks its attribute " + attribute));
    }

    /**
     * The weights of MatMulNBits: {@code [columns × blocks × bytes]}, codes packed from the lowest
     * bits, zero points packed alike with each column beginning a byte, or floats.
     *
     * @param groups for each row its block; rows in order if absent
     */
    private record NBits(
            int columns,
            int rows,
            int bits,
            int block,
            byte[] codes,
            float[] scales,
            float[] zeroPoints,
            long[] groups) {

        static NBits of(
                Node node,
                Tensor codes,
                Tensor scales,
                Optional<Tensor> zeroPoints,
                Optional<Tensor> groups) {
            int rows = Math.toIntExact(required(node, "K"));
            int columns = Math.toIntExact(required(node, "N"));
            int bits = Math.toIntExact(node.integer("bits", 4));
            int block = Math.toIntExact(required(node, "block_size"));
            if (bits != 2 && bits != 4 && bits != 8) {
                throw FloatRewriting.refusal(node, "its codes have " + bits + " bits");
            }
            int blocks = Math.ceilDiv(rows, block);
            long bytes = (long) columns * blocks * (block * bits / Byte.SIZE);
            if (codes.elements() != bytes || scales.elements() != (long) columns * blocks) {
                throw FloatRewriting.refusal(
                        node,
                        "its weights %s and scales %s do not fit K %d, N %d, block_size %d"
                                .formatted(codes, scales, rows, columns, block));
            }
            long[] order = groups.map(Tensor::longs).orElseGet(() -> inOrder(rows, block));
            if (order.length != rows
                    || Arrays.stream(order).anyMatch(group -> group < 0 || group >= blocks)) {
                throw FloatRewriting.refusal(
                        node,
                        "its g_idx does not name one of %d blocks for each of %d rows"
                                .formatted(blocks, rows));
            }
            return new NBits(
                    columns,
                    rows,
                    bits,
                    block,
                    codes.data().toArray(ValueLayout.JAVA_BYTE),
                    scales.floats(),
                    zeroPoints
                            .map(given -> zeroPoints(node, given, columns, blocks, bits))
                            .orElseGet(() -> middle(columns * blocks, bits)),
                    order);
        }

        private static float[] middle(int count, int bits) {
            float[] zeroPoints = new float[count];
            Arrays.fill(zeroPoints, 1 << (bits - 1));
            return zeroPoints;
        }

        private static long[] inOrder(int rows, int block) {
            long[] groups = new long[rows];
            for (int row = 0; row < rows; row++) {
                groups[row] = row / block;
            }
            return groups;
        }

        private static float[] zeroPoints(
                Node node, Tensor given, int columns, int blocks, int bits) {
            if (given.isFloatingPoint()) {
                return given.floats();
            }
            int stride = Math.ceilDiv(blocks * bits, Byte.SIZE);
            if (given.elements() != (long) columns * stride) {
                throw FloatRewriting.refusal(node, "its zero points are " + given);
            }
            byte[] packed = given.data().toArray(ValueLayout.JAVA_BYTE);
            float[] zeroPoints = new float[columns * blocks];
            for (int i = 0; i < zeroPoints.length; i++) {
                zeroPoints[i] = code(packed, i / blocks * stride, i % blocks, bits);
            }
            return zeroPoints;
        }

        private static int code(byte[] packed, int from, int index, int bits) {
            int perByte = Byte.SIZE / bits;
            int together = Byte.toUnsignedInt(packed[from + index / perByte]);
            return together >> (index % perByte * bits) & (1 << bits) - 1;
        }

        /** As the second operand of a product: {@code [rows × columns]}. */
        Tensor transposed() {
            int blocks = Math.ceilDiv(rows, block);
            int stride = blocks * (block * bits / Byte.SIZE);
            float[] floats = new float[Math.multiplyExact(rows, columns)];
            for (int column = 0; column < columns; column++) {
                for (int row = 0; row < rows; row++) {
                    int group = column * blocks + (int) groups[row];
                    int code = code(codes, column * stride, row, bits);
                    floats[row * columns + column] = (code - zeroPoints[group]) * scales[group];
                }
            }
            return Tensor.ofFloats(Shape.of(rows, columns), floats);
        }
    }
}
