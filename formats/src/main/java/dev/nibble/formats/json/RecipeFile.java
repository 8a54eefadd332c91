package dev.nibble.formats.json;

import dev.nibble.calibrate.Calibrator;
import dev.nibble.calibrate.Calibrators;
import dev.nibble.error.NibbleException;
import dev.nibble.number.IntegerFormat;
import dev.nibble.number.NumberFormats;
import dev.nibble.number.Range;
import dev.nibble.plan.NamePattern;
import dev.nibble.plan.RangeOverride;
import dev.nibble.plan.Recipe;
import dev.nibble.plan.Recipe.Activations;
import dev.nibble.plan.Recipe.FloatActivations;
import dev.nibble.plan.Recipe.StaticActivations;
import dev.nibble.plan.Recipes;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Recipes in JSON files, as {@code docs/recipes.md} describes them. A field that is left out is as
 * in {@link Recipes#W8A8}.
 */
public final class RecipeFile {
    private static final String FLOAT = "float";
    private static final String SUFFIX = ".json";

    private RecipeFile() {}

    /**
     * The recipe that a user names: one of {@link Recipes#ALL}, or the path of a recipe file.
     *
     * @throws NibbleException if there is neither; the message lists what there is
     */
    public static Recipe find(String nameOrFile) {
        boolean known = Recipes.ALL.stream().anyMatch(recipe -> recipe.name().equals(nameOrFile));
        Path file = Path.of(nameOrFile);
        boolean looksLikeFile = nameOrFile.endsWith(SUFFIX) || file.getNameCount() > 1;
        return !known && (looksLikeFile || Files.exists(file))
                ? read(file)
                : Recipes.named(nameOrFile);
    }

    /**
     * Reads a recipe file.
     *
     * @throws NibbleException if it cannot be read or says something that recipes do not know; the
     *     message names file and field
     */
    public static Recipe read(Path file) {
        JsonFields fields = JsonFields.read(file);
        fields.allow(
                List.of("name", "weights", "activations", "correctBias", "keepFloat", "ranges"));
        Activations activations = activations(fields);
        Optional<JsonFields> weights = fields.object("weights");
        weights.ifPresent(given -> given.allow(List.of("format", "perChannel")));
        boolean correctable = activations instanceof StaticActivations;
        boolean correctBias = fields.flag("correctBias").orElse(correctable);
        if (correctBias && !correctable) {
            throw new NibbleException(
                    "%s: \"correctBias\" needs samples and so quantized activations; leave it out or make it false"
                            .formatted(file));
        }
        return new Recipe(
                fields.text("name").orElse(stem(file)),
                weights.map(given -> format(given, Recipes.W8A8.weightFormat()))
                        .orElse(Recipes.W8A8.weightFormat()),
                weights.flatMap(given -> given.flag("perChannel"))
                        .orElse(Recipes.W8A8.perChannel()),
                activations,
                correctBias,
                fields.parsedList("keepFloat", NamePattern::new),
                fields.objects("ranges").stream().map(RecipeFile::range).toList());
    }

    private static String stem(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
    }

    private static Activations activations(JsonFields fields) {
        if (fields.isText("activations")) {
            if (!fields.text("activations").equals(Optional.of(FLOAT))) {
                throw new NibbleException(
                        "%s: \"activations\" is \"%s\"; it has to be \"float\" or an object with format and calibrator"
                                .formatted(
                                        fields.file(), fields.text("activations").orElseThrow()));
            }
            return new FloatActivations();
        }
        StaticActivations usual = (StaticActivations) Recipes.W8A8.activations();
        return fields.object("activations")
                .map(given -> {
                    given.allow(List.of("format", "calibrator"));
                    IntegerFormat format = format(given, usual.format());
                    Calibrator calibrator = calibrator(given, usual);
                    return given.naming("format", () -> new StaticActivations(format, calibrator));
                })
                .orElse(usual);
    }

    private static Calibrator calibrator(JsonFields given, StaticActivations usual) {
        return given.parsed("calibrator", Calibrators::named).orElse(usual.calibrator());
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

    /** Writes or replaces a recipe file; {@link #read} gives the same recipe back. */
    public static void write(Recipe recipe, Path file) {
        JsonFile.write(data(recipe), file);
    }

    /** The recipe as plain data, with the names that the file has. */
    public static Map<String, Object> data(Recipe recipe) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("name", recipe.name());
        data.put(
                "weights",
                ordered(
                        "format",
                        recipe.weightFormat().toString(),
                        "perChannel",
                        recipe.perChannel()));
        data.put(
                "activations",
                switch (recipe.activations()) {
                    case FloatActivations _ -> FLOAT;
                    case StaticActivations(IntegerFormat format, Calibrator calibrator) ->
                            ordered("format", format.toString(), "calibrator", calibrator.name());
                });
        data.put("correctBias", recipe.correctBias());
        data.put("keepFloat", recipe.keepFloat().stream().map(NamePattern::text).toList());
        data.put("ranges", recipe.ranges().stream().map(RecipeFile::data).toList());
        return data;
    }

    private static Map<String, Object> data(RangeOverride override) {
        Map<String, Object> data =
                ordered("pattern", override.pattern().text(), "min", override.range().min());
        data.put("max", override.range().max());
        return data;
    }

    private static Map<String, Object> ordered(
            String first, Object one, String second, Object two) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put(first, one);
        map.put(second, two);
        return map;
    }
}
