package dev.nibble.formats.onnx;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;

import dev.nibble.graph.Extras;

/**
 * What is left of a message when everything Nibble models has been taken out: from and to {@link
 * Extras}.
 */
final class Remainders {
    private Remainders() {}

    static Extras keep(Message.Builder remainder) {
        Message message = remainder.build();
        return message.getSerializedSize() == 0 ? Extras.NONE : Extras.of(message.toByteArray());
    }

    /** The remainder to build upon; an empty message if nothing was kept. */
    static <M extends Message> M recall(Extras extras, Parser<M> parser) {
        try {
            return parser.parseFrom(extras.bytes());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("these extras were not made by the ONNX format", e);
        }
    }
}
