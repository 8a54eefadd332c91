package dev.nibble.formats.npy;

import dev.nibble.tensor.Tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Brings stored numbers into the one order that tensors have: little-endian, last axis innermost.
 */
final class NpyData {
    private NpyData() {}

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
        MemorySegment swapped = Arena.ofAuto().allocate(stored.byteSize());
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
        MemorySegment reordered = Arena.ofAuto().allocate(stored.byteSize());
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
