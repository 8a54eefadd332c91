package dev.nibble.formats.onnx;

import dev.nibble.formats.onnx.proto.TensorShapeProto;
import dev.nibble.formats.onnx.proto.TypeProto;
import dev.nibble.formats.onnx.proto.ValueInfoProto;
import dev.nibble.graph.ValueInfo;
import dev.nibble.graph.ValueInfo.Dimension;
import dev.nibble.graph.ValueInfo.Fixed;
import dev.nibble.graph.ValueInfo.OtherType;
import dev.nibble.graph.ValueInfo.RankedTensor;
import dev.nibble.graph.ValueInfo.Symbolic;
import dev.nibble.graph.ValueInfo.UnrankedTensor;
import dev.nibble.graph.ValueInfo.ValueType;
import dev.nibble.tensor.DataType;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Declared types, read and written.
 *
 * <p>What is kept of a type keeps its place: the remainder has an entry for each axis, with the
 * axis' denotation. A negative extent, as some exporters write for an unknown one, is read as
 * unknown and written as it was.
 */
final class ValueInfos {
    private static final TypeProto EMPTY_TENSOR =
            TypeProto.newBuilder().setTensorType(TypeProto.Tensor.getDefaultInstance()).build();

    private ValueInfos() {}

    static ValueInfo read(ValueInfoProto proto) {
        ValueType type = type(proto.getType());
        ValueInfoProto.Builder rest = proto.toBuilder().clearName();
        if (!(type instanceof OtherType)) {
            clearModelled(rest.getTypeBuilder().getTensorTypeBuilder());
            if (rest.getType().equals(EMPTY_TENSOR)) {
                rest.clearType();
            }
        }
        return new ValueInfo(proto.getName(), type, Remainders.keep(rest));
    }

    private static ValueType type(TypeProto type) {
        return switch (type.getValueCase()) {
            case TENSOR_TYPE -> tensorType(type.getTensorType());
            case SEQUENCE_TYPE -> new OtherType("sequence");
            case MAP_TYPE -> new OtherType("map");
            case OPTIONAL_TYPE -> new OtherType("optional");
            case SPARSE_TENSOR_TYPE -> new OtherType("sparse tensor");
            case OPAQUE_TYPE -> new OtherType("opaque");
            case VALUE_NOT_SET -> new OtherType("untyped");
        };
    }

    private static ValueType tensorType(TypeProto.Tensor tensor) {
        Optional<DataType> elementType = DataTypes.ofNumber(tensor.getElemType());
        if (elementType.isEmpty()) {
            return new OtherType("tensor of element type " + tensor.getElemType());
        }
        if (!tensor.hasShape()) {
            return new UnrankedTensor(elementType.get());
        }
        return new RankedTensor(
                elementType.get(),
                tensor.getShape().getDimList().stream().map(ValueInfos::dimension).toList());
    }

    private static Dimension dimension(TensorShapeProto.Dimension dim) {
        return switch (dim.getValueCase()) {
            case DIM_VALUE ->
                    dim.getDimValue() < 0 ? new Symbolic("") : new Fixed(dim.getDimValue());
            case DIM_PARAM -> new Symbolic(dim.getDimParam());
            case VALUE_NOT_SET -> new Symbolic("");
        };
    }

    private static void clearModelled(TypeProto.Tensor.Builder tensor) {
        tensor.clearElemType();
        if (!tensor.hasShape()) {
            return;
        }
        boolean kept = false;
        for (TensorShapeProto.Dimension.Builder dim :
                tensor.getShapeBuilder().getDimBuilderList()) {
            if (dimension(dim.build()) instanceof Fixed || !dim.getDimParam().isEmpty()) {
                dim.clearValue();
            }
            kept |= dim.build().getSerializedSize() > 0;
        }
        if (!kept) {
            tensor.getShapeBuilder().clearDim();
        }
        if (tensor.getShape().getSerializedSize() == 0) {
            tensor.clearShape();
        }
    }

    static ValueInfoProto write(ValueInfo info) {
        ValueInfoProto.Builder proto =
                Remainders.recall(info.extras(), ValueInfoProto.parser()).toBuilder();
        proto.setName(info.name());
        switch (info.type()) {
            case RankedTensor(DataType elementType, List<Dimension> dims) -> {
                TypeProto.Tensor.Builder tensor = proto.getTypeBuilder().getTensorTypeBuilder();
                tensor.setElemType(DataTypes.number(elementType));
                writeDims(tensor.getShapeBuilder(), dims);
            }
            case UnrankedTensor(DataType elementType) ->
                    proto.getTypeBuilder()
                            .getTensorTypeBuilder()
                            .setElemType(DataTypes.number(elementType))
                            .clearShape();
            case OtherType _ -> {
                // its remainder is the whole type
            }
        }
        return proto.build();
    }

    private static void writeDims(TensorShapeProto.Builder shape, List<Dimension> dims) {
        List<TensorShapeProto.Dimension> kept = new ArrayList<>(shape.getDimList());
        shape.clearDim();
        for (int axis = 0; axis < dims.size(); axis++) {
            TensorShapeProto.Dimension.Builder dim =
                    axis < kept.size()
                            ? kept.get(axis).toBuilder()
                            : TensorShapeProto.Dimension.newBuilder();
            switch (dims.get(axis)) {
                case Fixed(long size) -> dim.setDimValue(size);
                case Symbolic(String symbol) when symbol.isEmpty() -> {
                    // unknown: empty, or the way in which the file said so
                }
                case Symbolic(String symbol) -> dim.setDimParam(symbol);
            }
            shape.addDim(dim);
        }
    }
}
