package dev.nibble.engine;

import dev.nibble.graph.Model;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/** A file format of networks. Found through {@link java.util.ServiceLoader}. */
public interface ModelFormat {
    /** The format's name, as in {@code ONNX}. */
    String name();

    /**
     * Reads a network; weights are mapped from the file, not copied, and stay valid as long as they
     * are used.
     *
     * @throws dev.nibble.error.NibbleException if the file is not a network in this format; the
     *     message names file and place
     */
    Model read(Path file);

    /**
     * The files that a network consists of: the one that is given, and those beside it that hold
     * tensors for it, if the format has such.
     */
    default List<Path> files(Path file) {
        return List.of(file);
    }

    /**
     * Writes a network: to a temporary name beside the target, synced and renamed, so that a killed
     * run leaves the old file or the new one. Replaces an existing file; whoever calls has asked
     * the user.
     *
     * <p>Data beyond what one file may hold goes to a second file beside it, which is written
     * first, under a name made of its content's hash.
     */
    void write(Model model, Path file);

    /**
     * The bytes of the file, in direct memory or on the heap, for an engine to read; at most {@link
     * #inlineLimitBytes()}.
     */
    ByteBuffer serialize(Model model);

    /**
     * Up to how many bytes of tensor data {@link #serialize} can be used; larger networks are
     * written and opened by path.
     */
    long inlineLimitBytes();
}
