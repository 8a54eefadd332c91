package dev.nibble.formats.json;

import dev.nibble.calibrate.Calibrator;
import dev.nibble.calibrate.Calibrators;
import dev.nibble.error.NibbleException;
import dev.nibble.number.IntegerFormat;
import dev.nibble.number.NumberFormats;
import dev.nibble.number.Range;
import dev.nibble.plan.Grouping;
import dev.nibble.plan.LayerFormats;
import dev.nibble.plan.NamePattern;
import dev.nibble.plan.NodeScheme;
import dev.nibble.plan.RangeOverride;
import dev.nibble.plan.Recipe;
import dev.nibble.plan.Recipe.Activations;
import dev.nibble.plan.Recipe.DynamicActivations;
import dev.nibble.plan.Recipe.FloatActivations;
import dev.nibble.plan.Recipe.StaticActivations;
import dev.nibble.plan.Recipes;
import dev.nibble.plan.Weights;

import java.util.List;
import java.util.Optional;

/** Reads the fields of a recipe. */
final class RecipeReader {
    static final String FLOAT = NodeScheme.FLOAT;
    static final String DYNAMIC = "dynamic";
    static final String SAME = "same";
    static final String TENSOR = "tensor";
    static final String CHANNEL = "channel";

    private static final String GRANULARITY = "granularity";
    private static final String ACTIVATIONS = "activations";

    private RecipeReader() {}

    /**
     * The recipe of an object.
     *
     * @param name what it is called if it does not say so itself
     */
    static Recipe recipe(JsonFields fields, String name) {
        fields.allow(
                List.of(
                        "name",
                        "weights",
                        ACTIVATIONS,
                        "edges",
                        "correctBias",
                        "keepFloat",
                        "ranges",
                        "schemes"));
        Weights weights = weights(fields, Recipes.INT8.weights());
        Activations activations = activations(fields);
        LayerFormats layers =
                fields.naming(ACTIVATIONS, () -> new LayerFormats(weights, activations));
        Recipe plain =
                new Recipe(
                        fields.text("name").orElse(name),
                        layers,
                        edges(fields, layers),
                        correctBias(fields, layers),
                        fields.parsedList("keepFloat", NamePattern::new),
                        fields.objects("ranges").stream().map(RecipeReader::range).toList(),
                        List.of());
        List<NodeScheme> schemes =
                fields.objects("schemes").stream().map(RecipeReader::scheme).toList();
        return fields.naming("schemes", () -> plain.withSchemes(schemes));
    }

    private static boolean correctBias(JsonFields fields, LayerFormats layers) {
        boolean correctable = layers.measuresRanges();
        boolean correct = fields.flag("correctBias").orElse(correctable);
        if (correct && !correctable) {
            throw new NibbleException(
                    "%s: \"%scorrectBias\" needs samples and so activations with measured ranges; leave it out or make it false"
                            .formatted(fields.file(), fields.place()));
        }
        return correct;
    }

    /** The weights of a recipe or a node; what is left out is as usual. */
    static Weights weights(JsonFields fields, Weights usual) {
        return fields.object("weights")
                .map(given -> {
                    given.allow(List.of("format", GRANULARITY));
                    return new Weights(format(given, usual.format()), grouping(given, usual));
                })
                .orElse(usual);
    }

    private static Grouping grouping(JsonFields given, Weights usual) {
        if (given.isNumber(GRANULARITY)) {
            int size = given.wholeNumber(GRANULARITY).orElseThrow();
            return given.naming(GRANULARITY, () -> new Grouping.PerBlock(size));
        }
        return given.parsed(GRANULARITY, RecipeReader::grouping).orElse(usual.grouping());
    }

    private static Grouping grouping(String text) {
        return switch (text) {
            case TENSOR -> new Grouping.PerTensor();
            case CHANNEL -> new Grouping.PerChannel();
            default ->
                    throw new NibbleException(
                            "there is no granularity \""
                                    + text
                                    + "\"; write \"tensor\", \"channel\" or the size of a block, as"
                                    + " in 32");
        };
    }

    private static Activations activations(JsonFields fields) {
        if (fields.isText(ACTIVATIONS)) {
            String text = fields.text(ACTIVATIONS).orElseThrow();
            return switch (text) {
                case FLOAT -> new FloatActivations();
                case DYNAMIC -> new DynamicActivations();
                default ->
                        throw new NibbleException(
                                "%s: \"%sactivations\" is \"%s\"; it has to be \"float\", \"dynamic\" or an object with format and calibrator"
                                        .formatted(fields.file(), fields.place(), text));
            };
        }
        StaticActivations usual = (StaticActivations) Recipes.INT8.activations();
        return fields.object(ACTIVATIONS)
                .map(given -> {
                    given.allow(List.of("format", "calibrator"));
                    Calibrator calibrator =
                            given.parsed("calibrator", Calibrators::named)
                                    .orElse(usual.calibrator());
                    return new StaticActivations(format(given, usual.format()), calibrator);
                })
                .orElse(usual);
    }

    private static LayerFormats edges(JsonFields fields, LayerFormats layers) {
        if (fields.isText("edges") && fields.text("edges").equals(Optional.of(SAME))) {
            return layers;
        }
        if (fields.isText("edges")) {
            throw new NibbleException(
                    "%s: \"%sedges\" is \"%s\"; it has to be \"same\" or an object with weights and activations"
                            .formatted(
                                    fields.file(),
                                    fields.place(),
                                    fields.text("edges").orElseThrow()));
        }
        LayerFormats usual = layers.atLeast8Bits();
        return fields.object("edges").map(given -> edgeFormats(given, usual)).orElse(usual);
    }

    private static LayerFormats edgeFormats(JsonFields given, LayerFormats usual) {
        given.allow(List.of("weights", ACTIVATIONS));
        Optional<IntegerFormat> format = given.parsed(ACTIVATIONS, NumberFormats::named);
        Activations activations =
                switch (usual.activations()) {
                    case FloatActivations none -> {
                        refuse(given, format, "leaves activations float");
                        yield none;
                    }
                    case DynamicActivations dynamic -> {
                        refuse(given, format, "finds their ranges at run time, for uint8");
                        yield dynamic;
                    }
                    case StaticActivations statics ->
                            new StaticActivations(
                                    format.orElse(statics.format()), statics.calibrator());
                };
        Weights weights = weights(given, usual.weights());
        return given.naming("weights", () -> new LayerFormats(weights, activations));
    }

    private static void refuse(JsonFields given, Optional<IntegerFormat> format, String why) {
        if (format.isPresent()) {
            throw new NibbleException(
                    "%s: \"%sactivations\" is %s, but the recipe %s; leave it out"
                            .formatted(given.file(), given.place(), format.get(), why));
        }
    }

    private static IntegerFormat format(JsonFields given, IntegerFormat usual) {
        return given.parsed("format", NumberFormats::named).orElse(usual);
    }

    private static RangeOverride range(JsonFields given) {
        given.allow(List.of("pattern", "min", "max"));
        NamePattern pattern = given.required("pattern", NamePattern::new);
        float min = given.number("min");
        float max = given.number("max");
        if (!(min <= max)) {
            throw new NibbleException(
                    "%s: \"%smin\" is %s and so above \"max\", which is %s"
                            .formatted(given.file(), given.place(), min, max));
        }
        return new RangeOverride(pattern, new Range(min, max));
    }

    private static NodeScheme scheme(JsonFields given) {
        given.allow(List.of("pattern", "recipe"));
        NamePattern pattern = given.required("pattern", NamePattern::new);
        if (given.isText("recipe")) {
            return new NodeScheme(
                    pattern,
                    given.required("recipe", name -> NodeScheme.choice(name, Recipes::named)));
        }
        return given.object("recipe")
                .map(fields -> recipe(fields, pattern.text()))
                .map(like ->
                        new NodeScheme(
                                pattern, given.naming("recipe", () -> new NodeScheme.Like(like))))
                .orElseThrow(() -> given.missing("recipe"));
    }
}
