package dev.nibble.formats.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;

import dev.nibble.graph.Extras;

/**
 * What is left of a message when everything Nibble models has been taken out: from and to {@link
 * Extras}.
 */
final class Remainders {
    /** One message more than a file may nest: what is left of a model is put into another. */
    private static final int MOST_NESTED = WireReader.MAX_DEPTH + 2;

    private Remainders() {}

    static Extras keep(Message.Builder remainder) {
        Message message = remainder.build();
        return message.getSerializedSize() == 0 ? Extras.NONE : Extras.of(message.toByteArray());
    }

    /** The remainder to build upon; an empty message if nothing was kept. */
    static <M extends Message> M recall(Extras extras, Parser<M> parser) {
        try {
            CodedInputStream in = CodedInputStream.newInstance(extras.bytes());
            in.setRecursionLimit(MOST_NESTED);
            return parser.parseFrom(in);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("these extras were not made by the ONNX format", e);
        }
    }
}
