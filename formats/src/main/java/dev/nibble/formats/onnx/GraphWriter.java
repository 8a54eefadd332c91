package dev.nibble.formats.onnx;

import com.google.protobuf.ByteString;

import dev.nibble.formats.onnx.proto.AttributeProto;
import dev.nibble.formats.onnx.proto.AttributeProto.AttributeType;
import dev.nibble.formats.onnx.proto.GraphProto;
import dev.nibble.formats.onnx.proto.NodeProto;
import dev.nibble.formats.onnx.proto.TensorProto;
import dev.nibble.graph.Attribute;
import dev.nibble.graph.Extras;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.tensor.Tensor;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Graphs with their nodes and attributes, put together again with what was kept of the file. */
final class GraphWriter {
    private final TensorWriter tensors;

    GraphWriter(TensorWriter tensors) {
        this.tensors = tensors;
    }

    GraphProto write(Graph graph) {
        GraphProto.Builder proto =
                Remainders.recall(graph.extras(), GraphProto.parser()).toBuilder();
        proto.setName(graph.name());
        graph.nodes().forEach(node -> proto.addNode(node(node)));
        graph.inputs().forEach(info -> proto.addInput(ValueInfos.write(info)));
        graph.outputs().forEach(info -> proto.addOutput(ValueInfos.write(info)));
        graph.values().values().forEach(info -> proto.addValueInfo(ValueInfos.write(info)));
        graph.constants()
                .forEach((name, tensor) -> {
                    Extras extras = graph.constantExtras().getOrDefault(name, Extras.NONE);
                    TensorProto rest = Remainders.recall(extras, TensorProto.parser());
                    proto.addInitializer(
                            tensors.write(tensor, rest.toBuilder().setName(name).build()));
                });
        return proto.build();
    }

    NodeProto node(Node node) {
        NodeProto.Builder proto = Remainders.recall(node.extras(), NodeProto.parser()).toBuilder();
        Map<String, AttributeProto> kept = new HashMap<>();
        proto.getAttributeList().forEach(attribute -> kept.put(attribute.getName(), attribute));
        proto.clearAttribute()
                .addAllInput(node.inputs())
                .addAllOutput(node.outputs())
                .setOpType(node.opType());
        if (!node.name().isEmpty()) {
            proto.setName(node.name());
        }
        if (!node.domain().isEmpty()) {
            proto.setDomain(node.domain());
        }
        node.attributes()
                .forEach((name, value) -> {
                    AttributeProto rest =
                            kept.getOrDefault(name, AttributeProto.getDefaultInstance());
                    proto.addAttribute(attribute(rest, value).setName(name));
                });
        return proto.build();
    }

    AttributeProto.Builder attribute(AttributeProto rest, Attribute attribute) {
        AttributeProto.Builder proto = rest.toBuilder().clearT();
        return switch (attribute) {
            case Attribute.FloatValue(float value) ->
                    proto.setType(AttributeType.FLOAT).setF(value);
            case Attribute.IntValue(long value) -> proto.setType(AttributeType.INT).setI(value);
            case Attribute.StringValue(String value) ->
                    proto.setType(AttributeType.STRING).setS(ByteString.copyFromUtf8(value));
            case Attribute.TensorValue(Tensor value) ->
                    proto.setType(AttributeType.TENSOR).setT(tensors.write(value, rest.getT()));
            case Attribute.GraphValue(Graph value) ->
                    proto.setType(AttributeType.GRAPH).setG(write(value));
            case Attribute.FloatList(List<Float> values) ->
                    proto.setType(AttributeType.FLOATS).clearFloats().addAllFloats(values);
            case Attribute.IntList(List<Long> values) ->
                    proto.setType(AttributeType.INTS).clearInts().addAllInts(values);
            case Attribute.StringList(List<String> values) ->
                    proto.setType(AttributeType.STRINGS)
                            .clearStrings()
                            .addAllStrings(values.stream().map(ByteString::copyFromUtf8).toList());
            case Attribute.GraphList(List<Graph> values) ->
                    proto.setType(AttributeType.GRAPHS)
                            .clearGraphs()
                            .addAllGraphs(values.stream().map(this::write).toList());
            case Attribute.Reference(String attributeOfCall, Extras encoded) ->
                    Remainders.recall(encoded, AttributeProto.parser()).toBuilder()
                            .setRefAttrName(attributeOfCall);
            case Attribute.Opaque(Extras encoded) ->
                    Remainders.recall(encoded, AttributeProto.parser()).toBuilder();
        };
    }
}
