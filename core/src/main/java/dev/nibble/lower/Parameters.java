package dev.nibble.lower;

import dev.nibble.graph.GraphEditor;
import dev.nibble.number.Encoding;
import dev.nibble.plan.Plan;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Tensor;

import java.util.HashMap;
import java.util.Map;

/**
 * Scales and zero points as constants of the graph, one pair for all values that share an encoding.
 */
final class Parameters {
    private final Plan plan;
    private final GraphEditor editor;
    private final Map<String, Names> written = new HashMap<>();

    Parameters(Plan plan, GraphEditor editor) {
        this.plan = plan;
        this.editor = editor;
    }

    /** Names of the constants that hold the parameters of a value. */
    record Names(String scale, String zeroPoint) {}

    Names of(String value) {
        return written.computeIfAbsent(
                plan.group(value),
                group -> {
                    Encoding encoding =
                            plan.encoding(group)
                                    .orElseThrow(() ->
                                            new IllegalArgumentException(
                                                    "value " + value + " has no encoding"));
                    Names names =
                            new Names(
                                    editor.fresh(group + "_scale"),
                                    editor.fresh(group + "_zero_point"));
                    editor.constant(
                            names.scale, Tensor.ofFloats(encoding.scaleShape(), encoding.scales()));
                    editor.constant(names.zeroPoint, zeroPoints(encoding));
                    return names;
                });
    }

    private static Tensor zeroPoints(Encoding encoding) {
        int[] codes = encoding.zeroPoints();
        DataType type = encoding.format().dataType();
        byte[] packed = new byte[Math.toIntExact(type.bytes(codes.length))];
        for (int i = 0; i < codes.length; i++) {
            switch (type.bits()) {
                case 16 -> {
                    packed[2 * i] = (byte) codes[i];
                    packed[2 * i + 1] = (byte) (codes[i] >> 8);
                }
                case 8 -> packed[i] = (byte) codes[i];
                case 4 -> packed[i / 2] |= (byte) ((codes[i] & 0xF) << (i % 2 * 4));
                default ->
                        throw new IllegalArgumentException(
                                "no ONNX type holds codes of " + type.bits() + " bits");
            }
        }
        return Tensor.ofBytes(type, encoding.scaleShape(), packed);
    }
}
