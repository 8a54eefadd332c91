package dev.nibble.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nibble.error.NibbleException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;

class AtomicFileTest {
    @TempDir private Path folder;

    @Test
    void replacesAFile() throws IOException {
        Path file = Files.writeString(folder.resolve("a"), "old and longer");
        AtomicFile.write(file, channel -> put(channel, "new"));
        assertThat(file).hasContent("new");
        assertThat(files()).containsExactly("a");
    }

    @Test
    void theOldFileIsThereUntilTheNewOneIsWhole() throws IOException {
        Path file = Files.writeString(folder.resolve("a"), "old");
        AtomicFile.write(
                file,
                channel -> {
                    put(channel, "new");
                    assertThat(file).hasContent("old");
                });
        assertThat(file).hasContent("new");
    }

    @Test
    void leavesNothingBehindWhenTheDiskIsFull() throws IOException {
        Path file = Files.writeString(folder.resolve("a"), "old");
        assertThatThrownBy(() ->
                        AtomicFile.write(
                                file,
                                channel -> {
                                    put(channel, "half of it");
                                    throw new IOException("No space left on device");
                                }))
                .isInstanceOf(NibbleException.class)
                .hasMessage(
                        "cannot write "
                                + file
                                + ": No space left on device; make room or choose another place");
        assertThat(file).hasContent("old");
        assertThat(files()).containsExactly("a");
    }

    @Test
    void leavesNothingBehindWhenTheWorkIsCancelled() throws IOException {
        Path file = folder.resolve("a");
        assertThatThrownBy(() ->
                        AtomicFile.write(
                                file,
                                channel -> {
                                    throw new CancellationException();
                                }))
                .isInstanceOf(CancellationException.class);
        assertThat(files()).isEmpty();
    }

    @Test
    void takesTheNameFromTheContent() throws IOException {
        Path file =
                AtomicFile.writeNamed(
                        folder,
                        "later",
                        channel -> {
                            put(channel, "text");
                            return "name";
                        });
        assertThat(file).isEqualTo(folder.resolve("name")).hasContent("text");
        assertThat(files()).containsExactly("name");
    }

    @Test
    void writesThroughALink() throws IOException {
        Path real = Files.writeString(folder.resolve("real"), "old");
        Path link = Files.createSymbolicLink(folder.resolve("link"), real);
        AtomicFile.write(link, channel -> put(channel, "new"));
        assertThat(Files.isSymbolicLink(link)).isTrue();
        assertThat(real).hasContent("new");
    }

    @Test
    void doesNotReplaceADevice() {
        Path device = Path.of("/dev/null");
        assumeTrue(Files.exists(device), "this system has no /dev/null");
        assertThatThrownBy(() -> AtomicFile.write(device, channel -> put(channel, "x")))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining("cannot write /dev/null: it is a device");
        assertThatThrownBy(() -> AtomicFile.write(Path.of("/"), channel -> put(channel, "x")))
                .hasMessageContaining("it is a folder");
        assertThatThrownBy(() -> AtomicFile.write(Path.of(""), channel -> put(channel, "x")))
                .isInstanceOf(NibbleException.class);
    }

    @Test
    void saysThatTheFolderIsMissing() {
        assertThatThrownBy(() ->
                        AtomicFile.write(folder.resolve("no/a"), channel -> put(channel, "x")))
                .hasMessageContaining(
                        "there is no folder " + folder.resolve("no") + "; create it first");
    }

    private static void put(FileChannel channel, String text) throws IOException {
        channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    private Stream<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList().stream();
        }
    }
}
