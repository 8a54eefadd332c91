package dev.nibble.cost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.cost.PowerCap.Reading;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class PowerCapTest {
    @TempDir private Path root;

    private Counters counters;

    @BeforeEach
    void layOut() {
        counters = new Counters(root);
    }

    @Test
    void packages_add_up() throws IOException {
        counters.zone("intel-rapl:0", "package-0", 5_000_000, 100_000_000);
        counters.zone("intel-rapl:1", "package-1", 7_000_000, 100_000_000);
        PowerCap power = PowerCap.in(root);
        Reading before = power.read();
        counters.count("intel-rapl:0", 2_000_000);
        counters.count("intel-rapl:1", 500_000);

        assertThat(power.obstacle()).isEmpty();
        assertThat(power.joules(before, power.read())).hasValue(2.5);
    }

    @Test
    void a_counter_that_began_anew_has_counted_to_the_end_of_its_range() throws IOException {
        counters.zone("intel-rapl:0", "package-0", 262_000_000, 262_143_328);
        PowerCap power = PowerCap.in(root);
        Reading before = power.read();
        counters.count("intel-rapl:0", 1_000_000);

        assertThat(power.joules(before, power.read())).hasValue(1);
    }

    @Test
    void what_is_in_a_package_or_shown_twice_does_not_count_again() throws IOException {
        counters.zone("intel-rapl:0", "package-0", 0, 100);
        counters.zone("intel-rapl:0:0", "core", 0, 100);
        counters.zone("intel-rapl:0:1", "uncore", 0, 100);
        counters.zone("intel-rapl:0:2", "dram", 0, 100);
        counters.zone("intel-rapl:1", "psys", 0, 100);
        counters.zone("intel-rapl-mmio:0", "package-0", 0, 100);
        Files.createDirectory(root.resolve("intel-rapl"));

        assertThat(PowerCap.in(root).zones())
                .extracting(zone -> zone.folder().getFileName().toString())
                .containsExactly("intel-rapl:0", "intel-rapl:0:2");
    }

    @Test
    void without_counters_there_are_no_joules_but_a_reason() {
        PowerCap none = PowerCap.in(root);
        PowerCap missing = PowerCap.in(root.resolve("missing"));

        assertThat(none.obstacle()).isEqualTo("there are no counters in " + root);
        assertThat(missing.obstacle()).isEqualTo("this system has no " + root.resolve("missing"));
        assertThat(none.joules(none.read(), none.read())).isEmpty();
    }

    @Test
    void a_counter_that_may_not_be_read_is_a_reason() throws IOException {
        counters.zone("intel-rapl:0", "package-0", 0, 100);
        Files.delete(root.resolve("intel-rapl:0/energy_uj"));

        PowerCap power = PowerCap.in(root);

        assertThat(power.zones()).isEmpty();
        assertThat(power.obstacle()).contains("cannot be read", "only root");
    }

    @Test
    void a_counter_that_vanishes_leaves_no_joules() throws IOException {
        counters.zone("intel-rapl:0", "package-0", 0, 100);
        PowerCap power = PowerCap.in(root);
        Reading before = power.read();
        Files.delete(root.resolve("intel-rapl:0/energy_uj"));

        assertThat(power.joules(before, power.read())).isEmpty();
    }
}
