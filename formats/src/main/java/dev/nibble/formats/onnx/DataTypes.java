package dev.nibble.formats.onnx;

import dev.nibble.formats.onnx.proto.TensorProto;
import dev.nibble.tensor.DataType;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The numbers by which ONNX calls the element types. */
final class DataTypes {
    private static final Map<DataType, Integer> NUMBERS = new EnumMap<>(DataType.class);
    private static final Map<Integer, DataType> TYPES = new HashMap<>();

    static {
        for (DataType type : DataType.values()) {
            int number = proto(type).getNumber();
            NUMBERS.put(type, number);
            TYPES.put(number, type);
        }
    }

    private DataTypes() {}

    static int number(DataType type) {
        return NUMBERS.getOrDefault(type, 0);
    }

    static Optional<DataType> ofNumber(int number) {
        return Optional.ofNullable(TYPES.get(number));
    }

    private static TensorProto.DataType proto(DataType type) {
        return switch (type) {
            case FLOAT32 -> TensorProto.DataType.FLOAT;
            case FLOAT64 -> TensorProto.DataType.DOUBLE;
            case FLOAT16 -> TensorProto.DataType.FLOAT16;
            case BFLOAT16 -> TensorProto.DataType.BFLOAT16;
            case FLOAT8E4M3FN -> TensorProto.DataType.FLOAT8E4M3FN;
            case FLOAT8E4M3FNUZ -> TensorProto.DataType.FLOAT8E4M3FNUZ;
            case FLOAT8E5M2 -> TensorProto.DataType.FLOAT8E5M2;
            case FLOAT8E5M2FNUZ -> TensorProto.DataType.FLOAT8E5M2FNUZ;
            case FLOAT8E8M0 -> TensorProto.DataType.FLOAT8E8M0;
            case FLOAT4E2M1 -> TensorProto.DataType.FLOAT4E2M1;
            case INT64 -> TensorProto.DataType.INT64;
            case INT32 -> TensorProto.DataType.INT32;
            case INT16 -> TensorProto.DataType.INT16;
            case INT8 -> TensorProto.DataType.INT8;
            case INT4 -> TensorProto.DataType.INT4;
            case INT2 -> TensorProto.DataType.INT2;
            case UINT64 -> TensorProto.DataType.UINT64;
            case UINT32 -> TensorProto.DataType.UINT32;
            case UINT16 -> TensorProto.DataType.UINT16;
            case UINT8 -> TensorProto.DataType.UINT8;
            case UINT4 -> TensorProto.DataType.UINT4;
            case UINT2 -> TensorProto.DataType.UINT2;
            case BOOL -> TensorProto.DataType.BOOL;
            case COMPLEX64 -> TensorProto.DataType.COMPLEX64;
            case COMPLEX128 -> TensorProto.DataType.COMPLEX128;
            case STRING -> TensorProto.DataType.STRING;
        };
    }
}
