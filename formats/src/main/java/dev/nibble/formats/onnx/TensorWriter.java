package dev.nibble.formats.onnx;

import com.google.protobuf.ByteString;

import dev.nibble.formats.onnx.Placement.Slot;
import dev.nibble.formats.onnx.proto.StringStringEntryProto;
import dev.nibble.formats.onnx.proto.TensorProto;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tensors as ONNX stores them: raw bytes, texts, or a reference to data in another file. */
final class TensorWriter {
    private final Placement placement;
    private final List<MemorySegment> rawData = new ArrayList<>();

    TensorWriter(Placement placement) {
        this.placement = placement;
    }

    /**
     * The raw bytes of all tensors written so far, each at the place that its message names instead
     * of holding them.
     */
    List<MemorySegment> rawData() {
        return rawData;
    }

    /**
     * A tensor, with a place for its raw bytes; see {@link Pouring}.
     *
     * @param rest what the file says about it otherwise
     */
    TensorProto write(Tensor tensor, TensorProto rest) {
        TensorProto.Builder proto = rest.toBuilder().setDataType(DataTypes.number(tensor.type()));
        for (long dim : tensor.shape().dims()) {
            proto.addDims(dim);
        }
        Optional<Slot> slot = placement.of(tensor);
        if (slot.isPresent()) {
            proto.setDataLocation(TensorProto.DataLocation.EXTERNAL)
                    .addExternalData(entry("location", slot.get().location()))
                    .addExternalData(entry("offset", Long.toString(slot.get().offset())))
                    .addExternalData(entry("length", Long.toString(slot.get().length())));
        } else if (tensor.type() == DataType.STRING) {
            addTexts(proto, tensor.data());
        } else {
            proto.setRawData(Pouring.place(rawData.size()));
            rawData.add(tensor.data());
        }
        return proto.build();
    }

    private static void addTexts(TensorProto.Builder proto, MemorySegment data) {
        ValueLayout.OfInt length =
                ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
        for (long at = 0; at < data.byteSize(); ) {
            int bytes = data.get(length, at);
            proto.addStringData(
                    ByteString.copyFrom(
                            data.asSlice(at + Integer.BYTES, bytes)
                                    .toArray(ValueLayout.JAVA_BYTE)));
            at += Integer.BYTES + bytes;
        }
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }
}
