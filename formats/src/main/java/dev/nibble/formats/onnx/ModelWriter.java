package dev.nibble.formats.onnx;

import com.google.protobuf.CodedOutputStream;

import dev.nibble.error.NibbleException;
import dev.nibble.formats.onnx.proto.Kept;
import dev.nibble.formats.onnx.proto.ModelProto;
import dev.nibble.formats.onnx.proto.OperatorSetIdProto;
import dev.nibble.formats.onnx.proto.StringStringEntryProto;
import dev.nibble.graph.Model;

import java.io.IOException;

/**
 * A whole model on its way out: everything but raw data is put together first, that data is poured
 * from where it lies.
 */
final class ModelWriter {
    private final Pouring pouring;

    /**
     * Puts a model together.
     *
     * @throws NibbleException if it takes more bytes than one file can hold
     */
    ModelWriter(Model model, Placement placement) {
        TensorWriter tensors = new TensorWriter(placement);
        GraphWriter writer = new GraphWriter(tensors);
        ModelProto.Builder shell = shell(model).setGraph(writer.write(model.graph()));
        model.functions()
                .forEach(function -> shell.addFunctions(Functions.write(function, writer)));
        ModelProto proto = shell.build();
        pouring = new Pouring(proto.toByteArray(), tensors.rawData());
        if (pouring.bytes() > Integer.MAX_VALUE) {
            throw new NibbleException(
                    "the model takes %d bytes, but one ONNX file holds at most %d; write it with external data"
                            .formatted(pouring.bytes(), Integer.MAX_VALUE));
        }
    }

    int sizeBytes() {
        return (int) pouring.bytes();
    }

    void writeTo(CodedOutputStream out) throws IOException {
        pouring.writeTo(out);
    }

    /** Whether tensors of the model lay in another file when it was read. */
    static boolean hadExternalData(Model model) {
        return Remainders.recall(model.extras(), Kept.parser()).getExternalData();
    }

    /** The import of an operator set; the standard one goes without a name. */
    static OperatorSetIdProto.Builder opset(String domain, long version) {
        OperatorSetIdProto.Builder opset = OperatorSetIdProto.newBuilder().setVersion(version);
        return domain.isEmpty() ? opset : opset.setDomain(domain);
    }

    /** The model without its graph and functions. */
    private static ModelProto.Builder shell(Model model) {
        ModelProto.Builder proto =
                Remainders.recall(model.extras(), Kept.parser()).getRest().toBuilder()
                        .setIrVersion(model.irVersion());
        model.opsets().forEach((domain, version) -> proto.addOpsetImport(opset(domain, version)));
        model.metadata()
                .forEach((key, value) ->
                        proto.addMetadataProps(
                                StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
        return proto;
    }
}
