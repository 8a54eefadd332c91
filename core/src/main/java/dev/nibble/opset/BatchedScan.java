package dev.nibble.opset;

import dev.nibble.graph.Attribute;
import dev.nibble.graph.Attribute.GraphValue;
import dev.nibble.graph.Attribute.IntList;
import dev.nibble.graph.Attribute.IntValue;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;
import dev.nibble.graph.ValueInfo.Dimension;
import dev.nibble.graph.ValueInfo.RankedTensor;
import dev.nibble.graph.ValueInfo.ValueType;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Scan of opset 8, which ran for each example of a batch by itself: one Scan over the batch whose
 * body is the Scan over the sequence.
 */
final class BatchedScan {
    private BatchedScan() {}

    static List<Node> rewrite(Node node, Scope scope) {
        if (node.hasInput(0)) {
            throw scope.refusal(
                    node,
                    "its sequences have lengths of their own (sequence_lens)",
                    "export the model with opset 9 or later");
        }
        if (!(node.attributes().get("body") instanceof GraphValue(Graph body))) {
            throw scope.refusal(node, "it has no body", "export the model again");
        }
        int scanned = Math.toIntExact(node.integer("num_scan_inputs", 1));
        int states = body.inputs().size() - scanned;
        List<ValueInfo> inputs = new ArrayList<>();
        for (int i = 0; i < body.inputs().size(); i++) {
            ValueInfo inner = body.inputs().get(i);
            inputs.add(
                    ValueInfo.of(
                            scope.fresh(inner.name() + "_example"),
                            i < states ? inner.type() : sequenceOf(inner.type())));
        }
        List<ValueInfo> outputs = new ArrayList<>();
        for (int i = 0; i < body.outputs().size(); i++) {
            ValueInfo inner = body.outputs().get(i);
            outputs.add(
                    ValueInfo.of(
                            scope.fresh(inner.name() + "_example"),
                            i < states ? inner.type() : sequenceOf(inner.type())));
        }
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        attributes.put("body", new GraphValue(body));
        attributes.put("num_scan_inputs", new IntValue(scanned));
        node.integers("directions")
                .ifPresent(each -> attributes.put("scan_input_directions", new IntList(each)));
        Node perSequence =
                Scope.plain(
                        scope.fresh(node.name() + "_sequence"),
                        "Scan",
                        inputs.stream().map(ValueInfo::name).toList(),
                        outputs.stream().map(ValueInfo::name).toList(),
                        attributes);
        Graph perExample =
                Graph.of(
                        scope.fresh(node.name() + "_batch"),
                        List.of(perSequence),
                        inputs,
                        outputs,
                        Map.of());
        return List.of(
                Attributes.without(node, "directions")
                        .withInputs(node.inputs().subList(1, node.inputs().size()))
                        .with("body", new GraphValue(perExample))
                        .with("num_scan_inputs", new IntValue(inputs.size())));
    }

    /** The type of many such values one behind another. */
    private static ValueType sequenceOf(ValueType type) {
        if (!(type instanceof RankedTensor(var element, List<Dimension> dims))) {
            return type;
        }
        List<Dimension> longer = new ArrayList<>(List.of(Dimension.of("")));
        longer.addAll(dims);
        return new RankedTensor(element, longer);
    }
}
