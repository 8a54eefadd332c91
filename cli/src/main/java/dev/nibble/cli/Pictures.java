package dev.nibble.cli;

import dev.nibble.formats.data.DataSet;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Finds the picture of a sample again.
 *
 * @param data where samples came from
 */
record Pictures(List<Path> data) implements Function<String, Optional<String>> {
    static Pictures of(Stream<Path> data) {
        return new Pictures(data.toList());
    }

    @Override
    public Optional<String> apply(String sample) {
        return data.stream()
                .map(DataSet::open)
                .flatMap(samples -> samples.thumbnail(sample).stream())
                .findFirst();
    }
}
