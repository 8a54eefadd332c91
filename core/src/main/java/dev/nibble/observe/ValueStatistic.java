package dev.nibble.observe;

/**
 * What calibration learns about one value: how its numbers are distributed, and the moments of each
 * channel.
 *
 * @param histogram empty where only the channels were asked for
 * @param channels empty where only the distribution was asked for
 */
public record ValueStatistic(Histogram histogram, ChannelMeans channels)
        implements Statistic<ValueStatistic> {
    @Override
    public ValueStatistic merge(ValueStatistic other) {
        return new ValueStatistic(histogram.merge(other.histogram), channels.merge(other.channels));
    }
}
