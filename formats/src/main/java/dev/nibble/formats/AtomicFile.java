package dev.nibble.formats;

import dev.nibble.error.NibbleException;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Replaces files as a whole: written to a temporary name beside the target, synced, renamed.
 *
 * <p>A run that is killed leaves the old file or the new one, and at worst a {@code .tmp} file
 * beside it; a run that fails removes that too.
 */
public final class AtomicFile {
    private AtomicFile() {}

    /** What fills the file. */
    @FunctionalInterface
    public interface Body {
        void writeTo(FileChannel channel) throws IOException;
    }

    /** What fills a file whose name depends on the content. */
    @FunctionalInterface
    public interface NamingBody {
        /** Writes the content and returns the name of the file. */
        String writeTo(FileChannel channel) throws IOException;
    }

    /**
     * Writes or replaces a file.
     *
     * @throws NibbleException if that fails; the message names the file, and nothing is left behind
     */
    public static void write(Path target, Body body) {
        Path real = target(target);
        String name = String.valueOf(real.getFileName());
        replace(
                target,
                folderOf(real),
                name,
                channel -> {
                    body.writeTo(channel);
                    return name;
                });
    }

    /**
     * The file that a write to {@code target} replaces: where a link leads, so that the link itself
     * stays.
     *
     * @throws NibbleException if that is no place for a file
     */
    public static Path target(Path target) {
        Path real = followed(target);
        if (Files.exists(real) && !Files.isRegularFile(real)) {
            throw new NibbleException(
                    "cannot write %s: it is %s; name a file"
                            .formatted(target, FileErrors.kind(real)));
        }
        if (real.getFileName() == null || real.getFileName().toString().isEmpty()) {
            throw new NibbleException(
                    "cannot write \"%s\": it has no file name; name a file".formatted(target));
        }
        return real;
    }

    /**
     * Writes or replaces a file in a folder, under a name that is known only when its content is.
     *
     * @return the file
     * @throws NibbleException as {@link #write}
     */
    public static Path writeNamed(Path folder, String provisionalName, NamingBody body) {
        return replace(folder.resolve(provisionalName), folder, provisionalName, body);
    }

    /** The folder in which a file lies or would lie. */
    public static Path folderOf(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        return parent == null ? file.toAbsolutePath() : parent;
    }

    private static Path replace(Path shown, Path folder, String name, NamingBody body) {
        Path temporary =
                folder.resolve(
                        ".%s.%d-%d.tmp"
                                .formatted(name, ProcessHandle.current().pid(), System.nanoTime()));
        try {
            Path target;
            try (FileChannel channel =
                    FileChannel.open(
                            temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                target = folder.resolve(body.writeTo(channel));
                channel.force(true);
            }
            Files.move(
                    temporary,
                    target,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            syncFolder(folder);
            return target;
        } catch (IOException e) {
            removeUnfinished(temporary, e);
            throw new NibbleException(
                    "cannot write %s: %s".formatted(shown, FileErrors.writing(e, folder)), e);
        } catch (RuntimeException | Error e) {
            removeUnfinished(temporary, e);
            throw e;
        }
    }

    private static Path followed(Path target) {
        try {
            return Files.exists(target) ? target.toRealPath() : target;
        } catch (IOException e) {
            throw new NibbleException(
                    "cannot write %s: %s"
                            .formatted(target, FileErrors.writing(e, folderOf(target))),
                    e);
        }
    }

    /**
     * Makes the new name itself survive a power cut, where the system can (Windows has no such
     * call).
     */
    private static void syncFolder(Path folder) throws IOException {
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static void removeUnfinished(Path temporary, Throwable reason) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }
}
