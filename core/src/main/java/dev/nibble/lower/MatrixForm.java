package dev.nibble.lower;

import dev.nibble.graph.Attribute;
import dev.nibble.graph.Node;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Matrix products with scales of their own: of codes, and of floats with weights that are codes.
 */
record MatrixForm(FloatRewriting rewriting) implements QuantizedForm {
    private static final int COLUMNS = -1;
    private static final int ROWS = -2;

    @Override
    public Map<String, Consumer<Node>> operators() {
        return Map.ofEntries(
                Map.entry("QLinearMatMul", this::codesToCodes),
                Map.entry("QGemm", this::gemm),
                Map.entry("MatMulIntegerToFloat", this::codesToFloat),
                Map.entry("DynamicQuantizeMatMul", this::floatToFloat));
    }

    private void codesToCodes(Node node) {
        String one = rewriting.read(node, 0, 1, 2, ROWS, 0);
        String other = rewriting.read(node, 3, 4, 5, COLUMNS, 0);
        Node product = OperatorForm.floatNode(node, "MatMul", List.of(one, other), Map.of());
        OperatorForm.finish(rewriting, node, product, 6, 7);
    }

    private void gemm(Node node) {
        boolean transposed = node.integer("transB", 0) != 0;
        List<String> inputs = new ArrayList<>();
        inputs.add(rewriting.read(node, 0, 1, 2));
        inputs.add(rewriting.read(node, 3, 4, 5, transposed ? 0 : 1, 0));
        if (node.hasInput(6)) {
            inputs.add(OperatorForm.bias(rewriting, node, 6, 1, 4));
        }
        Map<String, Attribute> attributes = new LinkedHashMap<>(node.attributes());
        Node gemm = OperatorForm.floatNode(node, "Gemm", inputs, attributes);
        if (node.hasInput(7)) {
            OperatorForm.finish(rewriting, node, gemm, 7, 8);
        } else {
            rewriting.emit(gemm);
        }
    }

    private void codesToFloat(Node node) {
        String one = rewriting.read(node, 0, 2, 4);
        String other = rewriting.read(node, 1, 3, 5, COLUMNS, 0);
        product(rewriting, node, one, other, 6);
    }

    private void floatToFloat(Node node) {
        product(rewriting, node, node.input(0), rewriting.read(node, 1, 2, 3, COLUMNS, 0), 4);
    }

    /** A float product with a float bias, if the node has one. */
    static void product(FloatRewriting rewriting, Node node, String one, String other, int bias) {
        Node product = OperatorForm.floatNode(node, "MatMul", List.of(one, other), Map.of());
        if (!node.hasInput(bias)) {
            rewriting.emit(product);
            return;
        }
        String unbiased = rewriting.fresh(node.output(0) + "_product");
        rewriting.emit(product.withOutputs(List.of(unbiased)));
        rewriting.emit(
                Node.of(
                        node.name() + "_bias",
                        "Add",
                        List.of(unbiased, node.input(bias)),
                        node.outputs()));
    }
}
