package dev.nibble.engine;

import dev.nibble.observe.Statistic;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** One statistic for each of several named values; merges name by name. */
public record PerValue<S extends Statistic<S>>(Map<String, S> byName)
        implements Statistic<PerValue<S>> {
    public PerValue {
        byName = Collections.unmodifiableMap(new TreeMap<>(byName));
    }

    @Override
    public PerValue<S> merge(PerValue<S> other) {
        Map<String, S> merged = new TreeMap<>(byName);
        other.byName.forEach((name, statistic) -> merged.merge(name, statistic, Statistic::merge));
        return new PerValue<>(merged);
    }
}
