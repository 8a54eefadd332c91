package dev.nibble.formats.data;

import dev.nibble.engine.Sample;
import dev.nibble.engine.Samples;
import dev.nibble.graph.ValueInfo;

import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;

/**
 * The samples of a data set, each loaded when it is asked for.
 *
 * @param batch how often each is repeated in an input
 */
record LoadedSamples(DataSet data, long batch, IntFunction<Sample> load) implements Samples {
    /** The samples for some inputs, which may take several at once. */
    static LoadedSamples of(DataSet data, List<ValueInfo> inputs, IntFunction<Sample> load) {
        long batch = inputs.stream().mapToLong(InputFit::batch).max().orElse(1);
        return new LoadedSamples(data, batch, load);
    }

    @Override
    public int size() {
        return data.size();
    }

    @Override
    public Sample get(int index) {
        return load.apply(Objects.checkIndex(index, size()));
    }

    @Override
    public boolean labelled() {
        return data.labelled();
    }

    @Override
    public String description() {
        return batch == 1
                ? data.description()
                : "%s, each fed %d times at once".formatted(data.description(), batch);
    }
}
