package dev.nibble.formats.onnx;

import com.google.protobuf.ByteString;

import dev.nibble.error.NibbleException;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;

/**
 * A mapped message without the weights in it.
 *
 * <p>Protobuf copies to the heap whatever it parses. So the weights are taken out first: the
 * message is walked along the fields that lead to tensors, and the content of every {@code
 * raw_data} on the way is replaced by its place in the mapping. What comes out is a well-formed
 * message of the same type, small enough to be copied. {@link Pouring} is the way back.
 */
final class Skeleton {
    private final MemorySegment content;
    private final WireReader wire;

    private Skeleton(MemorySegment content) {
        this.content = content;
        this.wire = new WireReader(content);
    }

    /**
     * The message with the content of every {@code raw_data} that Nibble reads replaced; see {@link
     * #rawData}.
     *
     * @throws NibbleException if this is no message; the text says at which byte
     */
    static byte[] of(MemorySegment content, MessageKind kind) {
        return new Skeleton(content).message(kind, content.byteSize(), 0);
    }

    /** The bytes that a replaced {@code raw_data} stands for. */
    static MemorySegment rawData(MemorySegment content, ByteString place) {
        ByteBuffer numbers = place.asReadOnlyByteBuffer();
        return content.asSlice(numbers.getLong(), numbers.getLong());
    }

    private byte[] message(MessageKind kind, long end, int depth) {
        if (depth > WireReader.MAX_DEPTH) {
            throw wire.damaged("messages are nested more than " + WireReader.MAX_DEPTH + " deep");
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        while (wire.position() < end) {
            long start = wire.position();
            wire.tag(end);
            MessageKind inner =
                    wire.wireType() == WireReader.BYTES
                            ? kind.field(wire.field())
                            : MessageKind.OTHER;
            if (inner == MessageKind.OTHER) {
                wire.skip(end, depth);
                copy(start, out);
            } else {
                copy(start, out);
                long length = wire.length(end);
                byte[] replaced =
                        inner == MessageKind.RAW_DATA
                                ? place(length, end)
                                : message(inner, wire.position() + length, depth + 1);
                writeVarint(replaced.length, out);
                out.writeBytes(replaced);
            }
        }
        return out.toByteArray();
    }

    private byte[] place(long length, long end) {
        byte[] place = new byte[2 * Long.BYTES];
        ByteBuffer.wrap(place).putLong(wire.position()).putLong(length);
        wire.advance(length, end);
        return place;
    }

    private void copy(long from, ByteArrayOutputStream out) {
        out.writeBytes(
                content.asSlice(from, wire.position() - from).toArray(ValueLayout.JAVA_BYTE));
    }

    private static void writeVarint(int value, ByteArrayOutputStream out) {
        int left = value;
        while (left >= 0x80) {
            out.write((left & 0x7F) | 0x80);
            left >>>= 7;
        }
        out.write(left);
    }
}
