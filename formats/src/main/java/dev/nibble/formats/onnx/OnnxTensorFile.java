package dev.nibble.formats.onnx;

import com.google.protobuf.InvalidProtocolBufferException;

import dev.nibble.error.NibbleException;
import dev.nibble.formats.AtomicFile;
import dev.nibble.formats.MappedFile;
import dev.nibble.formats.onnx.proto.TensorProto;
import dev.nibble.tensor.Tensor;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** A file with one tensor, as the {@code input_0.pb} of ONNX's test data. */
public final class OnnxTensorFile {
    private OnnxTensorFile() {}

    /**
     * Reads a tensor; its data is mapped.
     *
     * @throws NibbleException if the file cannot be read or holds no tensor
     */
    public static Tensor read(Path file) {
        MemorySegment content = MappedFile.map(file);
        try {
            return read(content, new ExternalData(AtomicFile.folderOf(file)));
        } catch (NibbleException e) {
            throw new NibbleException(
                    "%s is not a readable ONNX tensor (a TensorProto): %s"
                            .formatted(file, e.getMessage()),
                    e);
        }
    }

    /** The tensor in the content of a file, whose name messages do not know. */
    static Tensor read(MemorySegment content, ExternalData beside) {
        try {
            Footprint.check(content, TensorProto.getDescriptor());
            TensorProto proto = TensorProto.parseFrom(Skeleton.of(content, MessageKind.TENSOR));
            return new TensorReader(content, beside).read(proto, "the tensor");
        } catch (InvalidProtocolBufferException e) {
            throw new NibbleException(e.getMessage() + "; fetch it again", e);
        }
    }
}
