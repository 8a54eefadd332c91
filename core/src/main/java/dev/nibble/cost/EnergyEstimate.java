package dev.nibble.cost;

/**
 * The energy of one run, reckoned and not measured: counted {@link Work} at published {@link
 * EnergyFigures}.
 *
 * <p>It knows neither the instructions around the arithmetic nor leakage, and the figures are those
 * of one process: two networks may be compared by it, a battery may not be planned with it.
 *
 * @param work what was counted
 * @param arithmeticJoules of the multiply-adds
 * @param lowJoules of everything, bytes in main memory at the least of their span
 * @param highJoules of everything, bytes in main memory at the most of it
 */
public record EnergyEstimate(
        Work work, double arithmeticJoules, double lowJoules, double highJoules) {

    /** The energy of some work. */
    public static EnergyEstimate of(Work work) {
        double arithmetic = 0;
        for (var one : work.multiplyAdds().entrySet()) {
            arithmetic += one.getValue() * EnergyFigures.multiplyAdd(one.getKey());
        }
        double low = arithmetic;
        double high = arithmetic;
        for (var one : work.bytes().entrySet()) {
            low += one.getValue() * EnergyFigures.byteAtLeast(one.getKey());
            high += one.getValue() * EnergyFigures.byteAtMost(one.getKey());
        }
        return new EnergyEstimate(work, arithmetic, low, high);
    }

    /** The middle between low and high. */
    public double joules() {
        return (lowJoules + highJoules) / 2;
    }

    /** Whether nothing was left out. */
    public boolean isComplete() {
        return work.unknown().isEmpty();
    }
}
