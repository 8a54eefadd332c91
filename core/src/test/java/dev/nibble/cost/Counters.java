package dev.nibble.cost;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Energy counters as Linux shows them, in a folder of a test. */
record Counters(Path root) {
    void zone(String folder, String name, long microjoules, long range) throws IOException {
        Path zone = Files.createDirectories(root.resolve(folder));
        Files.writeString(zone.resolve("name"), name + "\n");
        Files.writeString(zone.resolve("energy_uj"), microjoules + "\n");
        Files.writeString(zone.resolve("max_energy_range_uj"), range + "\n");
    }

    /** Counts on, and begins anew behind the range. */
    void count(String folder, long microjoules) {
        try {
            Path counter = root.resolve(folder).resolve("energy_uj");
            Path range = root.resolve(folder).resolve("max_energy_range_uj");
            long sum = Long.parseLong(Files.readString(counter).strip()) + microjoules;
            long most = Long.parseLong(Files.readString(range).strip());
            Files.writeString(counter, sum % most + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
