package dev.nibble.lower;

import dev.nibble.graph.Node;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * DynamicQuantizeLSTM of {@code com.microsoft}: an LSTM with weights in codes, transposed.
 *
 * <p>Weights are {@code [directions × in × 4·hidden]} with a scale for each direction, or for each
 * direction and column; LSTM has {@code [directions × 4·hidden × in]}.
 */
record RecurrentForm(FloatRewriting rewriting) implements QuantizedForm {
    private static final int INPUTS_OF_LSTM = 8;

    @Override
    public Map<String, Consumer<Node>> operators() {
        return Map.of("DynamicQuantizeLSTM", this::lstm);
    }

    private void lstm(Node node) {
        List<String> inputs = new ArrayList<>();
        for (int i = 0; i < INPUTS_OF_LSTM; i++) {
            inputs.add(node.input(i));
        }
        inputs.set(1, weights(node, 1, 8, 9));
        inputs.set(2, weights(node, 2, 10, 11));
        while (inputs.getLast().isEmpty()) {
            inputs.removeLast();
        }
        rewriting.emit(OperatorForm.floatNode(node, "LSTM", inputs, node.attributes()));
    }

    private String weights(Node node, int codes, int scale, int zeroPoint) {
        Tensor tensor = constant(node, codes);
        Tensor scales = constant(node, scale);
        Tensor zeroPoints = constant(node, zeroPoint);
        Shape shape = tensor.shape();
        if (shape.rank() != 3
                || (scales.elements() != shape.dim(0)
                        && scales.elements() != shape.dim(0) * shape.dim(2))
                || zeroPoints.elements() != scales.elements()) {
            throw FloatRewriting.refusal(
                    node,
                    "its weights %s of shape %s have scales of shape %s and zero points of shape %s"
                            .formatted(
                                    node.input(codes), shape, scales.shape(), zeroPoints.shape()));
        }
        return rewriting.makeConstant(
                node.input(codes), transposed(tensor, scales.floats(), zeroPoints.longs()));
    }

    private Tensor constant(Node node, int input) {
        return rewriting
                .uncast(node.input(input))
                .flatMap(rewriting::constant)
                .orElseThrow(() ->
                        FloatRewriting.refusal(
                                node, "its input " + node.input(input) + " is no constant"));
    }

    private static Tensor transposed(Tensor codes, float[] scales, long[] zeroPoints) {
        Shape shape = codes.shape();
        int directions = Math.toIntExact(shape.dim(0));
        int rows = Math.toIntExact(shape.dim(1));
        int columns = Math.toIntExact(shape.dim(2));
        long[] values = codes.longs();
        float[] floats = new float[values.length];
        for (int direction = 0; direction < directions; direction++) {
            int first = direction * rows * columns;
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    int group =
                            scales.length == directions ? direction : direction * columns + column;
                    long code = values[first + row * columns + column];
                    floats[first + column * rows + row] =
                            (code - zeroPoints[group]) * scales[group];
                }
            }
        }
        return Tensor.ofFloats(Shape.of(directions, columns, rows), floats);
    }
}
