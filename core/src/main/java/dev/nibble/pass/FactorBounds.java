package dev.nibble.pass;

import dev.nibble.observe.ChannelMinMax;
import dev.nibble.pass.ChannelGroup.Limit;

import java.util.Arrays;
import java.util.Map;

/**
 * Which factors of a group keep every Clip doing what it does: a channel that comes near a bound
 * keeps its scale, any other may grow until it comes as near as that.
 */
final class FactorBounds {
    /** How many times as far as was observed a value may reach without being clipped. */
    private static final double HEADROOM = 2;

    private final double[] most;
    private final boolean[] fixed;

    private FactorBounds(int slots) {
        most = new double[slots];
        fixed = new boolean[slots];
        Arrays.fill(most, Double.POSITIVE_INFINITY);
    }

    /**
     * The bounds of one group.
     *
     * @param observed what goes into each Clip; channels of which nothing was seen keep their scale
     */
    static FactorBounds of(ChannelGroup group, Map<String, ChannelMinMax> observed) {
        FactorBounds bounds = new FactorBounds(group.slots());
        for (Limit limit : group.limits()) {
            ChannelMinMax extremes =
                    observed.getOrDefault(limit.input().value(), ChannelMinMax.NOTHING);
            int[] slots = limit.input().slots();
            for (int channel = 0; channel < slots.length; channel++) {
                int slot = slots[channel];
                if (extremes.isEmpty()) {
                    bounds.fixed[slot] = true;
                } else {
                    bounds.limit(slot, extremes.max(channel) * HEADROOM, limit.high());
                    bounds.limit(slot, -extremes.min(channel) * HEADROOM, -limit.low());
                }
            }
        }
        return bounds;
    }

    /** Takes note of a value that reaches so far towards a bound, both seen as positive. */
    private void limit(int slot, double reach, double bound) {
        if (bound == 0) {
            return; // what lies beyond 0 is clipped whatever its scale
        }
        if (reach > bound) {
            fixed[slot] = true;
        } else if (reach > 0) {
            most[slot] = Math.min(most[slot], bound / reach);
        }
    }

    /** The allowed factor that is nearest to the wanted one. */
    double clamp(int slot, double wanted) {
        return fixed[slot] ? 1 : Math.min(wanted, most[slot]);
    }

    /** Number of slots that keep their scale. */
    int fixed() {
        int count = 0;
        for (boolean each : fixed) {
            count += each ? 1 : 0;
        }
        return count;
    }
}
