package dev.nibble.lower;

import dev.nibble.error.NibbleException;
import dev.nibble.graph.Attribute.IntValue;
import dev.nibble.graph.GraphEditor;
import dev.nibble.graph.Node;
import dev.nibble.number.Encoding;
import dev.nibble.number.Granularity.PerAxis;
import dev.nibble.number.Granularity.PerBlock;
import dev.nibble.number.Granularity.PerTensor;
import dev.nibble.number.IntegerFormat;
import dev.nibble.number.NumberFormats;
import dev.nibble.number.Quantizer;
import dev.nibble.plan.Plan;
import dev.nibble.tensor.Scratch;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Writes weights as codes with a DequantizeLinear behind them, once for all their readers.
 *
 * <p>Codes in 4 bits for which runtimes have no kernels are widened on the way: {@code int4 → Cast
 * → int8 → DequantizeLinear}. The file stores 4 bits, also for codes of 2 and 3; ONNX Runtime folds
 * the Cast when it loads the model and then sees 8-bit weights, which it fuses into integer
 * kernels. A DequantizeLinear of 4-bit codes it would not fuse, and compute in float.
 */
final class WeightWriter {
    private final Plan plan;
    private final GraphEditor editor;
    private final Parameters parameters;
    private final Scratch scratch;
    private final FoldedWeights folded;
    private final Map<String, String> written = new HashMap<>();
    private final Map<String, String> scales = new HashMap<>();
    private final Map<String, Factor> factors = new HashMap<>();
    private final Map<String, Table> tables = new HashMap<>();
    private final Map<String, String> stored = new HashMap<>();
    private final Map<String, String> widened = new HashMap<>();

    /**
     * A writer of the weights of one graph.
     *
     * @param scratch where the codes go
     */
    WeightWriter(Plan plan, GraphEditor editor, Parameters parameters, Scratch scratch) {
        this.scratch = scratch;
        this.plan = plan;
        this.editor = editor;
        this.parameters = parameters;
        this.folded = new FoldedWeights(editor);
    }

    /** Whether the codes of weights are widened. */
    static boolean widens(Encoding encoding) {
        return isPacked(encoding.format()) && !(encoding.granularity() instanceof PerBlock);
    }

    /** Whether several codes are stored in a byte. */
    private static boolean isPacked(IntegerFormat format) {
        return format.dataType().bits() < Byte.SIZE;
    }

    /** The format in which a runtime meets the codes of weights. */
    static IntegerFormat computed(Encoding encoding) {
        return widens(encoding) ? asBytes(encoding.format()) : encoding.format();
    }

    /** A format of at least 8 bits that has all codes of another. */
    static IntegerFormat asBytes(IntegerFormat format) {
        if (format.bits() >= Byte.SIZE) {
            return format;
        }
        return format.signed() ? NumberFormats.INT8 : NumberFormats.UINT8;
    }

    /** The name of the dequantized weights. */
    String write(String name, Tensor weight) {
        return written.computeIfAbsent(name, _ -> dequantized(name, weight, encoding(name)));
    }

    /** The name of the scales of weights that were written. */
    String scale(String name) {
        return Objects.requireNonNull(scales.get(name));
    }

    /** The name of weights of which the runtime makes floats when it loads the model. */
    String writeFolded(String name, Tensor weight) {
        Encoding encoding = encoding(name);
        return FoldedWeights.can(encoding, weight.shape())
                ? written.computeIfAbsent(
                        name + "_folded",
                        _ ->
                                folded.write(
                                        name,
                                        codes(name, weight, encoding),
                                        encoding,
                                        weight.shape()))
                : write(name, weight);
    }

    /** The name of the dequantized weights, a matrix, with rows and columns exchanged. */
    String writeTransposed(String name, Tensor weight) {
        return written.computeIfAbsent(
                name + "_transposed",
                transposed ->
                        dequantized(
                                transposed,
                                Transposition.of(weight),
                                Transposition.of(encoding(name))));
    }

    /**
     * The weights of a product {@code [in × out]} as they are multiplied: without a
     * DequantizeLinear.
     *
     * @param transposed whether they are given as {@code [out × in]}
     */
    Factor factor(String name, Tensor weight, boolean transposed) {
        return transposed
                ? factor(
                        name + "_transposed",
                        Transposition.of(weight),
                        Transposition.of(encoding(name)))
                : factor(name, weight, encoding(name));
    }

    /**
     * Codes and what they stand for.
     *
     * @param names of the constants that scale them: one number, or one for each column
     */
    record Factor(String codes, Parameters.Names names) {}

    /**
     * A table of which rows are looked up.
     *
     * @param codes {@code [rows × columns]}
     * @param unit scale and zero point of codes: their own if they have one for all, else the scale
     *     1, to be multiplied by that of the row
     * @param scales {@code [rows × 1]}; empty if they have one for all
     */
    record Table(String codes, Parameters.Names unit, String scales) {}

    /** Writes a table with one scale, or one for each row. */
    Table table(String name, Tensor weight) {
        return tables.computeIfAbsent(
                name,
                _ -> {
                    Encoding encoding = encoding(name);
                    String codes = codes(name, weight, encoding);
                    String wide = widens(encoding) ? widened(name, codes, encoding) : codes;
                    if (encoding.granularity() instanceof PerTensor) {
                        return new Table(wide, parameters.ofWeights(name, encoding), "");
                    }
                    String scales = editor.fresh(name + "_scales");
                    editor.constant(
                            scales,
                            Tensor.ofFloats(Shape.of(encoding.groups(), 1), encoding.scales()));
                    return new Table(wide, parameters.ofUnit(name, encoding), scales);
                });
    }

    /**
     * Matrices {@code [directions × out × in]} as an LSTM on codes takes them: each transposed,
     * with a scale and a zero point for each direction, or for each direction and row.
     */
    Factor stack(String name, Tensor weight) {
        return factors.computeIfAbsent(
                name + "_stack",
                _ -> {
                    Encoding encoding = encoding(name);
                    String transposed = name + "_transposed";
                    String codes =
                            codes(
                                    transposed,
                                    Transposition.ofStack(weight),
                                    Transposition.ofStack(encoding));
                    return new Factor(
                            isPacked(encoding.format())
                                    ? widened(transposed, codes, encoding)
                                    : codes,
                            parameters.ofStack(name, encoding, weight.shape()));
                });
    }

    private Factor factor(String name, Tensor weight, Encoding encoding) {
        if (encoding.granularity() instanceof PerBlock || encoding.format().bits() > Byte.SIZE) {
            throw new NibbleException(
                    "the weights %s are to be %s, which cannot be multiplied by codes found at run time; store them as at most 8 bits with a scale for each channel or tensor"
                            .formatted(name, encoding.scheme()));
        }
        return factors.computeIfAbsent(
                name,
                _ -> {
                    String codes = codes(name, weight, encoding);
                    return new Factor(
                            widens(encoding) ? widened(name, codes, encoding) : codes,
                            parameters.ofFactor(name, encoding));
                });
    }

    private Encoding encoding(String name) {
        return plan.encoding(name)
                .orElseThrow(() ->
                        new NibbleException(
                                "the weights "
                                        + name
                                        + " were planned to be quantized but have no encoding"));
    }

    private String dequantized(String name, Tensor weight, Encoding encoding) {
        String codes = codes(name, weight, encoding);
        String dequantized = editor.fresh(name + "_dequantized");
        Parameters.Names names = parameters.ofWeights(name, encoding);
        scales.put(name, names.scale());
        Node dequantize =
                Node.of(
                        name + "_DequantizeLinear",
                        "DequantizeLinear",
                        names.inputs(widens(encoding) ? widened(name, codes, encoding) : codes),
                        List.of(dequantized));
        editor.insertFirst(
                switch (encoding.granularity()) {
                    case PerTensor _ -> dequantize;
                    case PerAxis(int axis) -> dequantize.with("axis", new IntValue(axis));
                    case PerBlock(int axis, int blockSize) ->
                            dequantize
                                    .with("axis", new IntValue(axis))
                                    .with("block_size", new IntValue(blockSize));
                });
        return dequantized;
    }

    private String codes(String name, Tensor weight, Encoding encoding) {
        return stored.computeIfAbsent(
                name,
                _ -> {
                    String codes = editor.fresh(name + "_quantized");
                    editor.constant(
                            codes, Quantizer.quantize(weight, encoding, scratch::allocate).codes());
                    return codes;
                });
    }

    private String widened(String name, String codes, Encoding encoding) {
        return widened.computeIfAbsent(
                codes,
                _ -> {
                    String wide = editor.fresh(name + "_widened");
                    IntegerFormat format = asBytes(encoding.format());
                    editor.insertFirst(
                            Node.of(name + "_Cast", "Cast", List.of(codes), List.of(wide))
                                    .with(
                                            "to",
                                            new IntValue(
                                                    CodeArithmetic.onnxCode(format.dataType()))));
                    return wide;
                });
    }
}
