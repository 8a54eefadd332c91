package dev.nibble.prepare;

import dev.nibble.graph.Node;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * What operators make of constants that only move numbers about, as the runtime would compute it
 * when it loads the model.
 *
 * @param known the constants by name
 */
record ConstantMovement(Map<String, Tensor> known) {
    /** The first output of a node; empty if it is not known or computes. */
    Optional<Tensor> of(Node node) {
        Optional<Tensor> data = tensor(node, 0).filter(Tensor::isFloatingPoint);
        if (!node.domain().isEmpty() || data.isEmpty()) {
            return Optional.empty();
        }
        Tensor given = data.get();
        return switch (node.opType()) {
            case "Identity" -> data;
            case "Unsqueeze" -> axes(node).map(axes -> given.reshape(unsqueezed(given, axes)));
            case "Squeeze" ->
                    axes(node)
                            .or(() ->
                                    Optional.of(LongStream.empty().toArray())
                                            .filter(_ -> !node.hasInput(1)))
                            .map(axes -> given.reshape(squeezed(given, axes)));
            case "Reshape" -> longs(node, 1).map(dims -> given.reshape(reshaped(given, dims)));
            case "Transpose" -> Optional.of(transposed(given, node));
            case "Slice" -> sliced(given, node);
            case "Concat" -> concatenated(node);
            default -> Optional.empty();
        };
    }

    private Optional<Tensor> tensor(Node node, int input) {
        return Optional.ofNullable(known.get(node.input(input)));
    }

    private Optional<long[]> longs(Node node, int input) {
        return tensor(node, input).filter(tensor -> !tensor.isFloatingPoint()).map(Tensor::longs);
    }

    private static Optional<long[]> attribute(Node node, String name) {
        return node.integers(name)
                .map(values -> values.stream().mapToLong(Long::longValue).toArray());
    }

    /** The axes of an operator: an input, or an attribute in old operator sets. */
    private Optional<long[]> axes(Node node) {
        return node.hasInput(1) ? longs(node, 1) : attribute(node, "axes");
    }

    private static Shape unsqueezed(Tensor given, long[] axes) {
        int rank = given.shape().rank() + axes.length;
        List<Long> dims = new ArrayList<>(Collections.nCopies(rank, 0L));
        Arrays.stream(axes).forEach(axis -> dims.set((int) (axis < 0 ? axis + rank : axis), 1L));
        int from = 0;
        for (int axis = 0; axis < rank; axis++) {
            if (dims.get(axis) == 0) {
                dims.set(axis, given.shape().dim(from++));
            }
        }
        return Shape.of(dims.stream().mapToLong(Long::longValue).toArray());
    }

    private static Shape squeezed(Tensor given, long[] axes) {
        Shape shape = given.shape();
        return Shape.of(
                IntStream.range(0, shape.rank())
                        .filter(axis ->
                                axes.length == 0
                                        ? shape.dim(axis) != 1
                                        : Arrays.stream(axes)
                                                .noneMatch(
                                                        one -> shape.normalize((int) one) == axis))
                        .mapToLong(shape::dim)
                        .toArray());
    }

    private static Shape reshaped(Tensor given, long[] wanted) {
        long[] dims = wanted.clone();
        long rest = given.elements();
        int open = -1;
        for (int axis = 0; axis < dims.length; axis++) {
            if (dims[axis] == 0) {
                dims[axis] = given.shape().dim(axis);
            }
            if (dims[axis] == -1) {
                open = axis;
            } else {
                rest /= Math.max(1, dims[axis]);
            }
        }
        if (open >= 0) {
            dims[open] = rest;
        }
        return Shape.of(dims);
    }

    private static Tensor transposed(Tensor given, Node node) {
        int rank = given.shape().rank();
        long[] order =
                attribute(node, "perm")
                        .orElseGet(() ->
                                IntStream.range(0, rank)
                                        .mapToLong(axis -> rank - 1L - axis)
                                        .toArray());
        long[] from = strides(given.shape());
        long[] dims = new long[rank];
        long[] steps = new long[rank];
        for (int axis = 0; axis < rank; axis++) {
            dims[axis] = given.shape().dim((int) order[axis]);
            steps[axis] = from[(int) order[axis]];
        }
        return picked(given, Shape.of(dims), 0, steps);
    }

    private Optional<Tensor> sliced(Tensor given, Node node) {
        boolean inputs = node.hasInput(1);
        Optional<long[]> starts = inputs ? longs(node, 1) : attribute(node, "starts");
        Optional<long[]> ends = inputs ? longs(node, 2) : attribute(node, "ends");
        boolean openAxes = node.hasInput(3) && longs(node, 3).isEmpty();
        boolean openSteps = node.hasInput(4) && longs(node, 4).isEmpty();
        if (starts.isEmpty() || ends.isEmpty() || openAxes || openSteps) {
            return Optional.empty();
        }
        int count = starts.get().length;
        long[] axes =
                (inputs ? longs(node, 3) : attribute(node, "axes"))
                        .orElseGet(() -> LongStream.range(0, count).toArray());
        long[] steps = new long[count];
        Arrays.fill(steps, 1);
        longs(node, 4).ifPresent(given4 -> System.arraycopy(given4, 0, steps, 0, count));
        if (Arrays.stream(steps).anyMatch(step -> step <= 0)) {
            return Optional.empty();
        }
        long[] strides = strides(given.shape());
        long[] dims = given.shape().dims();
        long offset = 0;
        for (int i = 0; i < count; i++) {
            int axis = given.shape().normalize((int) axes[i]);
            long extent = given.shape().dim(axis);
            long start = within(starts.get()[i], extent);
            long end = within(ends.get()[i], extent);
            offset += start * strides[axis];
            dims[axis] = Math.max(0, Math.ceilDiv(end - start, steps[i]));
            strides[axis] *= steps[i];
        }
        return Optional.of(picked(given, Shape.of(dims), offset, strides));
    }

    private static long within(long index, long extent) {
        long counted = index < 0 ? index + extent : index;
        return Math.clamp(counted, 0, extent);
    }

    private Optional<Tensor> concatenated(Node node) {
        List<Tensor> parts =
                IntStream.range(0, node.inputs().size())
                        .mapToObj(input -> tensor(node, input))
                        .flatMap(Optional::stream)
                        .toList();
        if (parts.size() != node.inputs().size() || node.integer("axis").isEmpty()) {
            return Optional.empty();
        }
        Tensor first = parts.getFirst();
        int axis = first.shape().normalize((int) node.integer("axis", 0));
        long[] dims = first.shape().dims();
        dims[axis] = parts.stream().mapToLong(part -> part.shape().dim(axis)).sum();
        Shape shape = Shape.of(dims);
        MemorySegment data = memory(first, shape);
        long outer = shape.product(0, axis);
        long at = 0;
        for (long row = 0; row < outer; row++) {
            for (Tensor part : parts) {
                long bytes = part.data().byteSize() / Math.max(1, outer);
                MemorySegment.copy(part.data(), row * bytes, data, at, bytes);
                at += bytes;
            }
        }
        return Optional.of(new Tensor(first.type(), shape, data));
    }

    private static long[] strides(Shape shape) {
        long[] strides = new long[shape.rank()];
        long step = 1;
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            strides[axis] = step;
            step *= shape.dim(axis);
        }
        return strides;
    }

    /** The elements that lie so many places apart along each axis. */
    private static Tensor picked(Tensor given, Shape shape, long offset, long[] steps) {
        MemorySegment data = memory(given, shape);
        long width = given.type().bits() / Byte.SIZE;
        for (long i = 0; i < shape.elements(); i++) {
            long rest = i;
            long from = offset;
            for (int axis = shape.rank() - 1; axis >= 0; axis--) {
                from += rest % shape.dim(axis) * steps[axis];
                rest /= shape.dim(axis);
            }
            MemorySegment.copy(given.data(), from * width, data, i * width, width);
        }
        return new Tensor(given.type(), shape, data);
    }

    private static MemorySegment memory(Tensor like, Shape shape) {
        long bytes = like.type().bytes(shape.elements());
        return MemorySegment.ofArray(new byte[Math.toIntExact(bytes)]);
    }
}
