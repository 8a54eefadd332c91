package dev.nibble.task;

import dev.nibble.math.Bootstrap;
import dev.nibble.math.Proportion;

import java.util.OptionalDouble;

/**
 * One figure of a network beside the baseline.
 *
 * @param name what it is, as in {@code meanIou}
 * @param value NaN if it cannot be said
 * @param low lower end of its 95 % interval; empty if there is none
 * @param high upper end
 */
public record TaskMeasure(String name, double value, OptionalDouble low, OptionalDouble high) {
    static TaskMeasure of(String name, double value) {
        return new TaskMeasure(name, value, OptionalDouble.empty(), OptionalDouble.empty());
    }

    static TaskMeasure of(String name, Bootstrap mean) {
        return new TaskMeasure(
                name, mean.mean(), OptionalDouble.of(mean.low()), OptionalDouble.of(mean.high()));
    }

    static TaskMeasure of(String name, Proportion share) {
        return new TaskMeasure(
                name,
                share.share(),
                OptionalDouble.of(share.low()),
                OptionalDouble.of(share.high()));
    }
}
