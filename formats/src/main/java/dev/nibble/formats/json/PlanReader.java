package dev.nibble.formats.json;

import dev.nibble.ladder.Passes;
import dev.nibble.number.IntegerFormat;
import dev.nibble.number.NumberFormats;
import dev.nibble.plan.Recipe;
import dev.nibble.plan.SavedActivation;
import dev.nibble.plan.SavedActivation.Affine;
import dev.nibble.plan.SavedNode;
import dev.nibble.plan.SavedPlan;
import dev.nibble.plan.SavedPlan.Split;
import dev.nibble.plan.Weights;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads the fields of a saved plan. */
final class PlanReader {
    static final String NETWORK = "network";
    static final String SAMPLES = "samples";
    static final String RECIPE = "recipe";
    static final String PASSES = "passes";
    static final String NODES = "nodes";
    static final String ACTIVATIONS = "activations";

    static final String NODE = "node";
    static final String OPERATOR = "operator";
    static final String DECISION = "decision";
    static final String WEIGHTS = "weights";
    static final String REASON = "reason";

    static final String VALUE = "value";
    static final String SHARED_WITH = "sharedWith";
    static final String FORMAT = "format";
    static final String SCALE = "scale";
    static final String ZERO_POINT = "zeroPoint";
    static final String CALIBRATED = "calibrated";

    private PlanReader() {}

    static SavedPlan plan(JsonFields fields) {
        fields.allow(List.of(NETWORK, SAMPLES, RECIPE, PASSES, NODES, ACTIVATIONS));
        Recipe recipe =
                RecipeReader.recipe(
                        fields.object(RECIPE).orElseThrow(() -> fields.missing(RECIPE)), "plan");
        List<SavedNode> nodes =
                fields.objects(NODES).stream().map(node -> node(node, recipe)).toList();
        List<SavedActivation> activations =
                fields.objects(ACTIVATIONS).stream().map(PlanReader::activation).toList();
        List<String> passes = fields.parsedList(PASSES, name -> Passes.named(name).name());
        String network = fields.required(NETWORK, Function.identity());
        Split split = split(fields.object(SAMPLES).orElseThrow(() -> fields.missing(SAMPLES)));
        return fields.naming(
                NODES, () -> new SavedPlan(network, split, recipe, passes, nodes, activations));
    }

    private static Split split(JsonFields fields) {
        fields.allow(List.of("given", "heldOut", "fitted"));
        int given = whole(fields, "given");
        int heldOut = whole(fields, "heldOut");
        int fitted = whole(fields, "fitted");
        return fields.naming("heldOut", () -> new Split(given, heldOut, fitted));
    }

    private static int whole(JsonFields fields, String field) {
        return fields.wholeNumber(field).orElseThrow(() -> fields.missing(field));
    }

    private static SavedNode node(JsonFields fields, Recipe recipe) {
        fields.allow(List.of(NODE, OPERATOR, DECISION, WEIGHTS, REASON));
        Optional<Weights> weights =
                fields.object(WEIGHTS).map(_ -> RecipeReader.weights(fields, recipe.weights()));
        return new SavedNode(
                fields.required(NODE, Function.identity()),
                fields.required(OPERATOR, Function.identity()),
                fields.required(DECISION, SavedNode.Choice::named),
                weights,
                fields.text(REASON).orElse(""));
    }

    private static SavedActivation activation(JsonFields fields) {
        fields.allow(List.of(VALUE, SHARED_WITH, FORMAT, SCALE, ZERO_POINT, CALIBRATED));
        String value = fields.required(VALUE, Function.identity());
        List<String> others = fields.parsedList(SHARED_WITH, Function.identity());
        IntegerFormat format = fields.required(FORMAT, NumberFormats::named);
        boolean encoded = fields.has(SCALE) || fields.has(ZERO_POINT);
        Optional<Affine> affine = encoded ? Optional.of(affine(fields)) : Optional.empty();
        Optional<Affine> calibrated =
                fields.object(CALIBRATED)
                        .map(numbers -> {
                            numbers.allow(List.of(SCALE, ZERO_POINT));
                            return affine(numbers);
                        });
        return fields.naming(
                VALUE, () -> new SavedActivation(value, others, format, affine, calibrated));
    }

    private static Affine affine(JsonFields fields) {
        return new Affine(fields.number(SCALE), whole(fields, ZERO_POINT));
    }
}
