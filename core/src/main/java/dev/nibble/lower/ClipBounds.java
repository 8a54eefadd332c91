package dev.nibble.lower;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.number.Encoding;
import dev.nibble.number.Range;

/** The interval that an activation (Relu, Clip) clips to. */
record ClipBounds(float low, float high) {
    static ClipBounds of(Graph graph, Node node) {
        if (node.is("Relu")) {
            return new ClipBounds(0, Float.POSITIVE_INFINITY);
        }
        return new ClipBounds(
                bound(graph, node, 1, "min", Float.NEGATIVE_INFINITY),
                bound(graph, node, 2, "max", Float.POSITIVE_INFINITY));
    }

    private static float bound(
            Graph graph, Node node, int input, String attribute, float otherwise) {
        if (node.hasInput(input)) {
            return graph.constant(node.input(input)).orElseThrow().floats()[0];
        }
        return (float) node.number(attribute).orElse(otherwise);
    }

    /**
     * Whether saturating to the codes of an encoding clips at least as far, give or take rounding
     * of the scale.
     */
    boolean cover(Encoding encoding) {
        Range range = encoding.range(0);
        float tolerance = encoding.scale(0) * 1e-3f;
        return range.min() >= low - tolerance && range.max() <= high + tolerance;
    }
}
