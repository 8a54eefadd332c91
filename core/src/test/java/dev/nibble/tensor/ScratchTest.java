package dev.nibble.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

class ScratchTest {
    private static final long MEGABYTE = 1 << 20;

    @Test
    void keepsOnTheHeapWhatIsSmallBesideIt() {
        assertThat(Scratch.forTotal(MEGABYTE).allocate(MEGABYTE).heapBase()).isPresent();
        long whole = Runtime.getRuntime().maxMemory();
        assertThat(Scratch.forTotal(whole).allocate(MEGABYTE).isMapped()).isTrue();
    }

    @Test
    void givesZeroedMemoryThatDoesNotOverlap() {
        Scratch scratch = Scratch.mapped();
        long[] sizes = {MEGABYTE, 3, 20_001, 70 * MEGABYTE, 0, 63 * MEGABYTE, MEGABYTE};
        List<MemorySegment> all = new ArrayList<>();
        for (long size : sizes) {
            MemorySegment segment = scratch.allocate(size);
            assertThat(segment.byteSize()).isEqualTo(size);
            if (size > 0) {
                assertThat(segment.get(ValueLayout.JAVA_BYTE, 0)).isZero();
                assertThat(segment.get(ValueLayout.JAVA_BYTE, size - 1)).isZero();
            }
            all.add(segment.fill((byte) (all.size() + 1)));
        }
        for (int i = 0; i < sizes.length; i++) {
            if (sizes[i] > 0) {
                assertThat(all.get(i).get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) (i + 1));
                assertThat(all.get(i).get(ValueLayout.JAVA_BYTE, sizes[i] - 1))
                        .isEqualTo((byte) (i + 1));
            }
        }
    }

    @Test
    void itsFilesHaveNoName() throws IOException {
        MemorySegment held = Scratch.mapped().allocate(MEGABYTE).fill((byte) 1);
        Path folder = Path.of(System.getProperty("java.io.tmpdir"));
        long since = System.currentTimeMillis() - 1_000;
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(
                            files.filter(file -> file.toString().endsWith(".scratch"))
                                    .filter(file -> file.toFile().lastModified() >= since))
                    .isEmpty();
        }
        assertThat(held.get(ValueLayout.JAVA_BYTE, MEGABYTE - 1)).isEqualTo((byte) 1);
    }
}
