package dev.nibble.cost;

/**
 * Where bytes come from and go to; the sizes are those that {@link EnergyFigures} has figures of.
 */
public enum MemoryLevel {
    /** A cache of 8 KiB. */
    CACHE_8K("8 KB cache", 8L << 10),
    /** A cache of 32 KiB. */
    CACHE_32K("32 KB cache", 32L << 10),
    /** A cache of 1 MiB. */
    CACHE_1M("1 MB cache", 1L << 20),
    /** Main memory. */
    DRAM("DRAM", Long.MAX_VALUE);

    private final String text;
    private final long capacity;

    MemoryLevel(String text, long capacity) {
        this.text = text;
        this.capacity = capacity;
    }

    /** The smallest that holds so many bytes at once. */
    public static MemoryLevel holding(long bytes) {
        for (MemoryLevel level : values()) {
            if (bytes <= level.capacity) {
                return level;
            }
        }
        return DRAM;
    }

    /** The level in words, as in {@code 8 KB cache}. */
    @Override
    public String toString() {
        return text;
    }
}
