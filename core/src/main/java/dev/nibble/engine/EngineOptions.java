package dev.nibble.engine;

/**
 * How an engine shall run a network.
 *
 * @param threads threads within one operator; 1 makes results independent of the machine's load and
 *     size
 * @param optimize whether the engine may rewrite the graph for speed (the results may then differ
 *     in the last bits)
 */
public record EngineOptions(int threads, boolean optimize) {
    /** One thread, all optimizations. */
    public static final EngineOptions SINGLE_THREAD = new EngineOptions(1, true);

    public EngineOptions {
        if (threads < 1) {
            throw new IllegalArgumentException("an engine needs at least 1 thread, not " + threads);
        }
    }
}
