package dev.nibble.formats;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The bytes of a segment, piece by piece, so that no second copy of it is ever whole. */
public final class SegmentBytes {
    private static final int CHUNK_BYTES = 1 << 18;

    private SegmentBytes() {}

    /** Takes the first {@code length} bytes of an array that is used again afterwards. */
    @FunctionalInterface
    public interface Sink {
        void accept(byte[] chunk, int length) throws IOException;
    }

    public static void pour(MemorySegment segment, Sink sink) throws IOException {
        byte[] chunk = new byte[(int) Math.min(CHUNK_BYTES, segment.byteSize())];
        for (long at = 0; at < segment.byteSize(); at += chunk.length) {
            int length = (int) Math.min(chunk.length, segment.byteSize() - at);
            MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, at, chunk, 0, length);
            sink.accept(chunk, length);
        }
    }
}
