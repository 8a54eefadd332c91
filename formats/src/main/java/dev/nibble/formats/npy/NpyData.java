package dev.nibble.formats.npy;

import dev.nibble.error.NibbleException;
import dev.nibble.formats.MemoryBudget;
import dev.nibble.tensor.Tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Brings stored numbers into the one order that tensors have: little-endian, last axis innermost.
 */
final class NpyData {
    private static final long MOST_BYTES = 8L << 30;

    private NpyData() {}

    /** What is copied to native memory at most: twice the heap, for that tells what is there. */
    static long mostCopied() {
        return MemoryBudget.ofHeap(2, MOST_BYTES);
    }

    private static MemorySegment allocate(long bytes) {
        if (bytes > mostCopied()) {
            throw new NibbleException(
                    "its %d bytes are stored big-endian or first axis innermost and have to be copied; save it in the usual order (numpy.ascontiguousarray, '<f4'), or %s"
                            .formatted(bytes, MemoryBudget.remedy()));
        }
        return Arena.ofAuto().allocate(bytes);
    }

    static Tensor tensor(NpyHeader header, MemorySegment stored) {
        MemorySegment ordered =
                header.fortranOrder() && header.shape().rank() > 1
                        ? reordered(header, stored)
                        : stored;
        int width = header.type().bits() / Byte.SIZE;
        MemorySegment data = header.bigEndian() && width > 1 ? swapped(ordered, width) : ordered;
        return new Tensor(header.type(), header.shape(), data);
    }

    private static MemorySegment swapped(MemorySegment stored, int width) {
        MemorySegment swapped = allocate(stored.byteSize());
        for (long at = 0; at < stored.byteSize(); at += width) {
            for (int i = 0; i < width; i++) {
                swapped.set(
                        ValueLayout.JAVA_BYTE,
                        at + i,
                        stored.get(ValueLayout.JAVA_BYTE, at + width - 1 - i));
            }
        }
        return swapped;
    }

    /** From first axis innermost to last axis innermost. */
    private static MemorySegment reordered(NpyHeader header, MemorySegment stored) {
        long[] dims = header.shape().dims();
        long[] strides = new long[dims.length];
        int width = header.type().bits() / Byte.SIZE;
        long stride = width;
        for (int axis = 0; axis < dims.length; axis++) {
            strides[axis] = stride;
            stride *= dims[axis];
        }
        MemorySegment reordered = allocate(stored.byteSize());
        long[] index = new long[dims.length];
        long from = 0;
        for (long to = 0; to < reordered.byteSize(); to += width) {
            MemorySegment.copy(stored, from, reordered, to, width);
            for (int axis = dims.length - 1; axis >= 0; axis--) {
                from += strides[axis];
                if (++index[axis] < dims[axis]) {
                    break;
                }
                from -= strides[axis] * dims[axis];
                index[axis] = 0;
            }
        }
        return reordered;
    }
}
