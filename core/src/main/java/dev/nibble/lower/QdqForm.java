package dev.nibble.lower;

import dev.nibble.graph.Attribute.IntValue;
import dev.nibble.graph.Node;
import dev.nibble.lower.CodeSource.Dynamic;
import dev.nibble.lower.CodeSource.Static;
import dev.nibble.number.IntegerFormat;
import dev.nibble.number.Quantizer;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Tensor;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * QuantizeLinear, DequantizeLinear and DynamicQuantizeLinear, of the standard and of {@code
 * com.microsoft}.
 *
 * <p>What stands between two of them is float already: of the pair only the saturation stays.
 */
record QdqForm(FloatRewriting rewriting) implements QuantizedForm {
    private static final int DEFAULT_AXIS = 1;

    @Override
    public Map<String, Consumer<Node>> operators() {
        return Map.ofEntries(
                Map.entry("QuantizeLinear", this::quantize),
                Map.entry("DequantizeLinear", this::dequantize),
                Map.entry("DynamicQuantizeLinear", this::quantizeDynamically));
    }

    private void quantize(Node node) {
        Affine affine = rewriting.affine(node, 1, 2, axis(node), block(node));
        IntegerFormat format = format(node);
        if (!affine.fits(format)) {
            throw FloatRewriting.refusal(node, "its zero point is no code of type " + format);
        }
        Optional<Tensor> constant =
                rewriting.constant(node.input(0)).filter(Tensor::isFloatingPoint);
        if (constant.isPresent() && !rewriting.graph().isOutput(node.output(0))) {
            round(node, constant.get(), format, affine);
        } else {
            rewriting.write(node, node.output(0), format, affine, node.input(0));
        }
    }

    /** A constant is rounded here and now, so that no grid is left in the graph. */
    private void round(Node node, Tensor floats, IntegerFormat format, Affine affine) {
        if (!affine.fits(floats.shape())) {
            throw FloatRewriting.refusal(node, affine.misfit(node.input(0), floats.shape()));
        }
        String real = rewriting.standIn(node.output(0));
        rewriting.setConstant(
                real,
                FloatConstants.as(
                        Quantizer.fakeQuantize(floats, affine.encoding(format)), affine.real()));
        rewriting.stands(node.output(0), new Static(real, format, affine));
    }

    private IntegerFormat format(Node node) {
        long asked = node.integer("output_dtype", 0);
        Optional<DataType> type =
                node.hasInput(2)
                        ? rewriting.constant(node.input(2)).map(Tensor::type)
                        : asked == 0
                                ? Optional.of(DataType.UINT8)
                                : CodeArithmetic.ofOnnxCode(asked);
        return type.flatMap(FloatConstants::format)
                .orElseThrow(() ->
                        FloatRewriting.refusal(
                                node,
                                "it makes codes of type %s, which Nibble does not undo"
                                        .formatted(
                                                type.map(DataType::toString)
                                                        .orElse("number " + asked))));
    }

    private void dequantize(Node node) {
        String real = rewriting.read(node, 0, 1, 2, axis(node), block(node));
        OptionalLong type = node.integer("output_dtype");
        if (type.isPresent() && type.getAsLong() != 0) {
            rewriting.emit(
                    Node.of(node.name(), "Cast", List.of(real), node.outputs())
                            .with("to", new IntValue(type.getAsLong())));
        } else {
            rewriting.alias(real, node.output(0));
        }
    }

    private void quantizeDynamically(Node node) {
        String codes = node.output(0);
        for (String output : node.outputs()) {
            if (rewriting.graph().isOutput(output)) {
                throw FloatRewriting.refusal(node, "the network delivers its result " + output);
            }
            rewriting.forget(output);
        }
        rewriting.stands(codes, new Dynamic(node.input(0), node.output(1), node.output(2)));
    }

    private static int axis(Node node) {
        return Math.toIntExact(node.integer("axis", DEFAULT_AXIS));
    }

    private static int block(Node node) {
        return Math.toIntExact(node.integer("block_size", 0));
    }
}
