package dev.nibble.formats;

/**
 * How much memory the content of one file may take.
 *
 * <p>A small file may describe something huge. What it claims is compared with the heap before
 * anything is allocated, so that the answer is a message and not the end of the process.
 */
public final class MemoryBudget {
    private MemoryBudget() {}

    /** So much of the heap, but at most {@code most} bytes. */
    public static long ofHeap(double share, long most) {
        return Math.min((long) (share * Runtime.getRuntime().maxMemory()), most);
    }

    /** The remedy where a budget is exceeded. */
    public static String remedy() {
        return "give Java more memory than the %d MB of now (-Xmx)"
                .formatted(Runtime.getRuntime().maxMemory() >> 20);
    }
}
