package dev.nibble.lower;

import dev.nibble.error.NibbleException;
import dev.nibble.graph.Graph;
import dev.nibble.graph.GraphEditor;
import dev.nibble.graph.Node;
import dev.nibble.lower.CodeSource.Static;
import dev.nibble.number.Granularity.PerBlock;
import dev.nibble.number.IntegerFormat;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A graph on its way from codes to floats: which values that were codes are floats by now, and the
 * nodes that take the place of the one at hand.
 *
 * <p>A value that was codes keeps its name as a float, unless the graph delivers it: then the codes
 * keep the name and are computed from the float in plain arithmetic.
 */
final class FloatRewriting {
    /** The place of an input that no node has. */
    static final int LEFT_OUT = Integer.MAX_VALUE;

    private static final long OPSET_OF_ROUND = 11;

    private final Graph graph;
    private final GraphEditor editor;
    private final long opset;
    private final AffineReader parameters;
    private final Set<String> everyName;
    private final ValueBounds bounds;

    private final Map<String, CodeSource> sources = new HashMap<>();
    private final Map<Reading, String> converted = new HashMap<>();
    private final Map<Tensor, String> scalars = new HashMap<>();
    private final Set<Node> aliases = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<String> nameless = new HashSet<>();
    private final List<Node> emitted = new ArrayList<>();
    private final Set<Node> settled = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<String> expendable = new HashSet<>();
    private long saturations;
    private final List<String> codesAtInterface = new ArrayList<>();

    /** Codes seen through an affine map. */
    private record Reading(String codes, Affine affine) {}

    /**
     * @param opset version of the standard operators
     * @param outer constants of the graphs around this one
     * @param everyName the names of all values of the model; new ones are added
     */
    FloatRewriting(
            Graph graph,
            GraphEditor editor,
            long opset,
            Function<String, Optional<Tensor>> outer,
            Set<String> everyName) {
        this.graph = graph;
        this.editor = editor;
        this.opset = opset;
        this.parameters = new AffineReader(graph, outer);
        this.everyName = everyName;
        this.bounds = new ValueBounds(graph);
    }

    Graph graph() {
        return graph;
    }

    long opset() {
        return opset;
    }

    ValueBounds bounds() {
        return bounds;
    }

    Optional<CodeSource> source(String codes) {
        return Optional.ofNullable(sources.get(codes));
    }

    /** A constant of this graph or of those around it, also behind nodes that do nothing to it. */
    Optional<Tensor> constant(String value) {
        return parameters.constant(value);
    }

    /** The scale and zero point that a node names, for the whole tensor or along axis 0. */
    Affine affine(Node node, int scale, int zeroPoint) {
        return parameters.affine(node, scale, zeroPoint, 0, 0);
    }

    /** The scale and zero point that a node names, see {@link AffineReader#affine}. */
    Affine affine(Node node, int scale, int zeroPoint, int axis, int block) {
        graph.producer(node.input(scale))
                .filter(made -> made.is("Mul"))
                .ifPresent(this::expendable);
        return parameters.affine(node, scale, zeroPoint, axis, block);
    }

    /** The float value of codes that a node reads, all of one scale. */
    String read(Node node, int codes, int scale, int zeroPoint) {
        return read(node, codes, scale, zeroPoint, 0, 0);
    }

    /** The float value of codes that a node reads. */
    String read(Node node, int codes, int scale, int zeroPoint, int axis, int block) {
        String name = node.input(codes);
        return switch (sources.get(name)) {
            case CodeSource.Dynamic(String real, String itsScale, String itsZeroPoint) -> {
                if (!node.input(scale).equals(itsScale)
                        || !node.input(zeroPoint).equals(itsZeroPoint)) {
                    throw refusal(node, foreignParameters(name));
                }
                yield real;
            }
            case Static(String real, _, Affine written) -> {
                if (!affine(node, scale, zeroPoint, axis, block).equals(written)) {
                    throw refusal(node, foreignParameters(name));
                }
                yield real;
            }
            case null -> {
                Affine affine = affine(node, scale, zeroPoint, axis, block);
                Optional<Tensor> constant = uncast(name).flatMap(this::constant);
                yield constant.isPresent()
                        ? dequantized(node, name, constant.get(), affine)
                        : computed(node, name, affine);
            }
        };
    }

    private static String foreignParameters(String codes) {
        return "it reads the codes "
                + codes
                + " with another scale or zero point than they were"
                + " written with";
    }

    /** What a node delivers that only widens codes, as from int4 to int8. */
    Optional<String> uncast(String codes) {
        Optional<Node> cast = graph.producer(codes).filter(node -> node.is("Cast"));
        if (cast.isEmpty()) {
            return Optional.of(codes);
        }
        String inner = cast.get().input(0);
        boolean widens =
                constant(inner)
                        .filter(tensor -> tensor.type().bits() < Byte.SIZE)
                        .flatMap(tensor -> FloatConstants.format(tensor.type()))
                        .isPresent();
        if (!widens) {
            return Optional.empty();
        }
        expendable(cast.get());
        return Optional.of(inner);
    }

    private String dequantized(Node node, String codes, Tensor constant, Affine affine) {
        return converted.computeIfAbsent(
                new Reading(codes, affine),
                _ -> makeConstant(codes, floats(node, codes, constant, affine)));
    }

    /** The real numbers of constant codes that a node reads. */
    Tensor floats(Node node, String codes, Tensor constant, Affine affine) {
        Shape shape = constant.shape();
        if (!affine.fits(shape)) {
            throw refusal(node, affine.misfit(codes, shape));
        }
        if (constant.type() == DataType.INT32 && !(affine.granularity() instanceof PerBlock)) {
            return FloatConstants.dequantizeInts(
                    constant, affine, affine.isPerTensor() ? 0 : shape.normalize(affine.axis()));
        }
        IntegerFormat format =
                FloatConstants.format(constant.type())
                        .filter(affine::fits)
                        .orElseThrow(() ->
                                refusal(
                                        node,
                                        "its codes %s are %s, which Nibble cannot undo with these zero points"
                                                .formatted(codes, constant.type())));
        return FloatConstants.dequantize(constant, format, affine);
    }

    /** Codes from elsewhere, as from the caller, in plain arithmetic. */
    private String computed(Node node, String codes, Affine affine) {
        if (!affine.isPerTensor()) {
            throw refusal(
                    node,
                    "it reads codes "
                            + codes
                            + ", which the network is given or computes, with several scales");
        }
        if (graph.isInput(codes)) {
            codesAtInterface.add(codes);
        }
        String real = converted.get(new Reading(codes, affine));
        if (real == null) {
            real = nameless(codes + "_float");
            CodeArithmetic.decode(this, codes, affine, real);
            converted.put(new Reading(codes, affine), real);
        }
        return real;
    }

    /**
     * Makes a float value stand in for codes that a node would have written: within the range of
     * the codes, but not rounded.
     */
    void write(Node node, String codes, IntegerFormat format, Affine affine, String unbounded) {
        if (!affine.isPerTensor()) {
            throw refusal(node, "it writes codes with several scales");
        }
        String real = standIn(codes);
        if (!graph.consumers(codes).isEmpty()) {
            saturate(unbounded, real, format, affine);
            sources.put(codes, new Static(real, format, affine));
        }
        deliver(node, codes, graph.consumers(codes).isEmpty() ? unbounded : real, format, affine);
    }

    /** The name of the float value for codes: the same, if the graph does not deliver the codes. */
    String standIn(String codes) {
        if (graph.isOutput(codes)) {
            return nameless(codes + "_float");
        }
        editor.removeValue(codes);
        nameless.add(codes);
        return codes;
    }

    /** Takes note that a float value stands in for codes from now on. */
    void stands(String codes, CodeSource source) {
        sources.put(codes, source);
    }

    /** Computes the codes that the graph delivers from the float value, if it delivers them. */
    void deliver(Node node, String codes, String real, IntegerFormat format, Affine affine) {
        if (!graph.isOutput(codes)) {
            return;
        }
        if (opset < OPSET_OF_ROUND) {
            throw refusal(
                    node,
                    "the network delivers its codes %s, which takes opset %d to compute in float, and the model has %d; re-export it"
                            .formatted(codes, OPSET_OF_ROUND, opset));
        }
        codesAtInterface.add(codes);
        CodeArithmetic.encode(this, real, format, affine, codes);
    }

    private void saturate(String from, String to, IntegerFormat format, Affine affine) {
        double step = affine.scale();
        ValueBounds.Interval reach =
                new ValueBounds.Interval(
                        step * (format.min() - affine.zeroPoint()),
                        step * (format.max() - affine.zeroPoint()));
        ValueBounds.Interval given = bounds.of(from);
        // within one step there is nothing but rounding
        if (given.low() >= reach.low() - step && given.high() <= reach.high() + step) {
            alias(from, to);
            return;
        }
        saturations++;
        bounds.set(to, reach);
        emit(
                CodeArithmetic.clip(
                        this, from, (float) reach.low(), (float) reach.high(), affine.real(), to));
    }

    /** A value with no name of its own: the first value that is the same gives it its. */
    String nameless(String wanted) {
        String name = fresh(wanted);
        nameless.add(name);
        return name;
    }

    String fresh(String wanted) {
        String name = editor.fresh(wanted);
        while (!everyName.add(name)) {
            name = editor.fresh(wanted);
        }
        return name;
    }

    /** Adds a node to those that take the place of the one at hand. */
    void emit(Node node) {
        emitted.add(node);
        bounds.learn(node);
    }

    /** Lets a value have another name too; the names become one at the end. */
    void alias(String value, String other) {
        Node identity =
                Node.of(fresh(other + "_alias"), "Identity", List.of(value), List.of(other));
        aliases.add(identity);
        emit(identity);
    }

    /** A new constant, called after the first value that is the same. */
    String makeConstant(String like, Tensor tensor) {
        String name = nameless(like + "_float");
        editor.constant(name, tensor);
        return name;
    }

    /** Adds a constant of a given name. */
    void setConstant(String name, Tensor tensor) {
        editor.constant(name, tensor);
    }

    /** A constant of one number. */
    String scalar(float value, DataType type) {
        Tensor tensor = FloatConstants.as(Tensor.ofFloats(Shape.scalar(), value), type);
        return scalars.computeIfAbsent(
                tensor,
                made -> {
                    String name = fresh("number_" + value);
                    editor.constant(name, made);
                    return name;
                });
    }

    /** Forgets what is declared about a value that changes its type or vanishes. */
    void forget(String value) {
        editor.removeValue(value);
    }

    /** Takes a node away that is part of what another one was undone with. */
    void settle(Node node) {
        settled.add(node);
        editor.remove(node);
        node.outputs().forEach(editor::removeValue);
    }

    /** Lets a node go if nobody reads its results in the end. */
    void expendable(Node node) {
        expendable.addAll(node.outputs());
    }

    boolean isSettled(Node node) {
        return settled.contains(node);
    }

    /** Puts what was emitted since the last time in the place of a node. */
    void replace(Node node) {
        editor.replace(node, emitted.toArray(Node[]::new));
        emitted.clear();
    }

    /** Names that the graph around may give up for those of equal values. */
    Set<String> namelessValues() {
        return nameless;
    }

    /** Results of nodes that may go if nobody reads them. */
    Set<String> expendable() {
        return expendable;
    }

    Set<Node> aliases() {
        return aliases;
    }

    long saturations() {
        return saturations;
    }

    List<String> codesAtInterface() {
        return codesAtInterface;
    }

    static NibbleException refusal(Node node, String why) {
        return new NibbleException(
                "cannot dequantize node %s (%s): %s"
                        .formatted(
                                node.name().isEmpty()
                                        ? "that makes " + node.output(0)
                                        : node.name(),
                                node.operator(),
                                why));
    }
}
