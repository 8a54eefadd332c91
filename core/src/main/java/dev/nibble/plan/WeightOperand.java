package dev.nibble.plan;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.List;
import java.util.stream.Stream;

/**
 * Constant floats that a node multiplies by or looks up, and that can be stored as codes. A node
 * has several where it computes with several matrices, as an LSTM does.
 *
 * @param node the reader
 * @param input at which of its inputs they stand
 * @param tensor the floats
 * @param outputAxis the axis whose indices get a scale each
 * @param inputAxis the axis along which blocks run
 */
public record WeightOperand(Node node, int input, Tensor tensor, int outputAxis, int inputAxis) {
    /** Fewer weights save fewer bytes than what tells their codes from floats takes. */
    public static final int FEWEST = 512;

    /** Those of a node that can be stored as codes and pay for it. */
    public static List<WeightOperand> of(Graph graph, Node node) {
        return candidates(graph, node).stream()
                .filter(operand -> operand.tensor().type() == DataType.FLOAT32)
                .filter(operand -> operand.pays() && operand.readersAgree(graph))
                .toList();
    }

    /** All constants where the operator takes weights, whatever their type and size. */
    public static List<WeightOperand> candidates(Graph graph, Node node) {
        return WeightSlot.of(node).stream()
                .flatMap(slot ->
                        graph.constant(node.input(slot.input())).stream()
                                .flatMap(tensor -> at(slot, node, tensor)))
                .toList();
    }

    private static Stream<WeightOperand> at(WeightSlot slot, Node node, Tensor tensor) {
        int rank = tensor.shape().rank();
        boolean fits = !node.is("Gather") || rank == 2;
        int output = slot.outputAxis() < 0 ? slot.outputAxis() + rank : slot.outputAxis();
        int input = slot.inputAxis() < 0 ? slot.inputAxis() + rank : slot.inputAxis();
        boolean inside = Math.min(output, input) >= 0 && Math.max(output, input) < rank;
        return fits && inside
                ? Stream.of(new WeightOperand(node, slot.input(), tensor, output, input))
                : Stream.empty();
    }

    /** Their name. */
    public String name() {
        return node.input(input);
    }

    /**
     * Whether they are several matrices side by side, as for each direction of an LSTM: then an
     * index of the output axis is another channel in each.
     */
    boolean isStacked() {
        Shape shape = tensor.shape();
        boolean kernel = node.opType().contains("Conv");
        return !kernel && shape.elements() > shape.dim(outputAxis) * shape.dim(inputAxis);
    }

    private boolean pays() {
        return tensor.elements() >= (ofLayer() ? 1 : FEWEST);
    }

    /** Layers in the narrow sense are taken whatever their size and whoever else reads it. */
    private boolean ofLayer() {
        return input == 1 && (node.is("Conv") || node.is("Gemm") || node.is("MatMul"));
    }

    /** Whether no reader would need the floats beside the codes. */
    private boolean readersAgree(Graph graph) {
        return ofLayer()
                || (!graph.isOutput(name())
                        && graph.readers(name()).stream()
                                .allMatch(reader -> takesAsWeights(reader)));
    }

    private boolean takesAsWeights(Node reader) {
        return WeightSlot.of(reader).stream()
                .anyMatch(slot -> reader.input(slot.input()).equals(name()));
    }
}
