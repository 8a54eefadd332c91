package dev.nibble.formats.onnx;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;

import dev.nibble.error.NibbleException;
import dev.nibble.formats.MemoryBudget;
import dev.nibble.formats.onnx.proto.TensorProto;

import java.lang.foreign.MemorySegment;

/**
 * Estimates, generously, the heap that a message will take once it is objects: two bytes of a file
 * are enough for a node, which takes hundreds in memory.
 *
 * <p>The content of {@code raw_data} does not count, for it stays where it is.
 */
final class Footprint {
    private static final double HEAP_SHARE = 0.7;

    /** A message with its builder and what Nibble makes of it. */
    private static final long MESSAGE_BYTES = 600;

    /** A text, some bytes, a number, or a field that is not known. */
    private static final long FIELD_BYTES = 60;

    private static final long UNKNOWN_BYTES = 200;

    /** What one byte of text becomes: bytes, characters and a name in messages. */
    private static final long TEXT_FOLD = 4;

    /** What one byte of packed numbers becomes: in an attribute, an object in a list. */
    private static final long NUMBERS_FOLD = 28;

    /** In a tensor, eight bytes and as many where they are put together. */
    private static final long TENSOR_FOLD = 16;

    private final WireReader wire;
    private long bytes;

    private Footprint(MemorySegment content) {
        this.wire = new WireReader(content);
    }

    /**
     * Checks a message before it is parsed.
     *
     * @throws NibbleException if it would not fit the heap, or is damaged
     */
    static void check(MemorySegment content, Descriptor type) {
        long most = MemoryBudget.ofHeap(HEAP_SHARE, Long.MAX_VALUE);
        long bytes = of(content, type);
        if (bytes > most) {
            throw new NibbleException(
                    "what it describes beside raw tensor data (nodes, names, numbers one by one) takes about %d MB of memory, and there are %d; %s, or export it with raw or external data"
                            .formatted(bytes >> 20, most >> 20, MemoryBudget.remedy()));
        }
    }

    /** The estimate for a message, in bytes. */
    static long of(MemorySegment content, Descriptor type) {
        Footprint footprint = new Footprint(content);
        footprint.message(type, content.byteSize(), 0);
        return footprint.bytes;
    }

    private void message(Descriptor type, long end, int depth) {
        if (depth > WireReader.MAX_DEPTH) {
            throw wire.damaged("messages are nested more than " + WireReader.MAX_DEPTH + " deep");
        }
        bytes += MESSAGE_BYTES;
        while (wire.position() < end) {
            wire.tag(end);
            FieldDescriptor field = type.findFieldByNumber(wire.field());
            if (wire.wireType() != WireReader.BYTES || field == null) {
                long start = wire.position();
                wire.skip(end, depth);
                bytes +=
                        field == null
                                ? UNKNOWN_BYTES + NUMBERS_FOLD * (wire.position() - start)
                                : FIELD_BYTES;
                continue;
            }
            long length = wire.length(end);
            if (field.getJavaType() == JavaType.MESSAGE) {
                message(field.getMessageType(), wire.position() + length, depth + 1);
            } else {
                bytes += FIELD_BYTES + fold(field) * length;
                wire.advance(length, end);
            }
        }
    }

    private static long fold(FieldDescriptor field) {
        boolean inTensor = field.getContainingType().equals(TensorProto.getDescriptor());
        if (inTensor && field.getNumber() == TensorProto.RAW_DATA_FIELD_NUMBER) {
            return 0;
        }
        return switch (field.getJavaType()) {
            case STRING, BYTE_STRING -> TEXT_FOLD;
            case FLOAT, DOUBLE -> 7;
            case INT, LONG, BOOLEAN, ENUM, MESSAGE -> inTensor ? TENSOR_FOLD : NUMBERS_FOLD;
        };
    }
}
