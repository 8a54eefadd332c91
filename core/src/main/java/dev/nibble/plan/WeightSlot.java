package dev.nibble.plan;

import dev.nibble.graph.Node;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An input at which an operator takes weights, if they are constant there.
 *
 * @param input its position
 * @param outputAxis the axis of the weights whose indices get a scale each; negative axes count
 *     from the end
 * @param inputAxis the axis along which weights are summed up or lie in a row
 */
record WeightSlot(int input, int outputAxis, int inputAxis) {
    /** ONNX Runtime's own operator set. */
    static final String MICROSOFT = "com.microsoft";

    /** The inputs of a node that take weights; empty if its operator has none. */
    static List<WeightSlot> of(Node node) {
        return switch (node.domain()) {
            case "" -> standard(node);
            case MICROSOFT -> fused(node);
            default -> List.of();
        };
    }

    private static List<WeightSlot> standard(Node node) {
        return switch (node.opType()) {
            case "Conv" -> List.of(new WeightSlot(1, 0, 1));
            case "ConvTranspose" -> List.of(transposedConvolution(node));
            case "Gemm" -> List.of(left(node, "transA"), right(node, "transB"));
            case "MatMul" -> List.of(new WeightSlot(0, -2, -1), new WeightSlot(1, -1, -2));
            // [directions × gates · hidden × in] and [directions × gates · hidden × hidden]
            case "LSTM", "GRU", "RNN" -> List.of(new WeightSlot(1, 1, 2), new WeightSlot(2, 1, 2));
            case "Gather" ->
                    node.integer("axis", 0) == 0
                            ? List.of(new WeightSlot(0, 0, 1))
                            : List.<WeightSlot>of();
            case "Einsum" -> Subscripts.of(node).map(Subscripts::slots).orElse(List.of());
            default -> List.of();
        };
    }

    /** Operators that ONNX Runtime, or a tool of its, made of several. */
    private static List<WeightSlot> fused(Node node) {
        return switch (node.opType()) {
            case "FusedConv" -> List.of(new WeightSlot(1, 0, 1));
            case "FusedGemm" -> List.of(left(node, "transA"), right(node, "transB"));
            case "FusedMatMul", "TransposeMatMul" ->
                    node.integer("transBatchA", 0) == 0 && node.integer("transBatchB", 0) == 0
                            ? List.of(batchedLeft(node), batchedRight(node))
                            : List.<WeightSlot>of();
            case "FusedMatMulActivation" -> List.of(batchedLeft(node), batchedRight(node));
            case "GemmFastGelu" -> List.of(new WeightSlot(1, -1, -2));
            // [in × queries, keys and values]
            case "Attention", "PackedAttention", "LongformerAttention" ->
                    List.of(new WeightSlot(1, 1, 0));
            // tables of words, positions and segments
            case "EmbedLayerNormalization" ->
                    List.of(
                            new WeightSlot(2, 0, 1),
                            new WeightSlot(3, 0, 1),
                            new WeightSlot(4, 0, 1));
            default -> List.of();
        };
    }

    /** Weights are {@code [in × out/group × k…]}: groups share indices of outputs. */
    private static WeightSlot transposedConvolution(Node node) {
        return node.integer("group", 1) == 1 ? new WeightSlot(1, 1, 0) : new WeightSlot(1, 0, 1);
    }

    private static WeightSlot left(Node node, String transposed) {
        return node.integer(transposed, 0) == 0 ? new WeightSlot(0, 0, 1) : new WeightSlot(0, 1, 0);
    }

    private static WeightSlot right(Node node, String transposed) {
        return node.integer(transposed, 0) == 0 ? new WeightSlot(1, 1, 0) : new WeightSlot(1, 0, 1);
    }

    private static WeightSlot batchedLeft(Node node) {
        return node.integer("transA", 0) == 0
                ? new WeightSlot(0, -2, -1)
                : new WeightSlot(0, -1, -2);
    }

    private static WeightSlot batchedRight(Node node) {
        return node.integer("transB", 0) == 0
                ? new WeightSlot(1, -1, -2)
                : new WeightSlot(1, -2, -1);
    }

    /**
     * The equation of an Einsum of two operands without dots.
     *
     * @param left the indices of the first operand, a letter each
     * @param right those of the second
     * @param result those of what it makes
     */
    record Subscripts(String left, String right, String result) {
        static Optional<Subscripts> of(Node node) {
            String[] sides = node.text("equation").orElse("").replace(" ", "").split("->", -1);
            String[] terms = sides[0].split(",", -1);
            return sides.length == 2 && terms.length == 2 && !sides[0].contains(".")
                    ? Optional.of(new Subscripts(terms[0], terms[1], sides[1]))
                    : Optional.empty();
        }

        /** The operands that are summed up as matrices are. */
        List<WeightSlot> slots() {
            return Stream.of(slot(0, left, right), slot(1, right, left))
                    .flatMap(Optional::stream)
                    .toList();
        }

        private Optional<WeightSlot> slot(int input, String own, String other) {
            int kept = -1;
            int summed = -1;
            for (int axis = 0; axis < own.length(); axis++) {
                String letter = own.substring(axis, axis + 1);
                if (result.contains(letter)) {
                    kept = other.contains(letter) ? kept : axis;
                } else {
                    summed = other.contains(letter) ? axis : summed;
                }
            }
            return kept >= 0 && summed >= 0
                    ? Optional.of(new WeightSlot(input, kept, summed))
                    : Optional.empty();
        }
    }
}
