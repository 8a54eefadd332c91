package dev.nibble.opset;

import dev.nibble.graph.Attribute;
import dev.nibble.graph.Attribute.FloatList;
import dev.nibble.graph.Node;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.ArrayList;
import java.util.List;

/**
 * Experimental operators of the first versions, withdrawn before opset 10; converters of their time
 * wrote them, ONNX Runtime knows them up to opset 9.
 */
final class Withdrawn {
    private Withdrawn() {}

    /** Affine: {@code alpha · x + beta}. */
    static List<Node> affine(Node node, Scope scope) {
        String factor = number(node, scope, "alpha", 1);
        String offset = number(node, scope, "beta", 0);
        return timesPlus(node, scope, factor, offset);
    }

    /** ImageScaler: {@code scale · x + bias}, the latter for each channel. */
    static List<Node> imageScaler(Node node, Scope scope) {
        Attribute bias = node.attributes().get("bias");
        List<Float> values = bias instanceof FloatList(List<Float> floats) ? floats : List.of(0f);
        String offset =
                scope.constant(
                        node.output(0) + "_bias",
                        Inputs.floats(values).reshape(Shape.of(values.size(), 1, 1)));
        return timesPlus(node, scope, number(node, scope, "scale", 1), offset);
    }

    private static List<Node> timesPlus(Node node, Scope scope, String factor, String offset) {
        String product = scope.fresh(node.output(0) + "_product");
        return List.of(
                scope.make("Mul", List.of(node.input(0), factor), product),
                Node.of(node.name(), "Add", List.of(product, offset), node.outputs()));
    }

    /** Scale: {@code scale · x}. */
    static List<Node> scale(Node node, Scope scope) {
        String factor = number(node, scope, "scale", 1);
        return List.of(Node.of(node.name(), "Mul", List.of(node.input(0), factor), node.outputs()));
    }

    /** ScaledTanh and ParametricSoftplus: {@code alpha · f(beta · x)}. */
    static Rewrite scaled(String function) {
        return (node, scope) -> {
            String inner = scope.fresh(node.output(0) + "_inner");
            String outer = scope.fresh(node.output(0) + "_outer");
            String beta = number(node, scope, "beta", 1);
            String alpha = number(node, scope, "alpha", 1);
            return List.of(
                    scope.make("Mul", List.of(node.input(0), beta), inner),
                    scope.make(function, List.of(inner), outer),
                    Node.of(node.name(), "Mul", List.of(outer, alpha), node.outputs()));
        };
    }

    /** Crop: borders left, top, right and bottom, or a height and a width behind left and top. */
    static List<Node> crop(Node node, Scope scope) {
        List<Long> border = node.integers("border").orElse(List.of());
        if (border.size() != 4) {
            throw scope.refusal(
                    node, "its border has not 4 numbers", "give it left, top, right and bottom");
        }
        List<Long> starts = List.of(border.get(1), border.get(0));
        List<Long> ends = new ArrayList<>();
        node.integers("scale")
                .ifPresentOrElse(
                        size -> {
                            ends.add(starts.get(0) + size.get(0));
                            ends.add(starts.get(1) + size.get(1));
                        },
                        () -> {
                            ends.add(border.get(3) == 0 ? Long.MAX_VALUE : -border.get(3));
                            ends.add(border.get(2) == 0 ? Long.MAX_VALUE : -border.get(2));
                        });
        String stem = node.output(0);
        return List.of(
                Node.of(
                        node.name(),
                        "Slice",
                        List.of(
                                node.input(0),
                                scope.integers(stem + "_starts", starts),
                                scope.integers(stem + "_ends", ends),
                                scope.integers(stem + "_axes", List.of(2L, 3L))),
                        node.outputs()));
    }

    /** Operators without an equal. */
    static Rewrite refused() {
        return (node, scope) -> {
            throw scope.refusal(
                    node,
                    "it was an experimental operator and is withdrawn",
                    "export the model again with operators of the standard");
        };
    }

    private static String number(Node node, Scope scope, String name, float otherwise) {
        float value = (float) node.number(name).orElse(otherwise);
        return scope.constant(node.output(0) + "_" + name, Tensor.ofFloats(Shape.scalar(), value));
    }
}
