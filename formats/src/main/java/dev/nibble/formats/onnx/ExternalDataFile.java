package dev.nibble.formats.onnx;

import dev.nibble.formats.AtomicFile;
import dev.nibble.formats.SegmentBytes;
import dev.nibble.formats.onnx.Placement.Slot;
import dev.nibble.graph.Attribute;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Tensor;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The file beside a model that holds its larger tensors.
 *
 * <p>It is called after the model and the SHA-256 of its own content, {@code
 * model.onnx.0123456789abcdef.data}, so that it never overwrites the data of another version: until
 * the model's file is renamed, the old pair is whole. The data file of a replaced model is left
 * where it is.
 */
final class ExternalDataFile implements Placement {
    /** Smaller tensors stay in the model's file, where runtimes look at them while they load. */
    private static final long SMALL_BYTES = 1024;

    /** From here on tensors start at a multiple of what systems can map (ONNX, "External Data"). */
    private static final long BIG_BYTES = 1 << 20;

    private static final long MAP_ALIGNMENT = 1 << 16;
    private static final long SMALL_ALIGNMENT = 64;
    private static final int HASH_DIGITS = 16;

    private final IdentityHashMap<Tensor, Long> offsets = new IdentityHashMap<>();
    private final List<Tensor> tensors = new ArrayList<>();

    private final Path file;
    private boolean overwritten;

    private ExternalDataFile(Model model, Path modelFile) {
        place(model.graph());
        Path folder = AtomicFile.folderOf(modelFile);
        String stem = String.valueOf(modelFile.getFileName());
        file =
                AtomicFile.writeNamed(
                        folder,
                        stem + ".data",
                        channel -> {
                            String name =
                                    "%s.%s.data"
                                            .formatted(
                                                    stem,
                                                    writeTo(Channels.newOutputStream(channel)));
                            overwritten = Files.exists(folder.resolve(name));
                            return name;
                        });
    }

    /** Writes the larger tensors of a model to a file beside the model's. */
    static ExternalDataFile write(Model model, Path modelFile) {
        return new ExternalDataFile(model, modelFile);
    }

    @Override
    public Optional<Slot> of(Tensor tensor) {
        return Optional.ofNullable(offsets.get(tensor))
                .map(offset ->
                        new Slot(
                                String.valueOf(file.getFileName()),
                                offset,
                                tensor.data().byteSize()));
    }

    /**
     * Removes the file again, unless it was there before, because the model could not be written
     * for some reason.
     */
    void discard(Throwable reason) {
        try {
            if (!overwritten) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    private void place(Graph graph) {
        long[] end = {0};
        visit(
                graph,
                tensor -> {
                    long bytes = tensor.data().byteSize();
                    if (tensor.type() != DataType.STRING
                            && bytes >= SMALL_BYTES
                            && !offsets.containsKey(tensor)) {
                        long offset = aligned(end[0], bytes);
                        offsets.put(tensor, offset);
                        tensors.add(tensor);
                        end[0] = offset + bytes;
                    }
                });
    }

    /** How many bytes the tensors of a model take. */
    static long tensorBytes(Model model) {
        long[] bytes = {0};
        visit(model.graph(), tensor -> bytes[0] += tensor.data().byteSize());
        return bytes[0];
    }

    /** Writes the tensors and returns the start of the content's hash. */
    private String writeTo(OutputStream file) throws IOException {
        MessageDigest digest = sha256();
        OutputStream out = new DigestOutputStream(file, digest);
        long at = 0;
        for (Tensor tensor : tensors) {
            long offset = aligned(at, tensor.data().byteSize());
            out.write(new byte[(int) (offset - at)]);
            SegmentBytes.pour(tensor.data(), (chunk, length) -> out.write(chunk, 0, length));
            at = offset + tensor.data().byteSize();
        }
        return HexFormat.of().formatHex(digest.digest()).substring(0, HASH_DIGITS);
    }

    private static long aligned(long at, long bytes) {
        long alignment = bytes >= BIG_BYTES ? MAP_ALIGNMENT : SMALL_ALIGNMENT;
        return Math.ceilDiv(at, alignment) * alignment;
    }

    private static void visit(Graph graph, Consumer<Tensor> visitor) {
        graph.constants().values().forEach(visitor);
        for (Node node : graph.nodes()) {
            for (Attribute attribute : node.attributes().values()) {
                if (attribute instanceof Attribute.TensorValue(Tensor tensor)) {
                    visitor.accept(tensor);
                }
            }
            node.subgraphs().forEach(subgraph -> visit(subgraph, visitor));
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
