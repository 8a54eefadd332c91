package dev.nibble.cost;

/**
 * Published energies of single steps in a 45 nm process at 0.9 V.
 *
 * <p>Horowitz, "Computing's energy problem (and what we can do about it)", ISSCC 2014, figure
 * 1.1.9: energy of an operation, and of reading or writing 64 bits.
 */
public final class EnergyFigures {
    /** Where the figures are from. */
    public static final String SOURCE =
            "M. Horowitz, Computing's energy problem (and what we can do about it), ISSCC 2014";

    /** The process that they hold for. */
    public static final String PROCESS = "45 nm";

    private static final double PICO = 1e-12;
    private static final double BYTES_PER_ACCESS = 8;

    private EnergyFigures() {}

    /** Joules of one multiplication and the addition of its result. */
    public static double multiplyAdd(Arithmetic arithmetic) {
        return PICO
                * switch (arithmetic) {
                    case INT8 -> 0.2 + 0.1;
                    case FLOAT16 -> 1.1 + 0.4;
                    case FLOAT32 -> 3.7 + 0.9;
                };
    }

    /** Joules of moving one byte, at least. */
    public static double byteAtLeast(MemoryLevel level) {
        return PICO
                / BYTES_PER_ACCESS
                * switch (level) {
                    case CACHE_8K -> 10;
                    case CACHE_32K -> 20;
                    case CACHE_1M -> 100;
                    case DRAM -> 1300;
                };
    }

    /** Joules of moving one byte, at most; only main memory has a span. */
    public static double byteAtMost(MemoryLevel level) {
        return level == MemoryLevel.DRAM ? PICO / BYTES_PER_ACCESS * 2600 : byteAtLeast(level);
    }
}
