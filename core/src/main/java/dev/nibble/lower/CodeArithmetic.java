package dev.nibble.lower;

import dev.nibble.graph.Attribute.FloatValue;
import dev.nibble.graph.Attribute.IntValue;
import dev.nibble.graph.Node;
import dev.nibble.number.IntegerFormat;
import dev.nibble.tensor.DataType;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What QuantizeLinear and DequantizeLinear do, in operators that any float network may have. */
final class CodeArithmetic {
    private static final long OPSET_OF_CLIP_INPUTS = 11;

    private CodeArithmetic() {}

    /** {@code real = scale · (code − zeroPoint)}. */
    static void decode(FloatRewriting rewriting, String codes, Affine affine, String real) {
        DataType type = affine.real();
        String at = rewriting.fresh(codes + "_cast");
        rewriting.emit(
                Node.of(at, "Cast", List.of(codes), List.of(at))
                        .with("to", new IntValue(onnxCode(type))));
        if (affine.zeroPoint() != 0) {
            String moved = rewriting.fresh(codes + "_centred");
            rewriting.emit(
                    Node.of(
                            moved,
                            "Sub",
                            List.of(at, rewriting.scalar(affine.zeroPoint(), type)),
                            List.of(moved)));
            at = moved;
        }
        rewriting.emit(
                Node.of(
                        real + "_scaled",
                        "Mul",
                        List.of(at, rewriting.scalar(affine.scale(), type)),
                        List.of(real)));
    }

    /** {@code code = saturate(roundHalfEven(real / scale) + zeroPoint)}. */
    static void encode(
            FloatRewriting rewriting,
            String real,
            IntegerFormat format,
            Affine affine,
            String codes) {
        DataType type = affine.real();
        String steps = rewriting.fresh(codes + "_steps");
        String rounded = rewriting.fresh(codes + "_rounded");
        rewriting.emit(
                Node.of(
                        steps,
                        "Div",
                        List.of(real, rewriting.scalar(affine.scale(), type)),
                        List.of(steps)));
        rewriting.emit(Node.of(rounded, "Round", List.of(steps), List.of(rounded)));
        String at = rounded;
        if (affine.zeroPoint() != 0) {
            String moved = rewriting.fresh(codes + "_moved");
            rewriting.emit(
                    Node.of(
                            moved,
                            "Add",
                            List.of(at, rewriting.scalar(affine.zeroPoint(), type)),
                            List.of(moved)));
            at = moved;
        }
        String saturated = rewriting.fresh(codes + "_saturated");
        rewriting.emit(clip(rewriting, at, format.min(), format.max(), type, saturated));
        rewriting.emit(
                Node.of(codes + "_cast", "Cast", List.of(saturated), List.of(codes))
                        .with("to", new IntValue(onnxCode(format.dataType()))));
    }

    /** A Clip between two ends. */
    static Node clip(
            FloatRewriting rewriting,
            String from,
            float low,
            float high,
            DataType type,
            String to) {
        if (rewriting.opset() < OPSET_OF_CLIP_INPUTS) {
            return Node.of(to + "_clip", "Clip", List.of(from), List.of(to))
                    .with("min", new FloatValue(low))
                    .with("max", new FloatValue(high));
        }
        return Node.of(
                to + "_clip",
                "Clip",
                List.of(from, rewriting.scalar(low, type), rewriting.scalar(high, type)),
                List.of(to));
    }

    /** The number that ONNX gives an element type (TensorProto.DataType). */
    static long onnxCode(DataType type) {
        return switch (type) {
            case FLOAT32 -> 1;
            case UINT8 -> 2;
            case INT8 -> 3;
            case UINT16 -> 4;
            case INT16 -> 5;
            case INT32 -> 6;
            case FLOAT16 -> 10;
            case BFLOAT16 -> 16;
            case UINT4 -> 21;
            case INT4 -> 22;
            default -> throw new IllegalArgumentException("codes are never " + type);
        };
    }

    /** The element type of a number of ONNX, among those of real numbers and codes. */
    static Optional<DataType> ofOnnxCode(long number) {
        return Stream.of(
                        DataType.FLOAT32,
                        DataType.UINT8,
                        DataType.INT8,
                        DataType.UINT16,
                        DataType.INT16,
                        DataType.INT32,
                        DataType.FLOAT16,
                        DataType.BFLOAT16,
                        DataType.UINT4,
                        DataType.INT4)
                .filter(type -> onnxCode(type) == number)
                .findFirst();
    }
}
