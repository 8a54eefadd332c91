package dev.nibble.cost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.graph.Attribute;
import dev.nibble.graph.Attribute.IntList;
import dev.nibble.graph.Attribute.IntValue;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;
import dev.nibble.graph.ValueInfo.Dimension;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

class ValueShapesTest {
    /** x is {@code [N × 2 × 6 × 5]}, w {@code [4 × 2 × 3 × 3]}. */
    private static String shape(String node, String attributes) {
        String[] parts = node.split("\\(|\\)");
        List<String> inputs = new ArrayList<>(List.of(parts[1].split(", ")));
        Map<String, Tensor> constants = new LinkedHashMap<>();
        constants.put("w", Tensor.ofFloats(Shape.of(4, 2, 3, 3), new float[72]));
        constants.put("t", Tensor.ofFloats(Shape.of(2, 4, 3, 3), new float[72]));
        constants.put("m", Tensor.ofFloats(Shape.of(5, 7), new float[35]));
        // numbers among the inputs are int64 constants: 1_2 is [1, 2]
        inputs.replaceAll(input -> {
            if (input.matches("[-0-9_]+")) {
                long[] values =
                        Arrays.stream(input.split("_")).mapToLong(Long::parseLong).toArray();
                constants.put("i" + input, Tensor.ofLongs(Shape.of(values.length), values));
                return "i" + input;
            }
            return input;
        });
        Node made = Node.of("n", parts[0], inputs, List.of("y"));
        for (String attribute : attributes == null ? new String[0] : attributes.split("; ")) {
            String[] words = attribute.split("=");
            made = made.with(words[0], value(words[1]));
        }
        ValueInfo x =
                ValueInfo.ofTensor(
                        "x",
                        DataType.FLOAT32,
                        Dimension.of("N"),
                        Dimension.of(2),
                        Dimension.of(6),
                        Dimension.of(5));
        Graph graph = Graph.of("g", List.of(made), List.of(x), List.of(), constants);
        return new ValueShapes(graph).of("y").map(Shape::toString).orElse("unknown");
    }

    private static Attribute value(String text) {
        if (text.matches("[A-Z_]+")) {
            return new Attribute.StringValue(text);
        }
        List<Long> values = Arrays.stream(text.split("_")).map(Long::valueOf).toList();
        return text.contains("_") ? new IntList(values) : new IntValue(values.getFirst());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Conv(x, w)             |                                   | [1×4×4×3]",
                "Conv(x, w)             | pads=1_1_1_1; strides=2_2         | [1×4×3×3]",
                "Conv(x, w)             | dilations=2_2                     | [1×4×2×1]",
                "Conv(x, w)             | auto_pad=SAME_UPPER; strides=2_2  | [1×4×3×3]",
                "ConvTranspose(x, t)    | strides=2_2                       | [1×4×13×11]",
                "MaxPool(x)             | kernel_shape=2_2; strides=2_2     | [1×2×3×2]",
                "MaxPool(x)  | kernel_shape=2_2; strides=2_2; ceil_mode=1   | [1×2×3×3]",
                "GlobalAveragePool(x)   |                                   | [1×2×1×1]",
                "Flatten(x)             |                                   | [1×60]",
                "Reshape(x, 0_-1)       |                                   | [1×60]",
                "Reshape(x, 7_-1)       |                                   | unknown",
                "Transpose(x)           | perm=0_2_3_1                      | [1×6×5×2]",
                "MatMul(x, m)           |                                   | [1×2×6×7]",
                "Concat(x, x)           | axis=1                            | [1×4×6×5]",
                "Concat(x, x)           | axis=9                            | unknown",
                "Add(x, x)              |                                   | [1×2×6×5]",
                "Add(x, what)           |                                   | [1×2×6×5]",
                "Slice(x, 1_0, -1_100, 2_3, 2_1) |                          | [1×2×2×5]",
                "Slice(x, what, -1)     |                                   | unknown",
                "Pad(x, 0_0_1_1_0_0_2_2)|                                   | [1×2×9×8]",
                "Unsqueeze(x, 0_5)      |                                   | [1×1×2×6×5×1]",
                "Squeeze(x, 0)          |                                   | [2×6×5]",
                "ReduceMean(x)          | axes=2_3                          | [1×2×1×1]",
                "ReduceMean(x)          | axes=2_3; keepdims=0              | [1×2]",
                "Resize(x, , , 1_2_12_10) |                                 | [1×2×12×10]",
                "Split(x)               | axis=2; split=4_2                 | [1×2×4×5]",
                "NonMaxSuppression(x)   |                                   | unknown"
            })
    void operatorsShapeTheirResults(String node, String attributes, String shape) {
        assertThat(shape(node, attributes)).isEqualTo(shape);
    }

    @Test
    void whatIsDeclaredIsBelieved() {
        ValueInfo y = ValueInfo.ofTensor("y", DataType.FLOAT32, Dimension.of("n"), Dimension.of(9));
        Graph graph =
                Graph.of(
                        "g",
                        List.of(Node.of("n", "Mystery", List.of("x"), List.of("y"))),
                        List.of(),
                        List.of(y),
                        Map.of());
        assertThat(new ValueShapes(graph).of("y")).contains(Shape.of(1, 9));
    }
}
