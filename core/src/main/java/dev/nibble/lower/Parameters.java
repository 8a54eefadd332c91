package dev.nibble.lower;

import dev.nibble.error.NibbleException;
import dev.nibble.graph.GraphEditor;
import dev.nibble.number.Encoding;
import dev.nibble.number.IntegerFormat;
import dev.nibble.number.NumberFormats;
import dev.nibble.plan.Plan;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Scales and zero points as constants of the graph, one pair for all values that share an encoding.
 */
final class Parameters {
    private final Plan plan;
    private final GraphEditor editor;
    private final boolean terse;
    private final Map<String, Names> written = new HashMap<>();
    private final Map<Tensor, String> shared = new HashMap<>();

    Parameters(Plan plan, GraphEditor editor) {
        this.plan = plan;
        this.editor = editor;
        this.terse =
                plan.values().keySet().stream()
                        .flatMap(value -> plan.encoding(value).stream())
                        .anyMatch(encoding -> encoding.format().dataType().bits() < Byte.SIZE);
    }

    /**
     * Names of the constants that hold the parameters of a value.
     *
     * @param zeroPoint empty if it is left out, as zeros may be
     */
    record Names(String scale, String zeroPoint) {
        /** The inputs of a node that reads or writes codes. */
        List<String> inputs(String data) {
            return zeroPoint.isEmpty() ? List.of(data, scale) : List.of(data, scale, zeroPoint);
        }
    }

    /** Those of an activation, which all values that share its encoding share. */
    Names of(String value) {
        return written.computeIfAbsent(
                plan.group(value),
                group -> {
                    Encoding encoding =
                            plan.encoding(group)
                                    .orElseThrow(() ->
                                            new IllegalArgumentException(
                                                    "value " + value + " has no encoding"));
                    return write(
                            group, encoding, zeroPoints(encoding, WeightWriter.computed(encoding)));
                });
    }

    /** Those of weights, for the format in which the runtime meets their codes. */
    Names ofWeights(String name, Encoding encoding) {
        return ofConstant(
                name,
                encoding.scaleTensor(),
                zeroPoints(encoding, WeightWriter.computed(encoding)));
    }

    /**
     * Those of weights whose codes are multiplied: with one zero point, where it is the same for
     * all of them.
     */
    Names ofFactor(String name, Encoding encoding) {
        int[] codes = encoding.zeroPoints();
        boolean same = Arrays.stream(codes).allMatch(code -> code == codes[0]);
        IntegerFormat format = WeightWriter.computed(encoding);
        return ofConstant(
                name,
                encoding.scaleTensor(),
                same
                        ? zeroPoints(new int[] {codes[0]}, Shape.scalar(), format)
                        : zeroPoints(encoding, format));
    }

    /**
     * The scale 1 with the zero point of codes, for scales that are multiplied later.
     *
     * @throws NibbleException if the codes have several zero points
     */
    Names ofUnit(String name, Encoding encoding) {
        int[] codes = encoding.zeroPoints();
        if (Arrays.stream(codes).anyMatch(code -> code != codes[0])) {
            throw new NibbleException(
                    "the rows of table %s are to have zero points of their own, which cannot be written; choose symmetric weights"
                            .formatted(name));
        }
        Tensor zeroPoint =
                zeroPoints(new int[] {codes[0]}, Shape.scalar(), WeightWriter.computed(encoding));
        return ofConstant(name + "_unit", Tensor.ofFloats(Shape.scalar(), 1), zeroPoint);
    }

    /**
     * Those of matrices side by side {@code [n × rows × columns]}: {@code [n]}, or {@code [n ×
     * rows]}.
     */
    Names ofStack(String name, Encoding encoding, Shape weights) {
        int matrices = Math.toIntExact(weights.dim(0));
        boolean whole = encoding.groups() == 1;
        Shape shape = whole ? Shape.of(matrices) : Shape.of(matrices, encoding.groups() / matrices);
        float[] scales = encoding.scales();
        int[] zeros = encoding.zeroPoints();
        if (whole) {
            scales = new float[matrices];
            zeros = new int[matrices];
            Arrays.fill(scales, encoding.scale(0));
            Arrays.fill(zeros, encoding.zeroPoint(0));
        }
        return new Names(
                constant(name + "_scale", Tensor.ofFloats(shape, scales)),
                constant(
                        name + "_zero_point",
                        zeroPoints(zeros, shape, WeightWriter.asBytes(encoding.format()))));
    }

    private Names write(String name, Encoding encoding, Tensor zeroPoints) {
        Tensor scales = encoding.scaleTensor();
        return new Names(
                constant(name + "_scale", scales), constant(name + "_zero_point", zeroPoints));
    }

    /**
     * Those of constants, mostly a vector of zeros as long as the scales. Those of one length are
     * stored once, or left out where a file is to be small.
     */
    Names ofConstant(String name, Tensor scales, Tensor zeroPoints) {
        return new Names(constant(name + "_scale", scales), zeroPointsOf(name, zeroPoints));
    }

    /** The zero points of constants; empty if they are left out. */
    String zeroPointsOf(String name, Tensor zeroPoints) {
        if (terse && Arrays.stream(zeroPoints.longs()).allMatch(zero -> zero == 0)) {
            return "";
        }
        return zeroPoints.elements() == 1
                ? constant(name + "_zero_point", zeroPoints)
                : shared.computeIfAbsent(
                        zeroPoints,
                        made ->
                                constant(
                                        "zero_points_" + made.type() + "_" + made.elements(),
                                        made));
    }

    /** A constant that holds one code of a narrow format, of the 8-bit type that computes it. */
    String code(IntegerFormat format, int code) {
        IntegerFormat wide = format.signed() ? NumberFormats.INT8 : NumberFormats.UINT8;
        return shared.computeIfAbsent(
                Tensor.ofBytes(wide.dataType(), Shape.scalar(), (byte) code),
                made -> constant("code_" + code, made));
    }

    private String constant(String name, Tensor tensor) {
        String fresh = editor.fresh(name);
        editor.constant(fresh, tensor);
        return fresh;
    }

    private static Tensor zeroPoints(Encoding encoding, IntegerFormat format) {
        return zeroPoints(encoding.zeroPoints(), encoding.scaleShape(), format);
    }

    private static Tensor zeroPoints(int[] codes, Shape shape, IntegerFormat format) {
        DataType type = format.dataType();
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
        return Tensor.ofBytes(type, shape, packed);
    }
}
