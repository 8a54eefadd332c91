package dev.nibble.opset;

import dev.nibble.graph.Attribute;
import dev.nibble.graph.Attribute.FloatList;
import dev.nibble.graph.Attribute.StringValue;
import dev.nibble.graph.Node;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.List;
import java.util.Optional;

/**
 * Rewrites of Upsample and Resize.
 *
 * <p>Up to Resize of opset 10 the pixel of an output is looked for at {@code x / scale}
 * (asymmetric), and the nearest one is the next below where an axis grows and the next above where
 * it shrinks (ONNX's own test cases of opset 10, and ONNX Runtime).
 */
final class Resizing {
    private static final String COORDINATES = "coordinate_transformation_mode";
    private static final String NEAREST = "nearest_mode";
    private static final String FLOOR = "floor";
    private static final String CEIL = "ceil";

    private Resizing() {}

    /** Upsample with a factor for the height and one for the width. */
    static List<Node> factors(Node node, Scope scope) {
        float height = (float) node.number("height_scale").orElse(1);
        float width = (float) node.number("width_scale").orElse(1);
        return List.of(
                Attributes.without(node, "height_scale", "width_scale")
                        .with("scales", new FloatList(List.of(1f, 1f, height, width))));
    }

    /** Upsample becomes Resize. */
    static List<Node> resize(Node node, Scope scope) {
        return List.of(Scope.as("Resize", node));
    }

    /** Resize of opset 10, with the region and the rules that it has since. */
    static List<Node> asymmetric(Node node, Scope scope) {
        String x = node.input(0);
        String scales = node.input(1);
        String y = node.output(0);
        String region = scope.constant(y + "_roi", Tensor.ofFloats(Shape.of(0)));
        Node now =
                node.with(COORDINATES, new StringValue("asymmetric"))
                        .withInputs(List.of(x, region, scales));
        if (!node.text("mode").orElse("nearest").equals("nearest")) {
            return List.of(now);
        }
        Optional<Tensor> constant = scope.constant(scales);
        if (constant.isPresent()) {
            boolean grows = any(constant.get(), 1, Float.POSITIVE_INFINITY);
            boolean shrinks = any(constant.get(), 0, 1);
            if (!grows || !shrinks) {
                return List.of(now.with(NEAREST, new StringValue(shrinks ? CEIL : FLOOR)));
            }
        }
        return inTwoSteps(now, scope, region, scales);
    }

    private static boolean any(Tensor scales, float above, float below) {
        for (float scale : scales.floats()) {
            if (scale > above && scale < below) {
                return true;
            }
        }
        return false;
    }

    /** First the axes that grow, then those that shrink: each has its own rounding. */
    private static List<Node> inTwoSteps(Node node, Scope scope, String region, String scales) {
        String y = node.output(0);
        String one = scope.constant(y + "_one", Tensor.ofFloats(Shape.of(1), 1));
        String growing = scope.fresh(y + "_growing");
        String shrinking = scope.fresh(y + "_shrinking");
        String grown = scope.fresh(y + "_grown");
        Attribute asymmetric = new StringValue("asymmetric");
        return List.of(
                scope.make("Max", List.of(scales, one), growing),
                scope.make("Min", List.of(scales, one), shrinking),
                scope.make("Resize", List.of(node.input(0), region, growing), grown)
                        .with(COORDINATES, asymmetric)
                        .with(NEAREST, new StringValue(FLOOR)),
                node.withInputs(List.of(grown, region, shrinking))
                        .with(NEAREST, new StringValue(CEIL)));
    }

    /**
     * Resize of opset 11: empty constants stood for inputs left out, and one rule of coordinates,
     * {@code (x + 0.5) / scale}, is {@code half_pixel} plus a half.
     */
    static List<Node> withoutEmptyInputs(Node node, Scope scope) {
        Node now = node;
        for (int input = 1; input < node.inputs().size(); input++) {
            if (scope.constant(node.input(input)).filter(t -> t.elements() == 0).isPresent()) {
                now = Inputs.with(now, input, "");
            }
        }
        if (!node.text(COORDINATES).orElse("").equals("tf_half_pixel_for_nn")) {
            return List.of(now);
        }
        String rounding =
                switch (node.text(NEAREST).orElse("round_prefer_floor")) {
                    case FLOOR -> "round_prefer_ceil";
                    case "round_prefer_floor" -> CEIL;
                    default -> "";
                };
        if (rounding.isEmpty() || !node.text("mode").orElse("nearest").equals("nearest")) {
            throw scope.refusal(
                    node,
                    "its %s tf_half_pixel_for_nn has no equal with this rounding"
                            .formatted(COORDINATES),
                    "export it with half_pixel");
        }
        return List.of(
                now.with(COORDINATES, new StringValue("half_pixel"))
                        .with(NEAREST, new StringValue(rounding)));
    }
}
