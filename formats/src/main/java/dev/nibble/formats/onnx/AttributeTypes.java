package dev.nibble.formats.onnx;

import dev.nibble.formats.onnx.proto.AttributeProto;
import dev.nibble.formats.onnx.proto.AttributeProto.AttributeType;

import java.util.ArrayList;
import java.util.List;

/** Which kind of value an attribute holds. */
final class AttributeTypes {
    private AttributeTypes() {}

    /** The declared type; in the oldest files, which declare none, the one field that is filled. */
    static AttributeType of(AttributeProto proto) {
        if (proto.hasType()) {
            return proto.getType();
        }
        List<AttributeType> filled = filled(proto);
        return filled.size() == 1 && proto.getUnknownFields().isEmpty()
                ? filled.getFirst()
                : AttributeType.UNDEFINED;
    }

    /**
     * Whether a tensor or graph in the attribute is its value, as it must be: one that is not would
     * be carried along unread, and its weights are not in the {@link Skeleton}.
     */
    static boolean isUnambiguous(AttributeProto proto, AttributeType type) {
        boolean refers = !proto.getRefAttrName().isEmpty();
        return !(proto.hasT() && (refers || type != AttributeType.TENSOR))
                && !(proto.hasG() && (refers || type != AttributeType.GRAPH))
                && !(proto.getGraphsCount() > 0 && (refers || type != AttributeType.GRAPHS));
    }

    private static List<AttributeType> filled(AttributeProto proto) {
        List<AttributeType> filled = new ArrayList<>();
        for (AttributeType type : AttributeType.values()) {
            boolean present =
                    switch (type) {
                        case UNDEFINED -> false;
                        case FLOAT -> proto.hasF();
                        case INT -> proto.hasI();
                        case STRING -> proto.hasS();
                        case TENSOR -> proto.hasT();
                        case GRAPH -> proto.hasG();
                        case FLOATS -> proto.getFloatsCount() > 0;
                        case INTS -> proto.getIntsCount() > 0;
                        case STRINGS -> proto.getStringsCount() > 0;
                        case TENSORS -> proto.getTensorsCount() > 0;
                        case GRAPHS -> proto.getGraphsCount() > 0;
                        case SPARSE_TENSOR -> proto.hasSparseTensor();
                        case SPARSE_TENSORS -> proto.getSparseTensorsCount() > 0;
                        case TYPE_PROTO -> proto.hasTp();
                        case TYPE_PROTOS -> proto.getTypeProtosCount() > 0;
                    };
            if (present) {
                filled.add(type);
            }
        }
        return filled;
    }
}
