package dev.nibble.engine;

import dev.nibble.graph.Model;

import java.util.Set;

/**
 * A network and what to look at while it runs.
 *
 * @param fetch names of values, inner ones included; empty for the outputs of the network
 */
public record Probe(Model model, Set<String> fetch) {
    public Probe {
        fetch = Set.copyOf(fetch);
    }

    /** Looks at the outputs only. */
    public static Probe outputsOf(Model model) {
        return new Probe(model, Set.of());
    }
}
