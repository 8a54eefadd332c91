package dev.nibble.kernel;

/**
 * One scale and zero point: real ≈ scale · (code − zeroPoint).
 *
 * @param scale width of one step in real units; finite and positive
 * @param zeroPoint the code that stands for real 0
 * @param low lowest code; negative if codes are signed
 * @param high highest code
 */
public record Affine(float scale, int zeroPoint, int low, int high) {
    /**
     * Steps from the zero point down to the lowest code, negative: exact, as no code has more than
     * 16 bits.
     */
    float least() {
        return low - zeroPoint;
    }

    /** Steps from the zero point up to the highest code. */
    float greatest() {
        return high - zeroPoint;
    }

    /** Whether codes are stored with a sign. */
    boolean signed() {
        return low < 0;
    }
}
