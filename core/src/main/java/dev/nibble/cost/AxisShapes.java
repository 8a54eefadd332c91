package dev.nibble.cost;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Shapes behind operators that work on single axes, whose settings are attributes in old operator
 * sets and constant inputs in newer ones.
 */
record AxisShapes(Graph graph) {
    Optional<Shape> result(Node node, Shape input) {
        return switch (node.opType()) {
            case "Slice" -> sliced(node, input);
            case "Split" -> split(node, input);
            case "Pad" -> padded(node, input);
            case "Squeeze" -> squeezed(node, input);
            case "Unsqueeze" -> unsqueezed(node, input);
            case "ReduceMean", "ReduceSum", "ReduceMax", "QLinearReduceMean" ->
                    reduced(node, input);
            case "Upsample", "Resize" -> resized(node, input);
            default -> Optional.empty();
        };
    }

    /** An attribute, or the constant input that later took its place. */
    private Optional<long[]> setting(Node node, String attribute, int input) {
        Optional<long[]> written =
                node.integers(attribute)
                        .map(values -> values.stream().mapToLong(Long::longValue).toArray());
        return written.or(() ->
                graph.constant(node.input(input))
                        .filter(tensor -> !tensor.isFloatingPoint())
                        .map(Tensor::longs));
    }

    private static int at(long axis, int rank) {
        return Math.toIntExact(axis < 0 ? axis + rank : axis);
    }

    private static boolean within(long[] axes, int rank) {
        return Arrays.stream(axes).allMatch(axis -> axis >= -rank && axis < rank);
    }

    private Optional<Shape> sliced(Node node, Shape input) {
        Optional<long[]> starts = setting(node, "starts", 1);
        Optional<long[]> ends = setting(node, "ends", 2);
        if (starts.isEmpty() || ends.isEmpty()) {
            return Optional.empty();
        }
        int count = starts.get().length;
        long[] every = new long[count];
        Arrays.setAll(every, i -> i);
        Optional<long[]> axes =
                node.hasInput(3) || node.integers("axes").isPresent()
                        ? setting(node, "axes", 3)
                        : Optional.of(every);
        Optional<long[]> steps =
                node.hasInput(4) ? setting(node, "steps", 4) : Optional.of(new long[0]);
        if (axes.isEmpty() || steps.isEmpty() || !within(axes.get(), input.rank())) {
            return Optional.empty();
        }
        long[] dims = input.dims();
        for (int i = 0; i < count; i++) {
            int axis = at(axes.get()[i], dims.length);
            long step = steps.get().length > i ? steps.get()[i] : 1;
            if (step < 1) {
                return Optional.empty();
            }
            long from = bound(starts.get()[i], dims[axis]);
            long to = bound(ends.get()[i], dims[axis]);
            dims[axis] = Math.max(0, Math.ceilDiv(to - from, step));
        }
        return Optional.of(Shape.of(dims));
    }

    private static long bound(long given, long size) {
        return Math.clamp(given < 0 ? Math.max(given, -size) + size : given, 0, size);
    }

    private Optional<Shape> split(Node node, Shape input) {
        long axis = node.integer("axis", 0);
        if (!within(new long[] {axis}, input.rank())) {
            return Optional.empty();
        }
        long[] dims = input.dims();
        int at = at(axis, dims.length);
        Optional<long[]> sizes = setting(node, "split", 1);
        dims[at] =
                sizes.map(given -> given[0])
                        .orElse(Math.ceilDiv(dims[at], (long) node.outputs().size()));
        return Optional.of(Shape.of(dims));
    }

    private Optional<Shape> padded(Node node, Shape input) {
        long[] dims = input.dims();
        return setting(node, "pads", 1)
                .filter(pads -> pads.length == 2 * dims.length && !node.hasInput(3))
                .map(pads -> {
                    for (int i = 0; i < dims.length; i++) {
                        dims[i] = Math.max(0, dims[i] + pads[i] + pads[i + dims.length]);
                    }
                    return Shape.of(dims);
                });
    }

    private Optional<Shape> squeezed(Node node, Shape input) {
        return setting(node, "axes", 1)
                .filter(axes -> within(axes, input.rank()))
                .map(axes -> {
                    boolean[] gone = chosen(axes, input.rank());
                    return Shape.of(kept(input, gone));
                });
    }

    private static boolean[] chosen(long[] axes, int rank) {
        boolean[] chosen = new boolean[rank];
        for (long axis : axes) {
            chosen[at(axis, rank)] = true;
        }
        return chosen;
    }

    private static long[] kept(Shape shape, boolean[] gone) {
        long[] kept = new long[shape.rank()];
        int count = 0;
        for (int i = 0; i < gone.length; i++) {
            if (!gone[i]) {
                kept[count++] = shape.dim(i);
            }
        }
        return Arrays.copyOf(kept, count);
    }

    private Optional<Shape> unsqueezed(Node node, Shape input) {
        Optional<long[]> axes = setting(node, "axes", 1);
        int rank = input.rank() + axes.map(given -> given.length).orElse(0);
        if (axes.isEmpty() || !within(axes.get(), rank)) {
            return Optional.empty();
        }
        boolean[] added = chosen(axes.get(), rank);
        long[] dims = new long[rank];
        int from = 0;
        for (int i = 0; i < rank; i++) {
            dims[i] = added[i] || from >= input.rank() ? 1 : input.dim(from++);
        }
        return Optional.of(Shape.of(dims));
    }

    private Optional<Shape> reduced(Node node, Shape input) {
        return setting(node, "axes", 1)
                .filter(axes -> within(axes, input.rank()))
                .map(axes -> {
                    boolean[] gone = chosen(axes, input.rank());
                    if (node.integer("keepdims", 1) == 0) {
                        return Shape.of(kept(input, gone));
                    }
                    long[] dims = input.dims();
                    for (int i = 0; i < dims.length; i++) {
                        dims[i] = gone[i] ? 1 : dims[i];
                    }
                    return Shape.of(dims);
                });
    }

    private Optional<Shape> resized(Node node, Shape input) {
        boolean old = node.is("Upsample") || node.inputs().size() == 2;
        Optional<long[]> sizes =
                graph.constant(node.input(3))
                        .map(Tensor::longs)
                        .filter(given -> given.length == input.rank());
        if (sizes.isPresent()) {
            return Optional.of(Shape.of(sizes.get()));
        }
        return graph.constant(node.input(old ? 1 : 2))
                .filter(scales -> scales.elements() == input.rank())
                .map(scales -> scaled(input, scales.floats()));
    }

    private static Shape scaled(Shape input, float[] scales) {
        long[] dims = input.dims();
        for (int i = 0; i < dims.length; i++) {
            dims[i] = (long) Math.floor((double) dims[i] * scales[i]);
        }
        return Shape.of(dims);
    }

    /** Where a window spreads every element out: ConvTranspose without given output sizes. */
    static Optional<Shape> spread(Node node, Shape input, Shape kernel) {
        int spatial = input.rank() - 2;
        if (spatial < 1
                || kernel.rank() != input.rank()
                || node.integers("output_shape").isPresent()
                || node.text("auto_pad").orElse("NOTSET").startsWith("SAME")) {
            return Optional.empty();
        }
        long[] dims = input.dims();
        dims[1] = kernel.dim(1) * node.integer("group", 1);
        for (int i = 0; i < spatial; i++) {
            long reach = value(node, "dilations", i, 1) * (kernel.dim(i + 2) - 1) + 1;
            dims[i + 2] =
                    value(node, "strides", i, 1) * (dims[i + 2] - 1)
                            + value(node, "output_padding", i, 0)
                            + reach
                            - value(node, "pads", i, 0)
                            - value(node, "pads", i + spatial, 0);
        }
        return Arrays.stream(dims).allMatch(dim -> dim >= 0)
                ? Optional.of(Shape.of(dims))
                : Optional.empty();
    }

    private static long value(Node node, String attribute, int index, long otherwise) {
        List<Long> values = node.integers(attribute).orElse(List.of());
        return index < values.size() ? values.get(index) : otherwise;
    }
}
