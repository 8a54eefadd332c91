package dev.nibble.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

class PartitionTest {
    private static List<String> names(Samples samples) {
        return IntStream.range(0, samples.size())
                .mapToObj(index -> samples.get(index).name())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 11, 14, 15, 49, 100, 101, 997})
    void everySampleIsOnOneSide(int size) {
        Samples all = NumberedSamples.of(size);
        Partition partition = Partition.of(all, 64);

        assertThat(partition.parted()).isTrue();
        assertThat(partition.heldOut().size()).isEqualTo(Math.min(64, size / 5));
        assertThat(names(partition.seen())).isSubsetOf(names(all)).doesNotHaveDuplicates();
        List<String> both = new ArrayList<>(names(partition.seen()));
        both.addAll(names(partition.heldOut()));
        assertThat(both).containsExactlyInAnyOrderElementsOf(names(all));
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 101})
    void whatIsSeenKeepsItsOrder(int size) {
        Samples all = NumberedSamples.of(size);
        List<String> seen = names(Partition.of(all, 64).seen());
        List<String> expected = new ArrayList<>(names(all));
        expected.retainAll(seen);
        assertThat(seen).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 101})
    void halvesHoldEverySampleOutOnce(int size) {
        List<Partition> halves = Partition.halves(NumberedSamples.of(size));
        List<String> heldOut = new ArrayList<>();
        for (Partition half : halves) {
            assertThat(half.parted()).isTrue();
            assertThat(half.heldOut().size()).isBetween(size / 2, (size + 1) / 2);
            assertThat(names(half.seen())).doesNotContainAnyElementsOf(names(half.heldOut()));
            heldOut.addAll(names(half.heldOut()));
        }
        assertThat(heldOut).containsExactlyInAnyOrderElementsOf(names(NumberedSamples.of(size)));
        assertThat(Partition.halves(NumberedSamples.of(9))).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 9})
    void fewSamplesAreNotParted(int size) {
        Partition partition = Partition.of(NumberedSamples.of(size), 64);
        assertThat(partition.parted()).isFalse();
        assertThat(partition.seen().size()).isEqualTo(size);
        assertThat(partition.heldOut().size()).isEqualTo(size);
    }
}
