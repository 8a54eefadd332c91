package dev.nibble.formats.onnx;

import com.google.protobuf.ByteString;

import dev.nibble.formats.onnx.proto.TensorProto;
import dev.nibble.formats.onnx.proto.TensorProto.DataType;

import java.util.List;

/** Tensors of every element type, as numbers one by one or as raw bytes. */
public final class EveryTensor {
    private EveryTensor() {}

    static TensorProto.Builder floats(String name) {
        return typed(name, DataType.FLOAT, 2).addFloatData(1.25f).addFloatData(Float.NaN);
    }

    public static TensorProto.Builder typed(String name, DataType type, long... dims) {
        TensorProto.Builder tensor =
                TensorProto.newBuilder().setName(name).setDataType(type.getNumber());
        for (long dim : dims) {
            tensor.addDims(dim);
        }
        return tensor;
    }

    public static TensorProto.Builder raw(String name, DataType type, int bytes, long... dims) {
        byte[] content = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            content[i] = (byte) (i * 37 + 1);
        }
        return typed(name, type, dims).setRawData(ByteString.copyFrom(content));
    }

    public static List<TensorProto> initializers() {
        return List.of(
                floats("float_data")
                        .setDocString("a doc string")
                        .addMetadataProps(EverythingModel.entry("initializer", "metadata"))
                        .setUnknownFields(EverythingModel.unknown())
                        .build(),
                typed("float16 in int32_data", DataType.FLOAT16, 2)
                        .addInt32Data(0x3c00)
                        .addInt32Data(0xfbff)
                        .build(),
                typed("bfloat16 in int32_data", DataType.BFLOAT16, 1).addInt32Data(0xbf80).build(),
                typed("int4 in int32_data", DataType.INT4, 3)
                        .addInt32Data(0xf1)
                        .addInt32Data(0x08)
                        .build(),
                typed("uint2 in int32_data", DataType.UINT2, 5)
                        .addInt32Data(0b11100100)
                        .addInt32Data(0b01)
                        .build(),
                typed("float8 in int32_data", DataType.FLOAT8E4M3FN, 1).addInt32Data(0xff).build(),
                typed("int8 in int32_data", DataType.INT8, 2)
                        .addInt32Data(-128)
                        .addInt32Data(127)
                        .build(),
                typed("uint16 in int32_data", DataType.UINT16, 1).addInt32Data(65535).build(),
                typed("int32_data", DataType.INT32).addInt32Data(-7).build(),
                typed("bool in int32_data", DataType.BOOL, 1).addInt32Data(1).build(),
                typed("int64_data", DataType.INT64, 1).addInt64Data(-1).build(),
                typed("uint32 in uint64_data", DataType.UINT32, 1)
                        .addUint64Data(0xffffffffL)
                        .build(),
                typed("uint64_data", DataType.UINT64, 1).addUint64Data(-1).build(),
                typed("double_data", DataType.DOUBLE, 1).addDoubleData(Math.PI).build(),
                typed("complex64 in float_data", DataType.COMPLEX64, 1)
                        .addFloatData(1)
                        .addFloatData(2)
                        .build(),
                typed("complex128 in double_data", DataType.COMPLEX128, 1)
                        .addDoubleData(1)
                        .addDoubleData(2)
                        .build(),
                typed("string_data", DataType.STRING, 2)
                        .addStringData(ByteString.copyFrom(new byte[] {(byte) 0xff}))
                        .addStringData(ByteString.copyFromUtf8("tëxt"))
                        .build(),
                typed("empty", DataType.FLOAT, 0).build(),
                raw("raw float", DataType.FLOAT, 24, 2, 3).build(),
                raw("raw uint4", DataType.UINT4, 2, 3).build(),
                raw("raw float8e8m0", DataType.FLOAT8E8M0, 2, 2).build(),
                raw("raw float4", DataType.FLOAT4E2M1, 1, 2).build());
    }
}
