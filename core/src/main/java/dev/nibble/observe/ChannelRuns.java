package dev.nibble.observe;

import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

/**
 * Walks over the elements of a tensor in runs of one channel: each index along an axis is a
 * channel.
 */
final class ChannelRuns {
    private final Visitor visitor;
    private final int channels;
    private final long run;
    private int channel;
    private long left;

    private ChannelRuns(int channels, long run, Visitor visitor) {
        this.visitor = visitor;
        this.channels = channels;
        this.run = run;
        this.left = run;
    }

    /** Takes elements {@code from} to {@code to}, exclusive, of a block; all are of one channel. */
    interface Visitor {
        void visit(int channel, float[] block, int from, int to);
    }

    /**
     * Visits every element of a tensor that has some.
     *
     * @param axis negative axes count from the end
     */
    static void forEach(Tensor values, int axis, Visitor visitor) {
        Shape shape = values.shape();
        int at = shape.normalize(axis);
        ChannelRuns runs =
                new ChannelRuns(
                        Math.toIntExact(shape.dim(at)),
                        shape.product(at + 1, shape.rank()),
                        visitor);
        FloatBlocks.forEach(values, runs::walk);
    }

    private void walk(float[] block, int length) {
        for (int at = 0; at < length; ) {
            int end = (int) Math.min(length, at + left);
            visitor.visit(channel, block, at, end);
            left -= end - at;
            at = end;
            if (left == 0) {
                left = run;
                channel = channel + 1 == channels ? 0 : channel + 1;
            }
        }
    }
}
