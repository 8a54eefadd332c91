package dev.nibble.report;

import dev.nibble.number.Encoding;

import java.util.Arrays;

/**
 * The real numbers that codes stand for: {@code scale · (code − zeroPoint)}. Where groups have
 * scales of their own, from the least to the greatest.
 *
 * @param lowestCode least code in use
 * @param highestCode greatest code
 * @param groups how many scales there are
 * @param leastScale smallest of them
 * @param greatestScale largest of them
 * @param leastZeroPoint smallest code that stands for 0
 * @param greatestZeroPoint largest code that stands for 0
 */
public record CodeGrid(
        int lowestCode,
        int highestCode,
        int groups,
        float leastScale,
        float greatestScale,
        int leastZeroPoint,
        int greatestZeroPoint) {
    static CodeGrid of(Encoding encoding) {
        float least = Float.POSITIVE_INFINITY;
        float greatest = 0;
        for (float scale : encoding.scales()) {
            least = Math.min(least, scale);
            greatest = Math.max(greatest, scale);
        }
        int[] zeroPoints = encoding.zeroPoints();
        return new CodeGrid(
                encoding.scheme().lowestCode(),
                encoding.format().max(),
                encoding.groups(),
                least,
                greatest,
                Arrays.stream(zeroPoints).min().orElse(0),
                Arrays.stream(zeroPoints).max().orElse(0));
    }
}
