package dev.nibble.formats.onnx;

import dev.nibble.formats.onnx.proto.AttributeProto;
import dev.nibble.formats.onnx.proto.FunctionProto;
import dev.nibble.formats.onnx.proto.NodeProto;
import dev.nibble.formats.onnx.proto.OperatorSetIdProto;
import dev.nibble.graph.Attribute;
import dev.nibble.graph.Function;

import java.util.LinkedHashMap;
import java.util.Map;

/** Operators that a model defines itself, read and written. */
final class Functions {
    private Functions() {}

    static Function read(FunctionProto proto, GraphReader reader) {
        // messages about a default speak of the function as of a node
        NodeProto self =
                NodeProto.newBuilder().setName(proto.getName()).setOpType("function").build();
        Map<String, Attribute> defaults = new LinkedHashMap<>();
        for (AttributeProto attribute : proto.getAttributeProtoList()) {
            defaults.put(attribute.getName(), reader.attribute(attribute, self));
        }
        Map<String, Long> opsets = new LinkedHashMap<>();
        for (OperatorSetIdProto opset : proto.getOpsetImportList()) {
            opsets.put(opset.getDomain(), opset.getVersion());
        }
        FunctionProto.Builder rest =
                proto.toBuilder()
                        .clearDomain()
                        .clearName()
                        .clearOverload()
                        .clearInput()
                        .clearOutput()
                        .clearAttribute()
                        .clearAttributeProto()
                        .clearNode()
                        .clearOpsetImport();
        return new Function(
                proto.getDomain(),
                proto.getName(),
                proto.getOverload(),
                proto.getInputList(),
                proto.getOutputList(),
                proto.getAttributeList(),
                defaults,
                proto.getNodeList().stream().map(reader::node).toList(),
                opsets,
                Remainders.keep(rest));
    }

    static FunctionProto write(Function function, GraphWriter writer) {
        FunctionProto.Builder proto =
                Remainders.recall(function.extras(), FunctionProto.parser()).toBuilder();
        proto.setName(function.name())
                .addAllInput(function.inputs())
                .addAllOutput(function.outputs())
                .addAllAttribute(function.attributes());
        if (!function.domain().isEmpty()) {
            proto.setDomain(function.domain());
        }
        if (!function.overload().isEmpty()) {
            proto.setOverload(function.overload());
        }
        function.defaults()
                .forEach((name, value) ->
                        proto.addAttributeProto(
                                writer.attribute(AttributeProto.getDefaultInstance(), value)
                                        .setName(name)));
        function.nodes().forEach(node -> proto.addNode(writer.node(node)));
        function.opsets()
                .forEach((domain, version) ->
                        proto.addOpsetImport(ModelWriter.opset(domain, version)));
        return proto.build();
    }
}
