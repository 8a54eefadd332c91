package dev.nibble.formats.json;

import dev.nibble.calibrate.Calibrator;
import dev.nibble.number.IntegerFormat;
import dev.nibble.plan.Grouping;
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

import java.util.LinkedHashMap;
import java.util.Map;

/** Recipes as plain data, with the names that {@link RecipeReader} reads. */
final class RecipeData {
    private RecipeData() {}

    static Map<String, Object> of(Recipe recipe) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("name", recipe.name());
        data.put("weights", weights(recipe.weights()));
        data.put("activations", activations(recipe.activations()));
        data.put("edges", edges(recipe));
        data.put("correctBias", recipe.correctBias());
        data.put("keepFloat", recipe.keepFloat().stream().map(NamePattern::text).toList());
        data.put("ranges", recipe.ranges().stream().map(RecipeData::range).toList());
        data.put("schemes", recipe.schemes().stream().map(RecipeData::scheme).toList());
        return data;
    }

    static Map<String, Object> weights(Weights weights) {
        Object granularity =
                switch (weights.grouping()) {
                    case Grouping.PerTensor() -> RecipeReader.TENSOR;
                    case Grouping.PerChannel() -> RecipeReader.CHANNEL;
                    case Grouping.PerBlock(int size) -> size;
                };
        return ordered("format", weights.format().toString(), "granularity", granularity);
    }

    private static Object activations(Activations activations) {
        return switch (activations) {
            case FloatActivations _ -> RecipeReader.FLOAT;
            case DynamicActivations _ -> RecipeReader.DYNAMIC;
            case StaticActivations(IntegerFormat format, Calibrator calibrator) ->
                    ordered("format", format.toString(), "calibrator", calibrator.name());
        };
    }

    private static Object edges(Recipe recipe) {
        if (recipe.edges().equals(recipe.layers())) {
            return RecipeReader.SAME;
        }
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("weights", weights(recipe.edges().weights()));
        if (recipe.edges().activations() instanceof StaticActivations statics) {
            data.put("activations", statics.format().toString());
        }
        return data;
    }

    private static Map<String, Object> range(RangeOverride override) {
        Map<String, Object> data =
                ordered("pattern", override.pattern().text(), "min", override.range().min());
        data.put("max", override.range().max());
        return data;
    }

    private static Map<String, Object> scheme(NodeScheme scheme) {
        return ordered(
                "pattern",
                scheme.pattern().text(),
                "recipe",
                switch (scheme.choice()) {
                    case NodeScheme.StayFloat() -> RecipeReader.FLOAT;
                    case NodeScheme.Like(Recipe like) ->
                            Recipes.ALL.contains(like) ? like.name() : of(like);
                });
    }

    private static Map<String, Object> ordered(
            String first, Object one, String second, Object two) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put(first, one);
        map.put(second, two);
        return map;
    }
}
