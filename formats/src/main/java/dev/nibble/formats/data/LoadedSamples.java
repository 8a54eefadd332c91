package dev.nibble.formats.data;

import dev.nibble.engine.Sample;
import dev.nibble.engine.Samples;

import java.util.Objects;
import java.util.function.IntFunction;

/** The samples of a data set, each loaded when it is asked for. */
record LoadedSamples(DataSet data, IntFunction<Sample> load) implements Samples {
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
        return data.description();
    }
}
