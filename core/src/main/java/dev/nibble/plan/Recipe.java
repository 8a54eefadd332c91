package dev.nibble.plan;

import dev.nibble.calibrate.Calibrator;
import dev.nibble.number.IntegerFormat;

import java.util.ArrayList;
import java.util.List;

/**
 * What the user asks for.
 *
 * @param name how reports call it
 * @param layers formats of the layers
 * @param edges formats of the first and the last layer, see {@link EdgeLayers}; those of {@code
 *     layers} if they are nothing special
 * @param correctBias whether the shift that rounded weights bring to each channel's mean is taken
 *     back out of the bias
 * @param keepFloat nodes to leave alone
 * @param ranges ranges given in advance
 * @param schemes nodes with formats of their own; of several that match a node the last one counts
 */
public record Recipe(
        String name,
        LayerFormats layers,
        LayerFormats edges,
        boolean correctBias,
        List<NamePattern> keepFloat,
        List<RangeOverride> ranges,
        List<NodeScheme> schemes) {
    public Recipe {
        edges = edges.calibratedLike(layers.activations());
        keepFloat = List.copyOf(keepFloat);
        ranges = List.copyOf(ranges);
        schemes = List.copyOf(schemes);
        schemes.forEach(scheme -> scheme.requireFits(name, layers));
    }

    /** What becomes of the values between the nodes. */
    public sealed interface Activations {}

    /** They stay float: only weights become smaller. */
    public record FloatActivations() implements Activations {}

    /**
     * What products read is quantized while the network runs, to uint8 with the range that it has
     * just then; everything else stays float.
     */
    public record DynamicActivations() implements Activations {}

    /** They are quantized with ranges measured in advance; this needs samples. */
    public record StaticActivations(IntegerFormat format, Calibrator calibrator)
            implements Activations {}

    /**
     * A recipe that says nothing special of any node but the first and the last, which have at
     * least 8 bits; biases are corrected where activations are measured.
     */
    public static Recipe of(String name, Weights weights, Activations activations) {
        LayerFormats layers = new LayerFormats(weights, activations);
        return new Recipe(
                name,
                layers,
                layers.atLeast8Bits(),
                activations instanceof StaticActivations,
                List.of(),
                List.of(),
                List.of());
    }

    /** How the weights of most layers are stored. */
    public Weights weights() {
        return layers.weights();
    }

    /** What becomes of the values that most layers read. */
    public Activations activations() {
        return layers.activations();
    }

    public boolean needsSamples() {
        return layers.measuresRanges();
    }

    /** The same under another name. */
    public Recipe named(String other) {
        return new Recipe(other, layers, edges, correctBias, keepFloat, ranges, schemes);
    }

    /** Stores the first and the last layer otherwise. */
    public Recipe withEdges(LayerFormats other) {
        return new Recipe(name, layers, other, correctBias, keepFloat, ranges, schemes);
    }

    /** Corrects biases or leaves them as they are. */
    public Recipe correctingBias(boolean correct) {
        return new Recipe(name, layers, edges, correct, keepFloat, ranges, schemes);
    }

    /** Leaves more nodes alone. */
    public Recipe keepingFloat(List<NamePattern> patterns) {
        return new Recipe(
                name, layers, edges, correctBias, joined(keepFloat, patterns), ranges, schemes);
    }

    /** Gives more ranges in advance. */
    public Recipe withRanges(List<RangeOverride> overrides) {
        return new Recipe(
                name, layers, edges, correctBias, keepFloat, joined(ranges, overrides), schemes);
    }

    /** Gives more nodes formats of their own. */
    public Recipe withSchemes(List<NodeScheme> more) {
        return new Recipe(
                name, layers, edges, correctBias, keepFloat, ranges, joined(schemes, more));
    }

    /** Chooses activation ranges another way; recipes that measure none stay as they are. */
    public Recipe calibratedBy(Calibrator calibrator) {
        return switch (activations()) {
            case FloatActivations _, DynamicActivations _ -> this;
            case StaticActivations(IntegerFormat format, _) ->
                    new Recipe(
                            name,
                            new LayerFormats(weights(), new StaticActivations(format, calibrator)),
                            edges,
                            correctBias,
                            keepFloat,
                            ranges,
                            schemes);
        };
    }

    private static <T> List<T> joined(List<T> first, List<T> second) {
        List<T> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }
}
