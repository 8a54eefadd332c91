package dev.nibble.formats.onnx;

import com.google.protobuf.InvalidProtocolBufferException;

import dev.nibble.error.NibbleException;
import dev.nibble.formats.AtomicFile;
import dev.nibble.formats.MappedFile;
import dev.nibble.formats.onnx.proto.Kept;
import dev.nibble.formats.onnx.proto.ModelProto;
import dev.nibble.formats.onnx.proto.OperatorSetIdProto;
import dev.nibble.formats.onnx.proto.StringStringEntryProto;
import dev.nibble.graph.Function;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.Wiring;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A whole model, from a file that stays mapped: protobuf parses its {@link Skeleton}, the weights
 * stay where they lie.
 */
final class ModelReader {
    private static final byte IR_VERSION_TAG = 8;

    private ModelReader() {}

    static Model read(Path file) {
        return read(file, new ExternalData(AtomicFile.folderOf(file)));
    }

    /** The file and those that its tensors have their data in. */
    static List<Path> files(Path file) {
        ExternalData externalData = new ExternalData(AtomicFile.folderOf(file));
        read(file, externalData);
        List<Path> files = new ArrayList<>();
        files.add(file);
        files.addAll(externalData.files());
        return files;
    }

    private static Model read(Path file, ExternalData externalData) {
        MemorySegment content = MappedFile.map(file);
        try {
            return read(content, externalData);
        } catch (NibbleException e) {
            throw new NibbleException("%s: %s".formatted(file, e.getMessage()), e);
        }
    }

    /** The model in the content of a file, whose name messages do not know. */
    static Model read(MemorySegment content, ExternalData externalData) {
        return model(parse(content), content, externalData);
    }

    private static Model model(ModelProto proto, MemorySegment content, ExternalData externalData) {
        check(proto);
        GraphReader reader = new GraphReader(new TensorReader(content, externalData));
        Graph graph = reader.read(proto.getGraph());
        Wiring.check(graph, reader.sparseNames());
        Map<String, Long> opsets = new HashMap<>();
        for (OperatorSetIdProto opset : proto.getOpsetImportList()) {
            opsets.put(opset.getDomain(), opset.getVersion());
        }
        Map<String, String> metadata = new LinkedHashMap<>();
        for (StringStringEntryProto entry : proto.getMetadataPropsList()) {
            metadata.put(entry.getKey(), entry.getValue());
        }
        ModelProto rest =
                proto.toBuilder()
                        .clearGraph()
                        .clearIrVersion()
                        .clearOpsetImport()
                        .clearMetadataProps()
                        .clearFunctions()
                        .build();
        Kept.Builder kept = Kept.newBuilder();
        if (rest.getSerializedSize() > 0) {
            kept.setRest(rest);
        }
        if (externalData.used()) {
            kept.setExternalData(true);
        }
        List<Function> functions =
                proto.getFunctionsList().stream()
                        .map(function -> Functions.read(function, reader))
                        .toList();
        return new Model(
                graph, proto.getIrVersion(), opsets, metadata, functions, Remainders.keep(kept));
    }

    private static ModelProto parse(MemorySegment content) {
        if (content.byteSize() == 0) {
            throw new NibbleException("the file is empty; an ONNX model is expected");
        }
        if (content.byteSize() > Integer.MAX_VALUE) {
            throw new NibbleException(
                    "the file has %d bytes, but an ONNX file holds at most 2 GB; export with external data"
                            .formatted(content.byteSize()));
        }
        try {
            Footprint.check(content, ModelProto.getDescriptor());
        } catch (NibbleException e) {
            throw unreadable(content, e);
        }
        try {
            return ModelProto.parseFrom(Skeleton.of(content, MessageKind.MODEL));
        } catch (NibbleException | InvalidProtocolBufferException e) {
            throw unreadable(content, e);
        }
    }

    private static NibbleException unreadable(MemorySegment content, Exception cause) {
        return content.get(ValueLayout.JAVA_BYTE, 0) == IR_VERSION_TAG
                ? damaged(cause)
                : notOnnx(content, cause);
    }

    private static NibbleException damaged(Exception cause) {
        return new NibbleException(
                "the file is cut off or damaged (%s); fetch or export the model again"
                        .formatted(cause.getMessage()),
                cause);
    }

    private static NibbleException notOnnx(MemorySegment content, Exception cause) {
        byte[] start =
                content.asSlice(0, Math.min(8, content.byteSize())).toArray(ValueLayout.JAVA_BYTE);
        return new NibbleException(
                "the file is not an ONNX model (it starts with bytes %s); name an .onnx file"
                        .formatted(HexFormat.ofDelimiter(" ").formatHex(start)),
                cause);
    }

    private static void check(ModelProto proto) {
        if (proto.getIrVersion() <= 0) {
            throw new NibbleException(
                    "the file is not an ONNX model: it gives no ir_version; name an .onnx file");
        }
        if (!proto.hasGraph()) {
            throw new NibbleException(
                    "the model has no graph; the file is cut off, or holds only functions: export"
                            + " it again");
        }
        if (proto.getOpsetImportCount() == 0) {
            throw new NibbleException(
                    "the model imports no operator set; the file is cut off, or from before"
                            + " operator sets: export it again");
        }
    }
}
