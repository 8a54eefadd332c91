package dev.nibble.opset;

import dev.nibble.graph.Attribute;
import dev.nibble.graph.Attribute.IntValue;
import dev.nibble.graph.Node;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Rewrites of BatchNormalization, GroupNormalization and Dropout. */
final class Normalizations {
    private static final float EPSILON = 1e-5f;

    private Normalizations() {}

    /** BatchNormalization before 7 delivered statistics only while it trained. */
    static List<Node> tested(Node node, Scope scope) {
        Node now = Attributes.notTraining().rewrite(node, scope).getFirst();
        return List.of(Attributes.trimmed(now, scope, 1));
    }

    /**
     * BatchNormalization with statistics for each feature, not each channel: written with
     * elementwise operators.
     */
    static List<Node> perFeature(Node node, Scope scope) {
        Node spatial = Attributes.without(node, "spatial");
        if (node.integer("spatial", 1) != 0) {
            return List.of(spatial);
        }
        if (Attributes.trimmed(node, scope, 1).outputs().size() > 1) {
            throw scope.refusal(
                    node, "it delivers statistics of each feature", "export it for inference");
        }
        String y = node.output(0);
        String epsilon =
                scope.constant(
                        y + "_epsilon",
                        Tensor.ofFloats(
                                Shape.of(1), (float) node.number("epsilon").orElse(EPSILON)));
        List<Node> nodes = new ArrayList<>();
        String variance = add(nodes, scope, "Add", y, node.input(4), epsilon);
        String deviation = add(nodes, scope, "Sqrt", y, variance);
        String factor = add(nodes, scope, "Div", y, node.input(1), deviation);
        String centred = add(nodes, scope, "Sub", y, node.input(0), node.input(3));
        String scaled = add(nodes, scope, "Mul", y, centred, factor);
        nodes.add(Node.of(node.name(), "Add", List.of(scaled, node.input(2)), List.of(y)));
        return nodes;
    }

    /**
     * BatchNormalization that delivers more than its result trains, which is said by an attribute
     * since; the statistics of the batch are not delivered any more.
     */
    static List<Node> training(Node node, Scope scope) {
        Node trimmed = Attributes.trimmed(node, scope, 1);
        if (trimmed.outputs().size() > 3) {
            throw scope.refusal(
                    node,
                    "its outputs saved_mean and saved_var are read, which exist no more",
                    "export the network for inference");
        }
        return List.of(
                trimmed.outputs().size() > 1
                        ? trimmed.with("training_mode", new IntValue(1))
                        : trimmed);
    }

    /** Dropout whose mask had the type of the data and is true or false since. */
    static List<Node> mask(Node node, Scope scope) {
        Node trimmed = Attributes.trimmed(node, scope, 1);
        if (trimmed.outputs().size() < 2) {
            return List.of(trimmed);
        }
        String mask = node.output(1);
        Attribute type =
                ElementTypes.number(
                        scope.type(node.input(0))
                                .orElseThrow(() ->
                                        scope.refusal(
                                                node,
                                                "the type of its mask is not known",
                                                "run ONNX shape inference on the model first")));
        String truths = scope.fresh(mask + "_bool");
        return List.of(
                trimmed.withOutputs(List.of(node.output(0), truths)),
                scope.make("Cast", List.of(truths), mask).with("to", type));
    }

    /**
     * Dropout whose ratio becomes an input. Its mask was left to the runtime where nothing is
     * dropped, which made it false everywhere; since, it is true.
     */
    static List<Node> fullMask(Node node, Scope scope) {
        Node now =
                Inputs.of("ratio", 1).rewrite(Attributes.trimmed(node, scope, 1), scope).getFirst();
        if (now.outputs().size() < 2) {
            return List.of(now);
        }
        String mask = node.output(1);
        String kept = scope.fresh(mask + "_kept");
        return List.of(
                now.withOutputs(List.of(node.output(0), kept)),
                scope.make("Not", List.of(kept), mask));
    }

    /** GroupNormalization whose factors were for each group and are for each channel since. */
    static List<Node> groups(Node node, Scope scope) {
        long groups = node.integer("num_groups", 1);
        String y = node.output(0);
        List<Node> nodes = new ArrayList<>();
        String shape = add(nodes, scope, "Shape", y, node.input(0));
        nodes.add(nodes.removeLast().with("start", new IntValue(1)).with("end", new IntValue(2)));
        String count = scope.integers(y + "_groups", List.of(groups));
        String each = add(nodes, scope, "Div", y, shape, count);
        String target = add(nodes, scope, "Concat", y, count, each);
        nodes.add(nodes.removeLast().with("axis", new IntValue(0)));
        List<String> inputs = new ArrayList<>(List.of(node.input(0)));
        for (int input = 1; input <= 2; input++) {
            String column =
                    add(
                            nodes,
                            scope,
                            "Unsqueeze",
                            y,
                            node.input(input),
                            scope.integers(y + "_axes", List.of(1L)));
            String repeated = add(nodes, scope, "Expand", y, column, target);
            String all = scope.integers(y + "_all", List.of(-1L));
            inputs.add(add(nodes, scope, "Reshape", y, repeated, all));
        }
        nodes.add(node.withInputs(inputs));
        return nodes;
    }

    /** Adds a node to a list and tells the value that it makes. */
    private static String add(
            List<Node> nodes, Scope scope, String opType, String stem, String... inputs) {
        String output = scope.fresh(stem + "_" + opType.toLowerCase(Locale.ROOT));
        nodes.add(scope.make(opType, List.of(inputs), output));
        return output;
    }
}
