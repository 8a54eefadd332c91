package dev.nibble.formats.onnx;

import dev.nibble.error.NibbleException;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Walks over protobuf's wire format, field by field, without making objects of it.
 *
 * <p>Every method throws a {@link NibbleException} that says at which byte the content stops to
 * make sense.
 */
final class WireReader {
    static final int BYTES = 2;
    static final int MAX_DEPTH = 100;

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int START_GROUP = 3;
    private static final int END_GROUP = 4;
    private static final int FIXED32 = 5;

    private final MemorySegment content;
    private long at;
    private int field;
    private int wireType;

    WireReader(MemorySegment content) {
        this.content = content;
    }

    /** Where the next byte is read. */
    long position() {
        return at;
    }

    /** Reads the tag of a field: {@link #field} and {@link #wireType} tell what it says. */
    void tag(long end) {
        long start = at;
        long tag = varint(end);
        field = (int) (tag >>> 3);
        wireType = (int) tag & 7;
        if (tag >>> 32 != 0 || field == 0) {
            at = start;
            throw damaged("no field can start here");
        }
    }

    int field() {
        return field;
    }

    int wireType() {
        return wireType;
    }

    /** Reads the length of a field of bytes or a message; it fits. */
    long length(long end) {
        long start = at;
        long length = varint(end);
        if (length < 0 || length > end - at) {
            long left = end - at;
            at = start;
            throw damaged(
                    "a field of %s bytes does not fit into the %d that are left"
                            .formatted(Long.toUnsignedString(length), left));
        }
        return length;
    }

    void advance(long bytes, long end) {
        if (bytes > end - at) {
            throw damaged("the file ends within a number");
        }
        at += bytes;
    }

    /** Passes over the field whose tag was read last. */
    void skip(long end, int depth) {
        switch (wireType) {
            case VARINT -> {
                long _ = varint(end);
            }
            case FIXED64 -> advance(Long.BYTES, end);
            case FIXED32 -> advance(Integer.BYTES, end);
            case BYTES -> advance(length(end), end);
            case START_GROUP -> skipGroup(field, end, depth + 1);
            default -> throw damaged("a field cannot be stored in way " + wireType);
        }
    }

    private void skipGroup(int group, long end, int depth) {
        if (depth > MAX_DEPTH) {
            throw damaged("groups are nested more than " + MAX_DEPTH + " deep");
        }
        for (tag(end); wireType != END_GROUP; tag(end)) {
            skip(end, depth);
        }
        if (field != group) {
            throw damaged("a group ends that did not start");
        }
    }

    private long varint(long end) {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            if (at >= end) {
                throw damaged("the file ends within a number");
            }
            byte next = content.get(ValueLayout.JAVA_BYTE, at++);
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw damaged("a number is longer than 64 bits");
    }

    NibbleException damaged(String what) {
        return new NibbleException("at byte %d of %d %s".formatted(at, content.byteSize(), what));
    }
}
