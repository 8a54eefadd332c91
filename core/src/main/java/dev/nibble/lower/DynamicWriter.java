package dev.nibble.lower;

import dev.nibble.graph.Attribute.IntValue;
import dev.nibble.graph.GraphEditor;
import dev.nibble.graph.Node;
import dev.nibble.plan.WeightedNode;
import dev.nibble.tensor.DataType;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes products that quantize their input at run time: DynamicQuantizeLinear, MatMulInteger, Cast
 * to float, Mul by both scales, Add of the bias.
 *
 * <p>In just this form ONNX Runtime makes one node of them when it loads a model:
 * DynamicQuantizeMatMul, or MatMulIntegerToFloat where several products read the same codes. The
 * scales are multiplied with each other before they meet the product; it does not look for them
 * otherwise.
 */
final class DynamicWriter {
    private final GraphEditor editor;
    private final WeightWriter weights;
    private final Map<String, Codes> written = new HashMap<>();

    DynamicWriter(GraphEditor editor, WeightWriter weights) {
        this.editor = editor;
        this.weights = weights;
    }

    /** The values that quantizing makes, once for all readers of one value. */
    private record Codes(String codes, String scale, String zeroPoint) {}

    /** Writes a MatMul or Gemm with weights of rank 2. */
    void write(WeightedNode weighted) {
        Node node = weighted.node();
        boolean transposed = weighted.outputAxis() == 0;
        WeightWriter.Factor factor =
                weights.factor(weighted.weightName(), weighted.weight(), transposed);
        Codes input = codes(node, weighted.input());
        List<Node> nodes = new ArrayList<>();
        String sum = editor.fresh(weighted.output() + "_integer");
        List<String> factors =
                new ArrayList<>(List.of(input.codes(), factor.codes(), input.zeroPoint()));
        if (!factor.names().zeroPoint().isEmpty()) {
            factors.add(factor.names().zeroPoint());
        }
        nodes.add(Node.of(node.name(), "MatMulInteger", factors, List.of(sum)));
        String real = editor.fresh(weighted.output() + "_float");
        nodes.add(
                Node.of(node.name() + "_Cast", "Cast", List.of(sum), List.of(real))
                        .with("to", new IntValue(CodeArithmetic.onnxCode(DataType.FLOAT32))));
        String scales = editor.fresh(weighted.output() + "_scales");
        nodes.add(
                Node.of(
                        node.name() + "_scales_Mul",
                        "Mul",
                        List.of(input.scale(), factor.names().scale()),
                        List.of(scales)));
        String product =
                weighted.hasBias()
                        ? editor.fresh(weighted.output() + "_product")
                        : weighted.output();
        nodes.add(Node.of(node.name() + "_Mul", "Mul", List.of(real, scales), List.of(product)));
        if (weighted.hasBias()) {
            nodes.add(
                    Node.of(
                            node.name() + "_Add",
                            "Add",
                            List.of(product, weighted.biasName()),
                            node.outputs()));
        }
        editor.replace(node, nodes.toArray(Node[]::new));
    }

    /** Quantizes a value in front of its first reader, where it certainly exists. */
    private Codes codes(Node reader, String value) {
        return written.computeIfAbsent(
                value,
                _ -> {
                    Codes codes =
                            new Codes(
                                    editor.fresh(value + "_quantized"),
                                    editor.fresh(value + "_scale"),
                                    editor.fresh(value + "_zero_point"));
                    editor.insertBefore(
                            reader,
                            Node.of(
                                    value + "_DynamicQuantizeLinear",
                                    "DynamicQuantizeLinear",
                                    List.of(value),
                                    List.of(codes.codes(), codes.scale(), codes.zeroPoint())));
                    return codes;
                });
    }
}
