package dev.nibble.formats.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;

import dev.nibble.formats.onnx.proto.AttributeProto;
import dev.nibble.formats.onnx.proto.AttributeProto.AttributeType;
import dev.nibble.formats.onnx.proto.ModelProto;
import dev.nibble.formats.onnx.proto.OperatorSetIdProto;
import dev.nibble.formats.onnx.proto.TensorProto;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * One spelling for messages that mean the same: tensors as raw bytes, attribute types written out,
 * no fields that hold their default, the standard domain by its short name, operator sets sorted.
 */
final class Normal {
    private Normal() {}

    static ModelProto of(ModelProto model) {
        ModelProto.Builder normal = (ModelProto.Builder) normal(model);
        List<OperatorSetIdProto> opsets = new ArrayList<>(normal.getOpsetImportList());
        opsets.sort(Comparator.comparing(OperatorSetIdProto::getDomain));
        return normal.clearOpsetImport().addAllOpsetImport(opsets).build();
    }

    private static Message.Builder normal(Message message) {
        Message.Builder builder = message.toBuilder();
        for (Map.Entry<FieldDescriptor, Object> entry : message.getAllFields().entrySet()) {
            FieldDescriptor field = entry.getKey();
            if (field.isRepeated() && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                for (int i = 0; i < message.getRepeatedFieldCount(field); i++) {
                    Message child = (Message) message.getRepeatedField(field, i);
                    builder.setRepeatedField(field, i, normal(child).build());
                }
            } else if (!field.isRepeated()
                    && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                builder.setField(field, normal((Message) entry.getValue()).build());
            } else if (!field.isRepeated()
                    && field.getContainingOneof() == null
                    && entry.getValue().equals(field.getDefaultValue())) {
                builder.clearField(field);
            } else if (field.getName().equals("domain") && entry.getValue().equals("ai.onnx")) {
                builder.clearField(field);
            }
        }
        if (builder instanceof TensorProto.Builder tensor) {
            pack(tensor);
        }
        if (builder instanceof AttributeProto.Builder attribute && !attribute.hasType()) {
            spellOutType(attribute);
        }
        return builder;
    }

    private static void spellOutType(AttributeProto.Builder attribute) {
        if (attribute.hasI()) {
            attribute.setType(AttributeType.INT);
        } else if (attribute.hasF()) {
            attribute.setType(AttributeType.FLOAT);
        } else if (attribute.hasS()) {
            attribute.setType(AttributeType.STRING);
        } else if (attribute.hasT()) {
            attribute.setType(AttributeType.TENSOR);
        } else if (attribute.getIntsCount() > 0) {
            attribute.setType(AttributeType.INTS);
        } else if (attribute.getFloatsCount() > 0) {
            attribute.setType(AttributeType.FLOATS);
        }
    }

    private static void pack(TensorProto.Builder tensor) {
        int numbers =
                tensor.getFloatDataCount()
                        + tensor.getInt32DataCount()
                        + tensor.getInt64DataCount()
                        + tensor.getDoubleDataCount()
                        + tensor.getUint64DataCount();
        if (numbers == 0) {
            return;
        }
        ByteBuffer bytes = ByteBuffer.allocate(numbers * 8).order(ByteOrder.LITTLE_ENDIAN);
        tensor.getFloatDataList().forEach(value -> bytes.putFloat(value));
        tensor.getDoubleDataList().forEach(value -> bytes.putDouble(value));
        tensor.getInt64DataList().forEach(value -> bytes.putLong(value));
        boolean narrow = tensor.getDataType() == TensorProto.DataType.UINT32_VALUE;
        tensor.getUint64DataList().forEach(value -> put(bytes, value, narrow ? 4 : 8));
        int width =
                switch (TensorProto.DataType.forNumber(tensor.getDataType())) {
                    case INT32 -> 4;
                    case INT16, UINT16, FLOAT16, BFLOAT16 -> 2;
                    default -> 1;
                };
        tensor.getInt32DataList().forEach(value -> put(bytes, value, width));
        tensor.clearFloatData()
                .clearDoubleData()
                .clearInt32Data()
                .clearInt64Data()
                .clearUint64Data()
                .setRawData(ByteString.copyFrom(bytes.flip()));
    }

    private static void put(ByteBuffer bytes, long value, int width) {
        for (int i = 0; i < width; i++) {
            bytes.put((byte) (value >>> (8 * i)));
        }
    }
}
