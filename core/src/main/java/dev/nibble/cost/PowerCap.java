package dev.nibble.cost;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * The energy counters that the processor keeps (RAPL), as Linux shows them below {@code
 * /sys/class/powercap}.
 *
 * <p>Counted are the packages, and the main memory of those that count it apart. They count all
 * that runs, and what the processor takes when nothing does.
 *
 * @param zones the counters; none if there are none that may be read
 * @param obstacle why there are none; empty if there are some
 */
public record PowerCap(List<Zone> zones, String obstacle) {
    /** Where Linux shows the counters. */
    public static final Path ROOT = Path.of("/sys/class/powercap");

    private static final double MICRO = 1e-6;

    public PowerCap {
        zones = List.copyOf(zones);
    }

    /**
     * One counter.
     *
     * @param folder where its files are
     * @param rangeMicrojoules what it counts up to before it begins at 0 again
     */
    public record Zone(Path folder, long rangeMicrojoules) {}

    /**
     * The counters at one moment.
     *
     * @param microjoules one for each zone; empty if one could not be read
     */
    public record Reading(Optional<List<Long>> microjoules) {}

    /**
     * Finds the counters.
     *
     * @param root the folder that holds a folder for each, {@link #ROOT} on a real machine
     */
    public static PowerCap in(Path root) {
        List<Zone> zones = new ArrayList<>();
        if (!Files.isDirectory(root)) {
            return new PowerCap(zones, "this system has no " + root);
        }
        try (Stream<Path> folders = Files.list(root)) {
            // intel-rapl-mmio counts the same packages once more
            List<Path> counting =
                    folders.filter(folder ->
                                    String.valueOf(folder.getFileName())
                                            .matches("intel-rapl:[0-9]+(:[0-9]+)?"))
                            .filter(PowerCap::counts)
                            .sorted()
                            .toList();
            for (Path folder : counting) {
                number(folder.resolve("energy_uj"));
                zones.add(new Zone(folder, number(folder.resolve("max_energy_range_uj"))));
            }
        } catch (IOException | NumberFormatException unreadable) {
            return new PowerCap(
                    List.of(),
                    "the counters in %s cannot be read (%s); Linux lets only root read them unless told otherwise"
                            .formatted(root, unreadable.getMessage()));
        }
        return new PowerCap(zones, zones.isEmpty() ? "there are no counters in " + root : "");
    }

    /** {@code psys} holds the packages once more, {@code core} and {@code uncore} are in them. */
    private static boolean counts(Path folder) {
        try {
            String name = Files.readString(folder.resolve("name")).strip();
            return name.startsWith("package") || name.equals("dram");
        } catch (IOException _) {
            // a zone without a name is none that the kernel made
            return false;
        }
    }

    private static long number(Path file) throws IOException {
        return Long.parseLong(Files.readString(file).strip());
    }

    /** Reads all counters, one after the other. */
    public Reading read() {
        List<Long> values = new ArrayList<>();
        for (Zone zone : zones) {
            try {
                values.add(number(zone.folder().resolve("energy_uj")));
            } catch (IOException | NumberFormatException _) {
                return new Reading(Optional.empty());
            }
        }
        return new Reading(zones.isEmpty() ? Optional.empty() : Optional.of(values));
    }

    /**
     * The joules that were counted from one reading to another; empty if one of them failed. A
     * counter that is lower than before has begun at 0 again, once: they take minutes to get round.
     */
    public OptionalDouble joules(Reading before, Reading after) {
        if (before.microjoules().isEmpty() || after.microjoules().isEmpty()) {
            return OptionalDouble.empty();
        }
        long sum = 0;
        for (int i = 0; i < zones.size(); i++) {
            long counted = after.microjoules().get().get(i) - before.microjoules().get().get(i);
            sum += counted < 0 ? counted + zones.get(i).rangeMicrojoules() : counted;
        }
        return OptionalDouble.of(sum * MICRO);
    }
}
