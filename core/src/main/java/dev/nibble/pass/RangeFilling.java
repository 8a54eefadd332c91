package dev.nibble.pass;

import dev.nibble.graph.Graph;
import dev.nibble.observe.ChannelMinMax;
import dev.nibble.pass.ChannelGroup.Channels;

import java.util.Arrays;
import java.util.Map;

/** How far each channel can grow before it widens the range of a value that it is part of. */
record RangeFilling(Graph graph, Map<String, ChannelMinMax> observed) {
    /**
     * Beyond this a channel is as good as dead, and its factor would amplify what is never seen.
     */
    private static final double MOST = 32;

    /**
     * The factors of one group: the room that a channel has in every value, to the power of the
     * strength.
     */
    double[] factors(ChannelGroup group, double strength) {
        double[] room = new double[group.slots()];
        Arrays.fill(room, Double.POSITIVE_INFINITY);
        for (Channels channels : group.values()) {
            ChannelMinMax extremes = observed.getOrDefault(channels.value(), ChannelMinMax.NOTHING);
            if (!extremes.isEmpty() && !isClippedAway(channels.value())) {
                fill(room, channels, extremes);
            }
        }
        double[] factors = new double[room.length];
        for (int slot = 0; slot < factors.length; slot++) {
            // a channel without anything in it has no room that means something
            factors[slot] =
                    Double.isInfinite(room[slot])
                            ? 1
                            : Math.min(MOST, Math.pow(room[slot], strength));
        }
        return factors;
    }

    private static void fill(double[] room, Channels channels, ChannelMinMax extremes) {
        double high = 0;
        double low = 0;
        for (int channel = 0; channel < channels.count(); channel++) {
            high = Math.max(high, extremes.max(channel));
            low = Math.min(low, extremes.min(channel));
        }
        for (int channel = 0; channel < channels.count(); channel++) {
            int slot = channels.slots()[channel];
            if (extremes.max(channel) > 0) {
                room[slot] = Math.min(room[slot], high / extremes.max(channel));
            }
            if (extremes.min(channel) < 0) {
                room[slot] = Math.min(room[slot], low / extremes.min(channel));
            }
        }
    }

    /** Whether a value is never quantized, since the activation behind it is all that reads it. */
    private boolean isClippedAway(String value) {
        return graph.soleConsumer(value)
                .filter(reader -> reader.is("Relu") || reader.is("Clip"))
                .isPresent();
    }
}
