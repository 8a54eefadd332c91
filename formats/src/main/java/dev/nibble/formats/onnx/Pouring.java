package dev.nibble.formats.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;

import dev.nibble.formats.SegmentBytes;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Writes a message whose {@code raw_data} fields hold places instead of weights, and pours the
 * weights in from where they lie: on the heap, in native memory or in a mapped file. The
 * counterpart of {@link Skeleton}.
 *
 * <p>The lengths of the messages around a tensor depend on what is poured, so there are two walks:
 * one that measures, one that writes.
 */
final class Pouring {
    private final byte[] skeleton;
    private final List<MemorySegment> rawData;

    /** Full lengths of the messages on the way to tensors, in the order in which they start. */
    private final List<Long> lengths = new ArrayList<>();

    private final long bytes;

    /**
     * Measures a message.
     *
     * @param rawData the weights by place
     */
    Pouring(byte[] skeleton, List<MemorySegment> rawData) {
        this.skeleton = skeleton;
        this.rawData = rawData;
        this.bytes =
                measure(
                        new WireReader(MemorySegment.ofArray(skeleton)),
                        MessageKind.MODEL,
                        skeleton.length);
    }

    /** What stands in a {@code raw_data} field for the weights at one place. */
    static ByteString place(int index) {
        byte[] place = new byte[Integer.BYTES];
        ByteBuffer.wrap(place).putInt(index);
        return ByteString.copyFrom(place);
    }

    /** The size of the whole. */
    long bytes() {
        return bytes;
    }

    /** Writes the message; may be called again. */
    void writeTo(CodedOutputStream out) throws IOException {
        write(
                new WireReader(MemorySegment.ofArray(skeleton)),
                MessageKind.MODEL,
                skeleton.length,
                out,
                lengths.iterator());
        out.flush();
    }

    private long measure(WireReader wire, MessageKind kind, long end) {
        long total = 0;
        while (wire.position() < end) {
            long start = wire.position();
            MessageKind inner = field(wire, kind, end);
            total += wire.position() - start;
            if (inner != MessageKind.OTHER) {
                long innerEnd = wire.length(end) + wire.position();
                int index = lengths.size();
                lengths.add(0L);
                long length =
                        inner == MessageKind.RAW_DATA
                                ? segment(wire, innerEnd).byteSize()
                                : measure(wire, inner, innerEnd);
                lengths.set(index, length);
                total += CodedOutputStream.computeUInt64SizeNoTag(length) + length;
            }
        }
        return total;
    }

    private void write(
            WireReader wire,
            MessageKind kind,
            long end,
            CodedOutputStream out,
            Iterator<Long> known)
            throws IOException {
        while (wire.position() < end) {
            int start = (int) wire.position();
            MessageKind inner = field(wire, kind, end);
            out.writeRawBytes(skeleton, start, (int) wire.position() - start);
            if (inner != MessageKind.OTHER) {
                long innerEnd = wire.length(end) + wire.position();
                out.writeUInt64NoTag(known.next());
                if (inner == MessageKind.RAW_DATA) {
                    SegmentBytes.pour(
                            segment(wire, innerEnd),
                            (chunk, length) -> out.writeRawBytes(chunk, 0, length));
                } else {
                    write(wire, inner, innerEnd, out, known);
                }
            }
        }
    }

    /** Reads the tag of a field, and its content too if nothing is poured into that. */
    private static MessageKind field(WireReader wire, MessageKind kind, long end) {
        wire.tag(end);
        if (wire.wireType() == WireReader.BYTES && kind.field(wire.field()) != MessageKind.OTHER) {
            return kind.field(wire.field());
        }
        wire.skip(end, 0);
        return MessageKind.OTHER;
    }

    private MemorySegment segment(WireReader wire, long end) {
        int place = ByteBuffer.wrap(skeleton, (int) wire.position(), Integer.BYTES).getInt();
        wire.advance(Integer.BYTES, end);
        return rawData.get(place);
    }
}
