package dev.nibble.torch.operator;

import dev.nibble.graph.Attribute.FloatList;
import dev.nibble.graph.Node;

import org.bytedeco.pytorch.Tensor;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Pictures of another size, axis by axis: each number is a sum of a few of the given ones (ONNX,
 * "Resize"). Places are computed in float, as ONNX Runtime does it, because the nearest neighbour
 * depends on it.
 */
final class Resizing {
    /** Up to this version places are rounded and mapped in the one way that Upsample knows. */
    private static final long LAST_OF_SIMPLE = 10;

    private static final int SCALES = 2;
    private static final int SIZES = 3;

    /** How many numbers a cubic curve goes through. */
    private static final int CURVE = 4;

    private Resizing() {}

    /**
     * How numbers are found.
     *
     * @param places how a place in the result becomes one in the input
     * @param nearest how a place is rounded
     * @param sharpness the parameter of cubic curves
     * @param inside whether what lies outside the input has no weight
     */
    private record Rule(
            String mode, String places, String nearest, float sharpness, boolean inside) {}

    /**
     * One axis.
     *
     * @param size how many numbers there are
     * @param result how many there will be
     */
    private record Axis(int number, int size, int result, float scale) {}

    /**
     * Numbers of an axis that are added up.
     *
     * @param at which number, for each of the result
     * @param weight how much of it
     */
    private record Term(long[] at, float[] weight) {}

    static Tensor upsample(Call call) {
        float[] scales =
                call.has(1)
                        ? TorchTensors.floats(call.input(1))
                        : floats(call.node(), "scales").orElseThrow();
        return resized(call, call.input(0), simple(call), axes(call.input(0), scales));
    }

    static Tensor resize(Call call) {
        Node node = call.node();
        if (call.opset() <= LAST_OF_SIMPLE) {
            float[] scales = TorchTensors.floats(call.input(1));
            return resized(call, call.input(0), simple(call), axes(call.input(0), scales));
        }
        Tensor input = call.input(0);
        long[] named = call.longs("axes", Shapes.allAxes(input));
        Rule rule =
                new Rule(
                        node.text("mode").orElse("nearest"),
                        node.text("coordinate_transformation_mode").orElse("half_pixel"),
                        node.text("nearest_mode").orElse("round_prefer_floor"),
                        (float) node.number("cubic_coeff_a").orElse(-0.75),
                        call.flag("exclude_outside", false));
        float[] scales = new float[Math.toIntExact(input.dim())];
        Arrays.fill(scales, 1);
        long[] sizes = input.shape();
        boolean bySize = call.has(SIZES) && call.input(SIZES).numel() > 0;
        if (bySize) {
            long[] given = TorchTensors.longs(call.input(SIZES));
            for (int i = 0; i < named.length; i++) {
                sizes[positive(named[i], input)] = given[i];
            }
            for (int i = 0; i < scales.length; i++) {
                scales[i] = (float) sizes[i] / input.size(i);
            }
        } else {
            float[] given = TorchTensors.floats(call.input(SCALES));
            for (int i = 0; i < named.length; i++) {
                scales[positive(named[i], input)] = given[i];
            }
        }
        return resized(
                call, input, rule, bySize ? axes(input, scales, sizes) : axes(input, scales));
    }

    private static int positive(long axis, Tensor input) {
        return Math.toIntExact(axis < 0 ? axis + input.dim() : axis);
    }

    private static Optional<float[]> floats(Node node, String attribute) {
        if (!(node.attributes().get(attribute) instanceof FloatList(List<Float> values))) {
            return Optional.empty();
        }
        float[] array = new float[values.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = values.get(i);
        }
        return Optional.of(array);
    }

    private static Rule simple(Call call) {
        return new Rule(
                call.node().text("mode").orElse("nearest"), "asymmetric", "simple", -0.75f, false);
    }

    private static List<Axis> axes(Tensor input, float[] scales) {
        long[] sizes = new long[scales.length];
        Arrays.setAll(sizes, i -> (long) Math.floor(input.size(i) * scales[i]));
        return axes(input, scales, sizes);
    }

    private static List<Axis> axes(Tensor input, float[] scales, long[] sizes) {
        return IntStream.range(0, scales.length)
                .mapToObj(i ->
                        new Axis(
                                i,
                                Math.toIntExact(input.size(i)),
                                Math.toIntExact(sizes[i]),
                                scales[i]))
                .toList();
    }

    private static Tensor resized(Call call, Tensor input, Rule rule, List<Axis> axes) {
        Tensor result = input;
        for (Axis axis : axes) {
            if (axis.scale() != 1 || axis.size() != axis.result()) {
                result = along(result, axis, terms(call, rule, axis));
            }
        }
        return result;
    }

    private static Tensor along(Tensor input, Axis axis, List<Term> terms) {
        long[] dims = new long[Math.toIntExact(input.dim())];
        Arrays.fill(dims, 1);
        dims[axis.number()] = axis.result();
        Tensor sum = input;
        for (int i = 0; i < terms.size(); i++) {
            Term term = terms.get(i);
            Tensor part =
                    input.index_select(
                            axis.number(), TorchTensors.ofLongs(term.at(), axis.result()));
            if (terms.size() > 1) {
                part = part.mul(Tensor.create(term.weight(), dims));
            }
            sum = i == 0 ? part : sum.add(part);
        }
        return sum;
    }

    private static List<Term> terms(Call call, Rule rule, Axis axis) {
        float[] places = new float[axis.result()];
        for (int i = 0; i < places.length; i++) {
            places[i] = place(call, rule, axis, i);
        }
        return switch (rule.mode()) {
            case "nearest" -> List.of(nearest(call, rule, axis, places));
            case "linear", "bilinear" -> linear(axis, places);
            case "cubic" -> cubic(rule, axis, places);
            default -> throw call.refused("its mode is " + rule.mode(), "nearest, linear or cubic");
        };
    }

    private static float place(Call call, Rule rule, Axis axis, int at) {
        float scale = axis.scale();
        return switch (rule.places()) {
            case "asymmetric" -> at / scale;
            case "half_pixel" -> (at + 0.5f) / scale - 0.5f;
            case "pytorch_half_pixel" -> axis.result() > 1 ? (at + 0.5f) / scale - 0.5f : 0;
            case "tf_half_pixel_for_nn" -> (at + 0.5f) / scale;
            case "align_corners" ->
                    axis.result() == 1 ? 0 : (float) at * (axis.size() - 1) / (axis.result() - 1);
            case "half_pixel_symmetric" -> {
                float adjustment = axis.result() / (scale * axis.size());
                float center = axis.size() / 2f;
                yield center * (1 - adjustment) + (at + 0.5f) / scale - 0.5f;
            }
            default ->
                    throw call.refused(
                            "its coordinate_transformation_mode is " + rule.places(),
                            "half_pixel, half_pixel_symmetric, pytorch_half_pixel, asymmetric,"
                                    + " align_corners or tf_half_pixel_for_nn");
        };
    }

    private static Term nearest(Call call, Rule rule, Axis axis, float[] places) {
        long[] at = new long[places.length];
        for (int i = 0; i < at.length; i++) {
            float place = places[i];
            double whole =
                    switch (rule.nearest()) {
                        case "round_prefer_floor" -> Math.ceil(place - 0.5f);
                        case "round_prefer_ceil" -> Math.floor(place + 0.5f);
                        case "floor" -> Math.floor(place);
                        case "ceil" -> Math.ceil(place);
                        case "simple" -> axis.scale() < 1 ? Math.ceil(place) : (long) place;
                        default ->
                                throw call.refused(
                                        "its nearest_mode is " + rule.nearest(),
                                        "round_prefer_floor, round_prefer_ceil, floor or ceil");
                    };
            at[i] = Math.clamp((long) whole, 0, axis.size() - 1);
        }
        return new Term(at, new float[0]);
    }

    private static List<Term> linear(Axis axis, float[] places) {
        int n = places.length;
        Term left = new Term(new long[n], new float[n]);
        Term right = new Term(new long[n], new float[n]);
        for (int i = 0; i < n; i++) {
            float place = Math.clamp(places[i], 0f, axis.size() - 1f);
            long floor = Math.min((long) place, axis.size() - 1);
            left.at()[i] = floor;
            right.at()[i] = Math.min(floor + 1, axis.size() - 1);
            right.weight()[i] = place - floor;
            left.weight()[i] = 1 - right.weight()[i];
        }
        return List.of(left, right);
    }

    /** Keys, "Cubic convolution interpolation for digital image processing", 1981. */
    private static List<Term> cubic(Rule rule, Axis axis, float[] places) {
        int n = places.length;
        List<Term> terms =
                Stream.generate(() -> new Term(new long[n], new float[n])).limit(CURVE).toList();
        for (int i = 0; i < n; i++) {
            long floor = (long) Math.floor(places[i]);
            float fraction = places[i] - floor;
            float total = 0;
            for (int tap = 0; tap < CURVE; tap++) {
                long at = floor - 1 + tap;
                boolean outside = at < 0 || at >= axis.size();
                float weight =
                        rule.inside() && outside
                                ? 0
                                : curve(Math.abs(fraction + 1 - tap), rule.sharpness());
                terms.get(tap).at()[i] = Math.clamp(at, 0, axis.size() - 1);
                terms.get(tap).weight()[i] = weight;
                total += weight;
            }
            for (int tap = 0; rule.inside() && tap < CURVE; tap++) {
                terms.get(tap).weight()[i] /= total;
            }
        }
        return terms;
    }

    private static float curve(float distance, float a) {
        return distance <= 1
                ? ((a + 2) * distance - (a + 3)) * distance * distance + 1
                : ((a * distance - 5 * a) * distance + 8 * a) * distance - 4 * a;
    }
}
