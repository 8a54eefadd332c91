package dev.nibble.formats.onnx;

import com.google.protobuf.ByteString;

import dev.nibble.error.NibbleException;
import dev.nibble.formats.onnx.proto.TensorProto;
import dev.nibble.graph.Extras;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Tensors as ONNX stores them: raw bytes, which are used where they lie, numbers one by one, or
 * data in another file.
 */
final class TensorReader {
    private static final String REMEDY =
            "the file is damaged or its exporter is wrong: export the model again";

    private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

    private final MemorySegment content;
    private final ExternalData externalData;

    /**
     * A reader of tensors from a message whose {@link Skeleton} was parsed.
     *
     * @param content the mapped message
     */
    TensorReader(MemorySegment content, ExternalData externalData) {
        this.content = content;
        this.externalData = externalData;
    }

    /**
     * A tensor.
     *
     * @param what what it is, for messages, as in {@code initializer "w"}
     */
    Tensor read(TensorProto proto, String what) {
        DataType type =
                DataTypes.ofNumber(proto.getDataType())
                        .orElseThrow(() ->
                                new NibbleException(
                                        "%s has element type %d, which Nibble does not know"
                                                .formatted(what, proto.getDataType())));
        Shape shape = shape(proto, type, what);
        if (proto.hasSegment()) {
            throw new NibbleException(
                    what
                            + " is stored in segments, which no runtime reads; export the model"
                            + " again");
        }
        MemorySegment data = data(proto, type, shape, what);
        if (type != DataType.STRING && data.byteSize() != type.bytes(shape.elements())) {
            throw new NibbleException(
                    "%s is %s %s and takes %d bytes, but %d are there; %s"
                            .formatted(
                                    what,
                                    type,
                                    shape,
                                    type.bytes(shape.elements()),
                                    data.byteSize(),
                                    REMEDY));
        }
        return new Tensor(type, shape, data);
    }

    /** What the file says about a tensor beyond its name, type, shape and data. */
    static TensorProto.Builder rest(TensorProto proto) {
        return proto.toBuilder()
                .clearName()
                .clearDims()
                .clearDataType()
                .clearRawData()
                .clearFloatData()
                .clearInt32Data()
                .clearInt64Data()
                .clearDoubleData()
                .clearUint64Data()
                .clearStringData()
                .clearExternalData()
                .clearDataLocation();
    }

    static Extras extras(TensorProto proto) {
        return Remainders.keep(rest(proto));
    }

    private static Shape shape(TensorProto proto, DataType type, String what) {
        long[] dims = proto.getDimsList().stream().mapToLong(Long::longValue).toArray();
        try {
            Shape shape = Shape.of(dims);
            var _ = type.bytes(shape.elements());
            return shape;
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new NibbleException(
                    "%s has shape %s, which no tensor can have; %s"
                            .formatted(what, proto.getDimsList(), REMEDY),
                    e);
        }
    }

    private MemorySegment data(TensorProto proto, DataType type, Shape shape, String what) {
        if (proto.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
            if (type == DataType.STRING) {
                throw new NibbleException(
                        what
                                + " is a string tensor with external data, which cannot be; export"
                                + " the model again");
            }
            return externalData.of(proto, type.bytes(shape.elements()), what);
        }
        if (type == DataType.STRING) {
            return strings(proto.getStringDataList(), shape, what);
        }
        if (proto.hasRawData()) {
            return Skeleton.rawData(content, proto.getRawData());
        }
        return numbers(proto, type);
    }

    /** Numbers given one by one, packed into little-endian bytes. */
    private static MemorySegment numbers(TensorProto proto, DataType type) {
        return switch (type) {
            case FLOAT32, COMPLEX64 -> {
                ByteBuffer bytes = buffer(proto.getFloatDataCount(), Float.BYTES);
                proto.getFloatDataList().forEach(bytes::putFloat);
                yield MemorySegment.ofBuffer(bytes.flip());
            }
            case FLOAT64, COMPLEX128 -> {
                ByteBuffer bytes = buffer(proto.getDoubleDataCount(), Double.BYTES);
                proto.getDoubleDataList().forEach(bytes::putDouble);
                yield MemorySegment.ofBuffer(bytes.flip());
            }
            case INT64 -> longs(proto.getInt64DataList(), Long.BYTES);
            case UINT64 -> longs(proto.getUint64DataList(), Long.BYTES);
            case UINT32 -> longs(proto.getUint64DataList(), Integer.BYTES);
            case INT32 -> ints(proto.getInt32DataList(), Integer.BYTES);
            case INT16, UINT16, FLOAT16, BFLOAT16 -> ints(proto.getInt32DataList(), Short.BYTES);
            case INT8,
                    UINT8,
                    BOOL,
                    FLOAT8E4M3FN,
                    FLOAT8E4M3FNUZ,
                    FLOAT8E5M2,
                    FLOAT8E5M2FNUZ,
                    FLOAT8E8M0 ->
                    ints(proto.getInt32DataList(), Byte.BYTES);
            // already packed, one byte to a number
            case INT4, UINT4, INT2, UINT2, FLOAT4E2M1 -> ints(proto.getInt32DataList(), Byte.BYTES);
            case STRING -> throw new IllegalArgumentException("texts are no numbers");
        };
    }

    private static MemorySegment longs(List<Long> values, int width) {
        ByteBuffer bytes = buffer(values.size(), width);
        for (long value : values) {
            if (width == Long.BYTES) {
                bytes.putLong(value);
            } else {
                bytes.putInt((int) value);
            }
        }
        return MemorySegment.ofBuffer(bytes.flip());
    }

    private static MemorySegment ints(List<Integer> values, int width) {
        ByteBuffer bytes = buffer(values.size(), width);
        for (int value : values) {
            switch (width) {
                case Integer.BYTES -> bytes.putInt(value);
                case Short.BYTES -> bytes.putShort((short) value);
                default -> bytes.put((byte) value);
            }
        }
        return MemorySegment.ofBuffer(bytes.flip());
    }

    private static MemorySegment strings(List<ByteString> values, Shape shape, String what) {
        if (values.size() != shape.elements()) {
            throw new NibbleException(
                    "%s is a string tensor %s, but %d texts are there; %s"
                            .formatted(what, shape, values.size(), REMEDY));
        }
        ByteBuffer bytes =
                buffer(
                        values.stream()
                                .mapToLong(value -> Integer.BYTES + (long) value.size())
                                .sum(),
                        1);
        for (ByteString value : values) {
            bytes.putInt(value.size());
            value.copyTo(bytes);
        }
        return MemorySegment.ofBuffer(bytes.flip());
    }

    private static ByteBuffer buffer(long count, int width) {
        long bytes = count * width;
        if (bytes > LONGEST_ARRAY) {
            throw new NibbleException(
                    "a tensor has %d numbers one by one, more than fit an array; export the model with raw or external data"
                            .formatted(count));
        }
        return ByteBuffer.allocate((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
