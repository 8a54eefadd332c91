package dev.nibble.formats.onnx;

import com.google.protobuf.CodedOutputStream;

import dev.nibble.engine.ModelFormat;
import dev.nibble.formats.AtomicFile;
import dev.nibble.graph.Model;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.List;

/**
 * ONNX: the interchange format of networks, one protobuf message to a file.
 *
 * <p>Reading and writing keeps everything, what Nibble does not know included; only the way in
 * which numbers are stored changes (always as raw bytes). Weights are mapped from the file.
 */
public final class OnnxFormat implements ModelFormat {
    /** Protobuf stops at 2 GiB; what is left over is for nodes and texts. */
    public static final long DEFAULT_INLINE_LIMIT_BYTES = 2_000_000_000L;

    private static final int BUFFER_BYTES = 1 << 16;

    private final long inlineLimitBytes;

    /** The format with the limit that protobuf sets. */
    public OnnxFormat() {
        this(DEFAULT_INLINE_LIMIT_BYTES);
    }

    /**
     * The format with another limit.
     *
     * @param inlineLimitBytes with more bytes of tensors than this, their data goes to a file of
     *     its own
     */
    public OnnxFormat(long inlineLimitBytes) {
        if (inlineLimitBytes < 0 || inlineLimitBytes > DEFAULT_INLINE_LIMIT_BYTES) {
            throw new IllegalArgumentException(
                    "an inline limit of %d bytes is outside 0..%d"
                            .formatted(inlineLimitBytes, DEFAULT_INLINE_LIMIT_BYTES));
        }
        this.inlineLimitBytes = inlineLimitBytes;
    }

    @Override
    public String name() {
        return "ONNX";
    }

    @Override
    public Model read(Path file) {
        return ModelReader.read(file);
    }

    @Override
    public List<Path> files(Path file) {
        return ModelReader.files(file);
    }

    @Override
    public void write(Model model, Path file) {
        Path target = AtomicFile.target(file);
        if (!ModelWriter.hadExternalData(model)
                && ExternalDataFile.tensorBytes(model) <= inlineLimitBytes) {
            write(new ModelWriter(model, Placement.INLINE), target);
            return;
        }
        ExternalDataFile data = ExternalDataFile.write(model, target);
        try {
            write(new ModelWriter(model, data), target);
        } catch (RuntimeException | Error e) {
            data.discard(e);
            throw e;
        }
    }

    private static void write(ModelWriter writer, Path target) {
        AtomicFile.write(
                target,
                channel -> {
                    OutputStream stream = Channels.newOutputStream(channel);
                    writer.writeTo(CodedOutputStream.newInstance(stream, BUFFER_BYTES));
                });
    }

    @Override
    public ByteBuffer serialize(Model model) {
        ModelWriter writer = new ModelWriter(model, Placement.INLINE);
        ByteBuffer buffer = ByteBuffer.allocateDirect(writer.sizeBytes());
        try {
            writer.writeTo(CodedOutputStream.newInstance(buffer));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return buffer.rewind();
    }

    @Override
    public long inlineLimitBytes() {
        return inlineLimitBytes;
    }
}
