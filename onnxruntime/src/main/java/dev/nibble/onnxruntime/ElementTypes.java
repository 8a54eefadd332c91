package dev.nibble.onnxruntime;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.TensorInfo;

import dev.nibble.tensor.DataType;

import java.util.Optional;

/**
 * Which element types pass between Nibble and ONNX Runtime's Java binding.
 *
 * <p>The binding knows no types below eight bits and no 8-bit floats, and it hands unsigned
 * integers of 16 bits and more out as signed ones but takes none in.
 */
final class ElementTypes {
    private ElementTypes() {}

    /** The type that the binding makes a tensor of, if it can be fed. */
    static Optional<OnnxJavaType> fed(DataType type) {
        return switch (type) {
            case FLOAT32 -> Optional.of(OnnxJavaType.FLOAT);
            case FLOAT64 -> Optional.of(OnnxJavaType.DOUBLE);
            case FLOAT16 -> Optional.of(OnnxJavaType.FLOAT16);
            case BFLOAT16 -> Optional.of(OnnxJavaType.BFLOAT16);
            case INT64 -> Optional.of(OnnxJavaType.INT64);
            case INT32 -> Optional.of(OnnxJavaType.INT32);
            case INT16 -> Optional.of(OnnxJavaType.INT16);
            case INT8 -> Optional.of(OnnxJavaType.INT8);
            case UINT8 -> Optional.of(OnnxJavaType.UINT8);
            case BOOL -> Optional.of(OnnxJavaType.BOOL);
            case STRING -> Optional.of(OnnxJavaType.STRING);
            case UINT64,
                    UINT32,
                    UINT16,
                    INT4,
                    INT2,
                    UINT4,
                    UINT2,
                    FLOAT8E4M3FN,
                    FLOAT8E4M3FNUZ,
                    FLOAT8E5M2,
                    FLOAT8E5M2FNUZ,
                    FLOAT8E8M0,
                    FLOAT4E2M1,
                    COMPLEX64,
                    COMPLEX128 ->
                    Optional.empty();
        };
    }

    /** The type of a tensor of the binding, if it lets its elements be read. */
    static Optional<DataType> of(TensorInfo info) {
        return switch (info.onnxType) {
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT -> Optional.of(DataType.FLOAT32);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE -> Optional.of(DataType.FLOAT64);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16 -> Optional.of(DataType.FLOAT16);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_BFLOAT16 -> Optional.of(DataType.BFLOAT16);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64 -> Optional.of(DataType.INT64);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32 -> Optional.of(DataType.INT32);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT16 -> Optional.of(DataType.INT16);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT8 -> Optional.of(DataType.INT8);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT64 -> Optional.of(DataType.UINT64);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT32 -> Optional.of(DataType.UINT32);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT16 -> Optional.of(DataType.UINT16);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8 -> Optional.of(DataType.UINT8);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL -> Optional.of(DataType.BOOL);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_STRING -> Optional.of(DataType.STRING);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED,
                    ONNX_TENSOR_ELEMENT_DATA_TYPE_COMPLEX64,
                    ONNX_TENSOR_ELEMENT_DATA_TYPE_COMPLEX128,
                    ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT8E4M3FN,
                    ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT8E4M3FNUZ,
                    ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT8E5M2,
                    ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT8E5M2FNUZ ->
                    Optional.empty();
        };
    }

    /**
     * Whether a tensor of this type can be made over memory of ours, to be read or written in
     * place.
     */
    static boolean inPlace(DataType type) {
        return type != DataType.STRING && fed(type).isPresent();
    }
}
