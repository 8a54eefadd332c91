package dev.nibble.formats.onnx;

import com.google.protobuf.ByteString;

import dev.nibble.error.NibbleException;
import dev.nibble.formats.onnx.proto.AttributeProto;
import dev.nibble.formats.onnx.proto.AttributeProto.AttributeType;
import dev.nibble.formats.onnx.proto.GraphProto;
import dev.nibble.formats.onnx.proto.NodeProto;
import dev.nibble.formats.onnx.proto.TensorProto;
import dev.nibble.formats.onnx.proto.ValueInfoProto;
import dev.nibble.graph.Attribute;
import dev.nibble.graph.Extras;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;
import dev.nibble.tensor.Tensor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Graphs with their nodes and attributes.
 *
 * <p>What the file says about an attribute beyond its value (a doc string, the name of a tensor) is
 * kept with the node, as an attribute without value.
 */
final class GraphReader {
    private static final TensorProto UNNAMED = TensorProto.newBuilder().setName("").build();

    /** Longer than any exporter makes one; see {@link #named}. */
    private static final int LONGEST_NAME = 1 << 16;

    private final TensorReader tensors;
    private final Set<String> sparseNames = new HashSet<>();

    GraphReader(TensorReader tensors) {
        this.tensors = tensors;
    }

    /** The names of all sparse initializers so far, which are carried along as they are. */
    Set<String> sparseNames() {
        return sparseNames;
    }

    Graph read(GraphProto proto) {
        proto.getSparseInitializerList()
                .forEach(sparse -> sparseNames.add(sparse.getValues().getName()));
        List<Node> nodes = new ArrayList<>(proto.getNodeCount());
        for (NodeProto node : proto.getNodeList()) {
            nodes.add(node(node));
        }
        Map<String, Tensor> constants = new LinkedHashMap<>();
        Map<String, Extras> constantExtras = new HashMap<>();
        for (TensorProto initializer : proto.getInitializerList()) {
            String name = initializer.getName();
            if (name.isEmpty()) {
                throw new NibbleException(
                        "an initializer of graph \"%s\" has no name; export the model again"
                                .formatted(proto.getName()));
            }
            Tensor tensor = tensors.read(initializer, "initializer \"" + named(name) + "\"");
            if (constants.put(name, tensor) != null) {
                throw new NibbleException(
                        "there are two initializers \"%s\"; export the model again"
                                .formatted(name));
            }
            Extras extras = TensorReader.extras(initializer);
            if (!extras.isEmpty()) {
                constantExtras.put(name, extras);
            }
        }
        Map<String, ValueInfo> values = new LinkedHashMap<>();
        for (ValueInfoProto value : proto.getValueInfoList()) {
            values.put(named(value.getName()), ValueInfos.read(value));
        }
        GraphProto.Builder rest =
                proto.toBuilder()
                        .clearName()
                        .clearNode()
                        .clearInitializer()
                        .clearInput()
                        .clearOutput()
                        .clearValueInfo();
        return new Graph(
                proto.getName(),
                nodes,
                proto.getInputList().stream().map(ValueInfos::read).toList(),
                proto.getOutputList().stream().map(ValueInfos::read).toList(),
                constants,
                constantExtras,
                values,
                Remainders.keep(rest));
    }

    /** The name, if it is one: it becomes a part of many others and of messages. */
    private static String named(String name) {
        if (name.length() > LONGEST_NAME) {
            throw new NibbleException(
                    "the name \"%s…\" has %d characters, at most %d are taken; export the model with other names"
                            .formatted(name.substring(0, 40), name.length(), LONGEST_NAME));
        }
        return name;
    }

    Node node(NodeProto proto) {
        named(proto.getName());
        named(proto.getOpType());
        proto.getInputList().forEach(GraphReader::named);
        proto.getOutputList().forEach(GraphReader::named);
        NodeProto.Builder rest =
                proto.toBuilder()
                        .clearName()
                        .clearOpType()
                        .clearDomain()
                        .clearInput()
                        .clearOutput()
                        .clearAttribute();
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        for (AttributeProto attribute : proto.getAttributeList()) {
            Attribute value = attribute(attribute, proto);
            if (attributes.put(attribute.getName(), value) != null) {
                throw new NibbleException(
                        "%s has attribute \"%s\" twice; export the model again"
                                .formatted(describe(proto), attribute.getName()));
            }
            AttributeProto kept = rest(attribute, value);
            if (kept.getSerializedSize() > 0) {
                rest.addAttribute(kept.toBuilder().setName(attribute.getName()));
            }
        }
        return new Node(
                proto.getName(),
                proto.getOpType(),
                proto.getDomain(),
                List.copyOf(proto.getInputList()),
                List.copyOf(proto.getOutputList()),
                attributes,
                Remainders.keep(rest));
    }

    Attribute attribute(AttributeProto proto, NodeProto node) {
        AttributeType type = AttributeTypes.of(proto);
        if (!AttributeTypes.isUnambiguous(proto, type)) {
            throw new NibbleException(
                    "attribute \"%s\" of %s holds values of several types; export the model again"
                            .formatted(proto.getName(), describe(node)));
        }
        if (!proto.getRefAttrName().isEmpty()) {
            return new Attribute.Reference(
                    proto.getRefAttrName(), Remainders.keep(proto.toBuilder().clearName()));
        }
        return switch (type) {
            case FLOAT -> new Attribute.FloatValue(proto.getF());
            case INT -> new Attribute.IntValue(proto.getI());
            case STRING ->
                    proto.getS().isValidUtf8()
                            ? new Attribute.StringValue(proto.getS().toStringUtf8())
                            : opaque(proto);
            case TENSOR ->
                    new Attribute.TensorValue(
                            tensors.read(
                                    proto.getT(),
                                    "attribute \"%s\" of %s"
                                            .formatted(proto.getName(), describe(node))));
            case GRAPH -> new Attribute.GraphValue(read(proto.getG()));
            case FLOATS -> new Attribute.FloatList(proto.getFloatsList());
            case INTS -> new Attribute.IntList(proto.getIntsList());
            case STRINGS ->
                    proto.getStringsList().stream().allMatch(ByteString::isValidUtf8)
                            ? new Attribute.StringList(
                                    proto.getStringsList().stream()
                                            .map(ByteString::toStringUtf8)
                                            .toList())
                            : opaque(proto);
            case GRAPHS ->
                    new Attribute.GraphList(
                            proto.getGraphsList().stream().map(this::read).toList());
            case UNDEFINED, TENSORS, SPARSE_TENSOR, SPARSE_TENSORS, TYPE_PROTO, TYPE_PROTOS ->
                    opaque(proto);
        };
    }

    private static Attribute opaque(AttributeProto proto) {
        return new Attribute.Opaque(Remainders.keep(proto.toBuilder().clearName()));
    }

    /** The attribute without its name and what {@code value} holds of it. */
    private static AttributeProto rest(AttributeProto proto, Attribute value) {
        AttributeProto.Builder rest = proto.toBuilder().clearName().clearType();
        switch (value) {
            case Attribute.FloatValue _ -> rest.clearF();
            case Attribute.IntValue _ -> rest.clearI();
            case Attribute.StringValue _ -> rest.clearS();
            case Attribute.TensorValue _ -> {
                TensorProto kept =
                        TensorReader.rest(proto.getT()).setName(proto.getT().getName()).build();
                if (kept.equals(UNNAMED) || kept.equals(TensorProto.getDefaultInstance())) {
                    rest.clearT();
                } else {
                    rest.setT(kept);
                }
            }
            case Attribute.GraphValue _ -> rest.clearG();
            case Attribute.FloatList _ -> rest.clearFloats();
            case Attribute.IntList _ -> rest.clearInts();
            case Attribute.StringList _ -> rest.clearStrings();
            case Attribute.GraphList _ -> rest.clearGraphs();
            case Attribute.Reference _, Attribute.Opaque _ -> rest.clear();
        }
        return rest.build();
    }

    private static String describe(NodeProto node) {
        String name =
                node.getName().isEmpty() && node.getOutputCount() > 0
                        ? node.getOutput(0)
                        : node.getName();
        return "node \"%s\" (%s)".formatted(name, node.getOpType());
    }
}
