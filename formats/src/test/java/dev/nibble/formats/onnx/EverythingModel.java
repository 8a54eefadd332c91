package dev.nibble.formats.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;

import dev.nibble.formats.onnx.proto.AttributeProto;
import dev.nibble.formats.onnx.proto.AttributeProto.AttributeType;
import dev.nibble.formats.onnx.proto.DeviceConfigurationProto;
import dev.nibble.formats.onnx.proto.FunctionProto;
import dev.nibble.formats.onnx.proto.GraphProto;
import dev.nibble.formats.onnx.proto.ModelProto;
import dev.nibble.formats.onnx.proto.NodeDeviceConfigurationProto;
import dev.nibble.formats.onnx.proto.NodeProto;
import dev.nibble.formats.onnx.proto.OperatorSetIdProto;
import dev.nibble.formats.onnx.proto.SparseTensorProto;
import dev.nibble.formats.onnx.proto.StringStringEntryProto;
import dev.nibble.formats.onnx.proto.TensorAnnotation;
import dev.nibble.formats.onnx.proto.TensorProto;
import dev.nibble.formats.onnx.proto.TensorShapeProto.Dimension;
import dev.nibble.formats.onnx.proto.TrainingInfoProto;
import dev.nibble.formats.onnx.proto.TypeProto;
import dev.nibble.formats.onnx.proto.ValueInfoProto;

/** A model in which every corner of the format is used at least once. It means nothing. */
public final class EverythingModel {
    private EverythingModel() {}

    public static ModelProto proto() {
        return ModelProto.newBuilder()
                .setIrVersion(13)
                .setProducerName("by hand")
                .setProducerVersion("1")
                .setDomain("dev.nibble.test")
                .setModelVersion(7)
                .setDocString("everything at once")
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(23))
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("local").setVersion(1))
                .addMetadataProps(entry("zeta", "last letter first"))
                .addMetadataProps(entry("alpha", "ünïcode"))
                .setGraph(graph())
                .addFunctions(function())
                .addTrainingInfo(
                        TrainingInfoProto.newBuilder()
                                .setAlgorithm(GraphProto.newBuilder().setName("step"))
                                .addUpdateBinding(entry("w", "w_new")))
                .addConfiguration(
                        DeviceConfigurationProto.newBuilder().setName("two").setNumDevices(2))
                .setUnknownFields(unknown())
                .build();
    }

    private static GraphProto graph() {
        GraphProto.Builder graph =
                GraphProto.newBuilder()
                        .setName("main")
                        .setDocString("the graph")
                        .addInput(image())
                        .addInput(ValueInfoProto.newBuilder().setName("anything"))
                        .addInput(
                                ValueInfoProto.newBuilder().setName("list").setType(sequenceType()))
                        .addOutput(
                                tensor("y", TensorProto.DataType.FLOAT_VALUE)
                                        .setDocString("the answer"))
                        .addValueInfo(unranked())
                        .addValueInfo(negativeExtent())
                        .addValueInfo(tensor("six bits", TensorProto.DataType.FLOAT6E2M3_VALUE))
                        .addQuantizationAnnotation(
                                TensorAnnotation.newBuilder()
                                        .setTensorName("y")
                                        .addQuantParameterTensorNames(entry("SCALE_TENSOR", "s")))
                        .addSparseInitializer(sparse("sparse"))
                        .addMetadataProps(entry("graph", "metadata"))
                        .setUnknownFields(unknown());
        EveryTensor.initializers().forEach(graph::addInitializer);
        return graph.addNode(everyAttribute())
                .addNode(conditional())
                .addNode(
                        NodeProto.newBuilder()
                                .setOpType("Twice")
                                .setDomain("local")
                                .setOverload("of floats")
                                .addInput("")
                                .addInput("x")
                                .addOutput("")
                                .addOutput("y"))
                .build();
    }

    private static NodeProto everyAttribute() {
        return NodeProto.newBuilder()
                .setName("every")
                .setOpType("Every")
                .setDomain("local")
                .setDocString("all attributes")
                .addInput("x")
                .addOutput("t")
                .addAttribute(
                        attribute("f", AttributeType.FLOAT).setF(1.5f).setDocString("a float"))
                .addAttribute(attribute("zero", AttributeType.INT).setI(0))
                .addAttribute(
                        attribute("s", AttributeType.STRING).setS(ByteString.copyFromUtf8("tëxt")))
                .addAttribute(attribute("bytes", AttributeType.STRING).setS(notUtf8()))
                .addAttribute(
                        attribute("t", AttributeType.TENSOR)
                                .setT(EveryTensor.floats("inner").setDocString("named inside")))
                .addAttribute(attribute("floats", AttributeType.FLOATS).addFloats(1).addFloats(-0f))
                .addAttribute(attribute("ints", AttributeType.INTS).addInts(Long.MIN_VALUE))
                .addAttribute(attribute("no ints", AttributeType.INTS))
                .addAttribute(
                        attribute("strings", AttributeType.STRINGS)
                                .addStrings(ByteString.copyFromUtf8("a")))
                .addAttribute(attribute("many bytes", AttributeType.STRINGS).addStrings(notUtf8()))
                .addAttribute(
                        attribute("tensors", AttributeType.TENSORS)
                                .addTensors(EveryTensor.floats("one")))
                .addAttribute(
                        attribute("graphs", AttributeType.GRAPHS)
                                .addGraphs(branch("g0"))
                                .addGraphs(branch("g1")))
                .addAttribute(
                        attribute("sparse", AttributeType.SPARSE_TENSOR)
                                .setSparseTensor(sparse("s")))
                .addAttribute(attribute("type", AttributeType.TYPE_PROTO).setTp(sequenceType()))
                .addAttribute(attribute("refers", AttributeType.INT).setRefAttrName("outer"))
                .addAttribute(AttributeProto.newBuilder().setName("untyped").setI(3))
                .addAttribute(
                        attribute("future", AttributeType.FLOAT)
                                .setF(2)
                                .setUnknownFields(unknown()))
                .addMetadataProps(entry("node", "metadata"))
                .addDeviceConfigurations(
                        NodeDeviceConfigurationProto.newBuilder()
                                .setConfigurationId("two")
                                .setPipelineStage(1))
                .setUnknownFields(unknown())
                .build();
    }

    private static NodeProto conditional() {
        return NodeProto.newBuilder()
                .setOpType("If")
                .setName("choice")
                .addInput("anything")
                .addOutput("chosen")
                .addAttribute(attribute("then_branch", AttributeType.GRAPH).setG(branch("then")))
                .addAttribute(attribute("else_branch", AttributeType.GRAPH).setG(branch("else")))
                .build();
    }

    private static GraphProto branch(String name) {
        return GraphProto.newBuilder()
                .setName(name)
                .setDocString("a branch")
                .addInitializer(EveryTensor.floats(name + "_w"))
                .addNode(
                        NodeProto.newBuilder()
                                .setOpType("Add")
                                .addInput("x")
                                .addInput(name + "_w")
                                .addOutput(name))
                .addOutput(tensor(name, TensorProto.DataType.FLOAT_VALUE))
                .build();
    }

    private static FunctionProto function() {
        return FunctionProto.newBuilder()
                .setName("Twice")
                .setDomain("local")
                .setOverload("of floats")
                .addInput("a")
                .addInput("b")
                .addOutput("c")
                .addOutput("d")
                .addAttribute("outer")
                .addNode(
                        NodeProto.newBuilder()
                                .setOpType("Add")
                                .addInput("b")
                                .addInput("b")
                                .addOutput("d"))
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(23))
                .build();
    }

    private static ValueInfoProto image() {
        TypeProto.Builder type = TypeProto.newBuilder().setDenotation("IMAGE");
        type.getTensorTypeBuilder().setElemType(TensorProto.DataType.FLOAT_VALUE);
        type.getTensorTypeBuilder()
                .getShapeBuilder()
                .addDim(Dimension.newBuilder().setDimParam("batch").setDenotation("DATA_BATCH"))
                .addDim(Dimension.newBuilder().setDimValue(3).setDenotation("DATA_CHANNEL"))
                .addDim(Dimension.newBuilder())
                .addDim(Dimension.newBuilder().setDimValue(0));
        return ValueInfoProto.newBuilder()
                .setName("x")
                .setType(type)
                .addMetadataProps(entry("value", "metadata"))
                .setUnknownFields(unknown())
                .build();
    }

    private static ValueInfoProto.Builder tensor(String name, int elementType) {
        ValueInfoProto.Builder info = ValueInfoProto.newBuilder().setName(name);
        info.getTypeBuilder()
                .getTensorTypeBuilder()
                .setElemType(elementType)
                .getShapeBuilder()
                .addDim(Dimension.newBuilder().setDimValue(4));
        return info;
    }

    private static ValueInfoProto unranked() {
        ValueInfoProto.Builder info = ValueInfoProto.newBuilder().setName("unranked");
        info.getTypeBuilder().getTensorTypeBuilder().setElemType(TensorProto.DataType.INT4_VALUE);
        return info.build();
    }

    private static ValueInfoProto negativeExtent() {
        ValueInfoProto.Builder info = tensor("negative", TensorProto.DataType.FLOAT_VALUE);
        info.getTypeBuilder()
                .getTensorTypeBuilder()
                .getShapeBuilder()
                .addDim(Dimension.newBuilder().setDimValue(-1))
                .addDim(Dimension.newBuilder().setDimParam(""));
        return info.build();
    }

    private static TypeProto sequenceType() {
        TypeProto.Builder type = TypeProto.newBuilder();
        type.getSequenceTypeBuilder()
                .getElemTypeBuilder()
                .getTensorTypeBuilder()
                .setElemType(TensorProto.DataType.STRING_VALUE);
        return type.build();
    }

    private static SparseTensorProto sparse(String name) {
        return SparseTensorProto.newBuilder()
                .setValues(EveryTensor.floats(name))
                .setIndices(
                        TensorProto.newBuilder()
                                .setDataType(TensorProto.DataType.INT64_VALUE)
                                .addDims(2)
                                .addInt64Data(1)
                                .addInt64Data(5))
                .addDims(10)
                .build();
    }

    private static AttributeProto.Builder attribute(String name, AttributeType type) {
        return AttributeProto.newBuilder().setName(name).setType(type);
    }

    static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }

    private static ByteString notUtf8() {
        return ByteString.copyFrom(new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    }

    /** A field that a later version of the standard may add. */
    static UnknownFieldSet unknown() {
        UnknownFieldSet.Field field =
                UnknownFieldSet.Field.newBuilder()
                        .addVarint(42)
                        .addLengthDelimited(ByteString.copyFromUtf8("from the future"))
                        .build();
        return UnknownFieldSet.newBuilder().addField(4711, field).build();
    }
}
