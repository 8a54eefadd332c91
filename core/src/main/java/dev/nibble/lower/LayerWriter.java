package dev.nibble.lower;

import dev.nibble.graph.Attribute.IntValue;
import dev.nibble.graph.Graph;
import dev.nibble.graph.GraphEditor;
import dev.nibble.graph.Node;
import dev.nibble.number.Encoding;
import dev.nibble.number.Granularity.PerBlock;
import dev.nibble.plan.NodeDecision;
import dev.nibble.plan.Plan;
import dev.nibble.plan.WeightOperand;
import dev.nibble.plan.WeightedNode;
import dev.nibble.tensor.Scratch;
import dev.nibble.tensor.Tensor;

import java.util.List;
import java.util.Optional;

/**
 * Writes the weights and biases of layers as codes.
 *
 * <p>Where runtimes have integer kernels, the bias becomes int32 with the scale {@code inputScale ·
 * weightScale}. Other layers compute in float, between pairs of QuantizeLinear and DequantizeLinear
 * if their values are codes; their bias stays as it is.
 *
 * <p>A Gemm of which only the weights are codes becomes a MatMul with an Add behind it, weights as
 * {@code [in × out]}: in that form, and only in that one, ONNX Runtime multiplies by the codes
 * themselves (MatMulNBits) instead of making floats of them in every run.
 */
final class LayerWriter {
    /** Codes take at most this part of their weights. */
    private static final int LEAST_REDUCTION = 2;

    private final Graph graph;
    private final Plan plan;
    private final GraphEditor editor;
    private final Parameters parameters;
    private final WeightWriter weights;
    private final DynamicWriter dynamic;
    private final StoredWriter stored;
    private final RecurrentWriter recurrent;

    LayerWriter(Graph graph, Plan plan, GraphEditor editor, Parameters parameters) {
        this.graph = graph;
        this.plan = plan;
        this.editor = editor;
        this.parameters = parameters;
        this.weights =
                new WeightWriter(
                        plan,
                        editor,
                        parameters,
                        Scratch.forTotal(graph.constantBytes() / LEAST_REDUCTION));
        this.dynamic = new DynamicWriter(editor, weights);
        this.stored = new StoredWriter(plan, editor, weights);
        this.recurrent = new RecurrentWriter(editor, weights);
    }

    /** Writes what a node multiplies by and adds, if that is to be codes. */
    void write(Node node) {
        Optional<WeightedNode> weighted = WeightedNode.of(graph, node);
        switch (plan.node(node.name()).orElse(null)) {
            case NodeDecision.Quantized _ -> weighted.ifPresent(this::onCodes);
            case NodeDecision.Dynamic _ ->
                    weighted.ifPresentOrElse(
                            dynamic::write,
                            () -> recurrent.write(node, WeightOperand.of(graph, node)));
            case NodeDecision.WeightOnly _ ->
                    weighted.ifPresentOrElse(
                            this::onFloats,
                            () -> stored.write(node, WeightOperand.of(graph, node)));
            case NodeDecision.Absorbed _, NodeDecision.KeptFloat _ -> {}
            case null -> {}
        }
    }

    /**
     * Writes the weights of a node of a subgraph. They stand outside of it, where a runtime makes
     * floats of them when it loads the model.
     */
    void writeInside(Node node) {
        if (plan.node(node.name()).orElse(null) instanceof NodeDecision.WeightOnly) {
            WeightedNode.of(graph, node)
                    .ifPresentOrElse(
                            this::inFloat, () -> stored.write(node, WeightOperand.of(graph, node)));
        }
    }

    private void onCodes(WeightedNode weighted) {
        Encoding input = plan.encoding(weighted.input()).orElseThrow();
        Encoding weight = plan.encoding(weighted.weightName()).orElseThrow();
        if (!hasIntegerKernel(input, weight)) {
            inFloat(weighted);
            return;
        }
        rename(weighted, weights.write(weighted.weightName(), weighted.weight()));
        if (weighted.hasBias()) {
            String bias = bias(weighted, BiasCodes.of(bias(weighted), input, weight), weight);
            editor.update(
                    weighted.node(),
                    node -> node.withInputs(List.of(node.input(0), node.input(1), bias)));
        }
    }

    /** Whether runtimes multiply such codes: at most 8 bits by at most 8, without blocks. */
    private static boolean hasIntegerKernel(Encoding input, Encoding weight) {
        return input.format().bits() <= Byte.SIZE
                && weight.format().bits() <= Byte.SIZE
                && !(weight.granularity() instanceof PerBlock);
    }

    private Tensor bias(WeightedNode weighted) {
        return graph.constant(weighted.biasName()).orElseThrow();
    }

    private void onFloats(WeightedNode weighted) {
        if (weighted.node().is("MatMul")) {
            rename(weighted, weights.write(weighted.weightName(), weighted.weight()));
        } else if (weighted.node().is("Gemm") && !weighted.scales()) {
            product(weighted);
        } else {
            inFloat(weighted);
        }
    }

    /** Lets a layer compute in float, out of reach of the runtime's own quantizer. */
    private void inFloat(WeightedNode weighted) {
        rename(weighted, weights.writeFolded(weighted.weightName(), weighted.weight()));
        if (plan.encoding(weighted.input()).isPresent()) {
            FloatIsland.protect(weighted.node(), editor);
        }
    }

    private void rename(WeightedNode weighted, String dequantized) {
        editor.update(
                weighted.node(),
                node -> QdqLowering.renameInput(node, weighted.weightName(), dequantized));
    }

    private void product(WeightedNode weighted) {
        Node node = weighted.node();
        String matrix =
                weighted.outputAxis() == 0
                        ? weights.writeTransposed(weighted.weightName(), weighted.weight())
                        : weights.write(weighted.weightName(), weighted.weight());
        List<String> factors = List.of(weighted.input(), matrix);
        if (!weighted.hasBias()) {
            editor.replace(node, Node.of(node.name(), "MatMul", factors, node.outputs()));
            return;
        }
        String product = editor.fresh(weighted.output() + "_product");
        editor.replace(
                node,
                Node.of(node.name(), "MatMul", factors, List.of(product)),
                Node.of(
                        node.name() + "_Add",
                        "Add",
                        List.of(product, weighted.biasName()),
                        node.outputs()));
    }

    private String bias(WeightedNode weighted, BiasCodes codes, Encoding weight) {
        // a bias may be shared by nodes with other scales, so that its codes belong to the node
        String stem = weighted.node().name() + "_bias";
        String quantized = editor.fresh(stem + "_quantized");
        String dequantized = editor.fresh(stem);
        editor.constant(quantized, codes.codes());
        Parameters.Names names =
                WeightWriter.widens(weight)
                        ? new Parameters.Names(
                                computedScale(weighted, stem),
                                parameters.zeroPointsOf(stem, codes.zeroPoints()))
                        : parameters.ofConstant(stem, codes.scales(), codes.zeroPoints());
        Node dequantize =
                Node.of(
                        stem + "_DequantizeLinear",
                        "DequantizeLinear",
                        names.inputs(quantized),
                        List.of(dequantized));
        editor.insertFirst(
                codes.scales().shape().rank() == 0
                        ? dequantize
                        : dequantize.with("axis", new IntValue(0)));
        return dequantized;
    }

    /**
     * Where a runtime has to fold constants anyway, it also multiplies scales: they would take as
     * much of the file as the biases themselves.
     */
    private String computedScale(WeightedNode weighted, String stem) {
        String scale = editor.fresh(stem + "_scale");
        editor.insertFirst(
                Node.of(
                        stem + "_Mul",
                        "Mul",
                        List.of(
                                parameters.of(weighted.input()).scale(),
                                weights.scale(weighted.weightName())),
                        List.of(scale)));
        return scale;
    }
}
