package dev.nibble.cost;

import dev.nibble.graph.Node;
import dev.nibble.tensor.Shape;

import java.util.List;
import java.util.Optional;

/**
 * How often a window fits as it slides over the spatial axes of {@code [batch × channels × …]}.
 *
 * @param batch extent of the first axis
 * @param counts windows along each spatial axis
 */
record Windows(long batch, long[] counts) {
    /** The windows of a convolution or pooling node; empty if they do not fit. */
    static Optional<Windows> of(Node node, Shape input, long[] kernel) {
        long[] counts = new long[kernel.length];
        String auto = node.text("auto_pad").orElse("NOTSET");
        boolean ceil = node.integer("ceil_mode", 0) != 0;
        for (int i = 0; i < counts.length; i++) {
            long size = input.dim(i + 2);
            long stride = at(node, "strides", i, 1);
            long reach = at(node, "dilations", i, 1) * (kernel[i] - 1) + 1;
            if (auto.startsWith("SAME")) {
                counts[i] = Math.ceilDiv(size, stride);
                continue;
            }
            long padding =
                    auto.equals("VALID")
                            ? 0
                            : at(node, "pads", i, 0) + at(node, "pads", i + counts.length, 0);
            long room = size + padding - reach;
            if (room < 0) {
                return Optional.empty();
            }
            counts[i] = (ceil ? Math.ceilDiv(room, stride) : room / stride) + 1;
        }
        return Optional.of(new Windows(input.dim(0), counts));
    }

    private static long at(Node node, String attribute, int index, long otherwise) {
        Optional<List<Long>> values = node.integers(attribute);
        return values.isPresent() && index < values.get().size()
                ? values.get().get(index)
                : otherwise;
    }

    /** The shape of what such a node delivers. */
    Shape shape(long channels) {
        long[] dims = new long[counts.length + 2];
        dims[0] = batch;
        dims[1] = channels;
        System.arraycopy(counts, 0, dims, 2, counts.length);
        return Shape.of(dims);
    }
}
