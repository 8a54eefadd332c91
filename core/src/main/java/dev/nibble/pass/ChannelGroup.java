package dev.nibble.pass;

import dev.nibble.graph.Node;

import java.util.List;
import java.util.Optional;

/**
 * Channels of values that can be scaled only together, since nodes like Add, Concat and Relu tie
 * them: one factor a slot, free to choose, as long as writers multiply by it and readers divide.
 *
 * @param slots number of factors
 * @param values every value whose channels have a slot, the first one made first
 * @param writers the nodes that bring the factor in
 * @param readers the nodes that take it out again
 * @param limits what bounds the factors: clipping in between
 * @param obstacle why no factor but 1 is possible; empty if there is none
 */
record ChannelGroup(
        int slots,
        List<Channels> values,
        List<Port> writers,
        List<Port> readers,
        List<Limit> limits,
        Optional<String> obstacle) {
    /**
     * The channels of a value.
     *
     * @param axis the axis that counts them; negative axes count from the end
     * @param slots the slot of each
     */
    record Channels(String value, int axis, int[] slots) {
        int count() {
            return slots.length;
        }
    }

    /** A node that multiplies its output, or divides its input, by the factors of its channels. */
    record Port(Node node, int[] slots) {}

    /** A Clip: factors must not make it clip where it did not, nor spare what it clipped. */
    record Limit(Node node, Channels input, float low, float high) {}

    String name() {
        return values.getFirst().value();
    }
}
