package dev.nibble.lower;

import dev.nibble.graph.Graph;
import dev.nibble.graph.GraphEditor;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.number.Encoding;
import dev.nibble.number.IntegerFormat;
import dev.nibble.opset.OpsetUpgrade;
import dev.nibble.pass.Draft;
import dev.nibble.pass.UnusedConstants;
import dev.nibble.plan.Decision;
import dev.nibble.plan.NodeDecision;
import dev.nibble.plan.Plan;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Writes a plan down as pairs of QuantizeLinear and DequantizeLinear around the quantized nodes,
 * the form that runtimes fuse into integer kernels.
 *
 * <p>Weights and biases are written by {@link LayerWriter}, products that quantize their input at
 * run time by {@link DynamicWriter}. An activation whose clipping the range of its output already
 * does is left out. Values keep their names for all readers: it is the producer's output that is
 * renamed.
 */
public final class QdqLowering {
    static final String MICROSOFT = "com.microsoft";

    private final Graph graph;
    private final Plan plan;
    private final GraphEditor editor;
    private final Parameters parameters;
    private final Set<String> droppedActivations;
    private final LayerWriter layers;

    private QdqLowering(Graph graph, Plan plan, GraphEditor editor) {
        this.graph = graph;
        this.plan = plan;
        this.editor = editor;
        this.parameters = new Parameters(plan, editor);
        this.droppedActivations = DroppedActivations.of(graph, plan);
        this.layers = new LayerWriter(graph, plan, editor, parameters);
    }

    /** The quantized model of a draft whose every planned value has got its encoding. */
    public static Model lower(Draft draft) {
        requireEncodings(draft.plan());
        Model given = draft.fittedModel();
        Model raised = OpsetUpgrade.raise(given, Opsets.needed(given.graph(), draft.plan()));
        return importing(
                raised.map(graph ->
                        UnusedConstants.removeFrom(
                                DirectMovement.apply(
                                        graph.edit(editor ->
                                                new QdqLowering(graph, draft.plan(), editor)
                                                        .run())))));
    }

    /** The model with ONNX Runtime's operator set among those that it imports, if it uses it. */
    private static Model importing(Model model) {
        boolean missing =
                !model.opsets().containsKey(MICROSOFT)
                        && model.graph().nodes().stream()
                                .anyMatch(node -> node.domain().equals(MICROSOFT));
        return missing ? model.withOpset(MICROSOFT, 1, model.irVersion()) : model;
    }

    private static void requireEncodings(Plan plan) {
        plan.values()
                .forEach((value, decision) -> {
                    if (decision instanceof Decision.Planned) {
                        throw new IllegalArgumentException(
                                "value "
                                        + value
                                        + " is planned but has no encoding yet; calibrate first");
                    }
                });
    }

    private void run() {
        graph.nodes().stream()
                .filter(node -> droppedActivations.contains(node.name()))
                .forEach(editor::remove);
        graph.inputs()
                .forEach(input ->
                        plan.encoding(input.name())
                                .ifPresent(_ -> quantizeBesideProducer(input.name())));
        FloatIsland.protect(graph, plan, editor);
        for (Node node : graph.nodes()) {
            if (!droppedActivations.contains(node.name())) {
                node.outputs().forEach(this::quantizeOutput);
                layers.write(node);
            }
        }
        graph.innerNodes().forEach(layers::writeInside);
    }

    private Encoding activationEncoding(String value) {
        return plan.encoding(value)
                .orElseThrow(
                        () -> new IllegalArgumentException("value " + value + " has no encoding"));
    }

    /**
     * Quantizes what a node delivers, under the name that the value has behind left-out
     * activations.
     */
    private void quantizeOutput(String output) {
        String value = output;
        for (Optional<Node> reader = soleDropped(value);
                reader.isPresent();
                reader = soleDropped(value)) {
            value = reader.get().output(0);
        }
        if (value.isEmpty()
                || plan.encoding(value).isEmpty()
                || graph.constant(value).isPresent()) {
            return;
        }
        Node producer = graph.producer(output).orElseThrow();
        NodeDecision decision = plan.node(producer.name()).orElse(null);
        if (decision instanceof NodeDecision.Quantized
                || decision instanceof NodeDecision.Absorbed) {
            String raw = editor.fresh(value + "_raw");
            editor.update(
                    producer,
                    node ->
                            node.withOutputs(
                                    node.outputs().stream()
                                            .map(name -> name.equals(output) ? raw : name)
                                            .toList()));
            editor.insertAfter(producer, pair(value, raw, value));
            editor.removeValue(output);
        } else {
            quantizeBesideProducer(value);
        }
    }

    private Optional<Node> soleDropped(String value) {
        // a bound of the activation may be the output of a Constant node that nobody else reads
        return graph.soleConsumer(value)
                .filter(node -> droppedActivations.contains(node.name()))
                .filter(node -> node.input(0).equals(value));
    }

    /**
     * Float readers of what a float node or the caller delivers go on reading floats; quantized
     * ones read codes.
     */
    private void quantizeBesideProducer(String value) {
        String dequantized = editor.fresh(value + "_dequantized");
        Node[] pair = pair(value, value, dequantized);
        graph.producer(value)
                .ifPresentOrElse(
                        producer -> editor.insertAfter(producer, pair),
                        () -> editor.insertFirst(pair));
        for (Node reader : graph.consumers(value)) {
            if (plan.isQuantized(reader)) {
                editor.update(reader, node -> renameInput(node, value, dequantized));
            }
        }
    }

    /**
     * The nodes that take a value to codes and back. Codes of fewer than 8 bits are clipped ones of
     * 8: with activations of 4-bit types, ONNX Runtime (1.29 from Java, 1.30 from Python) was seen
     * to give wrong results from the second run of a session on.
     */
    private Node[] pair(String value, String from, String to) {
        Parameters.Names names = parameters.of(value);
        IntegerFormat format = activationEncoding(value).format();
        String codes = editor.fresh(value + "_quantized");
        Node quantize =
                Node.of(
                        value + "_QuantizeLinear",
                        "QuantizeLinear",
                        names.inputs(from),
                        List.of(codes));
        if (format.bits() >= Byte.SIZE) {
            return new Node[] {quantize, dequantize(value, codes, names, to)};
        }
        String narrow = editor.fresh(value + "_narrowed");
        Node clip =
                Node.of(
                        value + "_Clip",
                        "Clip",
                        List.of(
                                codes,
                                parameters.code(format, format.min()),
                                parameters.code(format, format.max())),
                        List.of(narrow));
        return new Node[] {quantize, clip, dequantize(value, narrow, names, to)};
    }

    private static Node dequantize(String value, String codes, Parameters.Names names, String to) {
        return Node.of(
                value + "_DequantizeLinear", "DequantizeLinear", names.inputs(codes), List.of(to));
    }

    static Node renameInput(Node node, String from, String to) {
        return node.withInputs(
                node.inputs().stream().map(input -> input.equals(from) ? to : input).toList());
    }
}
