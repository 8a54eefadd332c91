package dev.nibble.formats.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.calibrate.Calibrator;
import dev.nibble.calibrate.Calibrators;
import dev.nibble.error.NibbleException;
import dev.nibble.number.NumberFormats;
import dev.nibble.number.Range;
import dev.nibble.plan.LayerFormats;
import dev.nibble.plan.NamePattern;
import dev.nibble.plan.NodeScheme;
import dev.nibble.plan.RangeOverride;
import dev.nibble.plan.Recipe;
import dev.nibble.plan.Recipe.FloatActivations;
import dev.nibble.plan.Recipe.StaticActivations;
import dev.nibble.plan.Recipes;
import dev.nibble.plan.Weights;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class RecipeFileTest {
    @SuppressWarnings("unused")
    private static final List<Recipe> NAMED = Recipes.ALL;

    @TempDir private Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("mine.json"), text);
    }

    @Test
    void whatIsLeftOutIsAsInTheDefaultRecipe() throws IOException {
        Recipe recipe = RecipeFile.read(file("{}"));
        assertThat(recipe).isEqualTo(Recipes.INT8.named("mine"));
    }

    @Test
    void everyFieldIsRead() throws IOException {
        Recipe recipe =
                RecipeFile.read(
                        file(
                                """
                                {"name": "n", "weights": {"format": "int4", "granularity": 16},
                                 "activations": {"format": "uint4", "calibrator": "percentile:99.9"}, "correctBias": false,
                                 "edges": {"weights": {"format": "int16", "granularity": "tensor"}, "activations": "uint16"},
                                 "keepFloat": ["type:Gemm", "a*"], "ranges": [{"pattern": "x", "min": -1, "max": 2.5}],
                                 "schemes": [{"pattern": "c", "recipe": "a16w8"}, {"pattern": "d", "recipe": "float"},
                                             {"pattern": "e", "recipe": {"weights": {"granularity": "channel"}}}]}
                                """));
        Calibrator calibrator = Calibrators.named("percentile:99.9");
        assertThat(recipe)
                .isEqualTo(
                        new Recipe(
                                "n",
                                new LayerFormats(
                                        Weights.perBlock(NumberFormats.INT4, 16),
                                        new StaticActivations(NumberFormats.UINT4, calibrator)),
                                new LayerFormats(
                                        Weights.perTensor(NumberFormats.INT16),
                                        new StaticActivations(NumberFormats.UINT16, calibrator)),
                                false,
                                List.of(new NamePattern("type:Gemm"), new NamePattern("a*")),
                                List.of(
                                        new RangeOverride(
                                                new NamePattern("x"), new Range(-1, 2.5f))),
                                List.of(
                                        new NodeScheme(
                                                new NamePattern("c"),
                                                new NodeScheme.Like(Recipes.A16W8)),
                                        new NodeScheme(
                                                new NamePattern("d"), new NodeScheme.StayFloat()),
                                        new NodeScheme(
                                                new NamePattern("e"),
                                                new NodeScheme.Like(Recipes.INT8.named("e"))))));
    }

    @Test
    void fourBitsSpareTheEdgesUnlessToldOtherwise() throws IOException {
        Recipe spared = RecipeFile.read(file("{\"weights\": {\"format\": \"int4\"}}"));
        assertThat(spared.edges()).isEqualTo(Recipes.INT8.layers());
        Recipe alike =
                RecipeFile.read(file("{\"weights\": {\"format\": \"int4\"}, \"edges\": \"same\"}"));
        assertThat(alike.edges().weights().format()).isEqualTo(NumberFormats.INT4);
    }

    @Test
    void schemesOfEveryKindSurviveTheFile() {
        Recipe recipe =
                Recipes.W4A8.withSchemes(
                        List.of(
                                new NodeScheme(new NamePattern("a"), new NodeScheme.StayFloat()),
                                new NodeScheme(
                                        new NamePattern("b"),
                                        new NodeScheme.Like(Recipes.INT4_WEIGHTS)),
                                new NodeScheme(
                                        new NamePattern("c"),
                                        new NodeScheme.Like(
                                                Recipes.W4A4.withEdges(Recipes.W4A4.layers())))));
        Path file = folder.resolve("written.json");
        RecipeFile.write(recipe, file);
        assertThat(RecipeFile.read(file)).isEqualTo(recipe);
    }

    @Test
    void floatActivationsAreNotCorrected() throws IOException {
        Recipe recipe = RecipeFile.read(file("{\"activations\": \"float\"}"));
        assertThat(recipe.activations()).isEqualTo(new FloatActivations());
        assertThat(recipe.correctBias()).isFalse();
    }

    @Test
    void activationsMayBeQuantizedAtRunTime() throws IOException {
        Recipe recipe =
                RecipeFile.read(file("{\"name\": \"int8-dynamic\", \"activations\": \"dynamic\"}"));
        assertThat(recipe).isEqualTo(Recipes.INT8_DYNAMIC);
    }

    @ParameterizedTest
    @FieldSource("NAMED")
    void everyNamedRecipeSurvivesItsFile(Recipe recipe) {
        Recipe changed =
                recipe.keepingFloat(List.of(new NamePattern("a?")))
                        .withRanges(
                                List.of(new RangeOverride(new NamePattern("b"), new Range(0, 6))));
        Path file = folder.resolve("written.json");
        RecipeFile.write(changed, file);
        assertThat(RecipeFile.read(file)).isEqualTo(changed);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            textBlock =
                    """
                            {"weigths": {}}                        | there is no field "weigths"; allowed are name, weights,
                            {"weigths": {}}                        | did you mean "weights"?
                            {"weights": {"granularty": 32}}        | there is no field "weights.granularty"; allowed are format, granularity; did you mean "granularity"?
                            {"weights": {"granularity": "row"}}    | "weights.granularity": there is no granularity "row"; write "tensor", "channel" or the size of a block
                            {"weights": {"granularity": 0.5}}      | "weights.granularity" is 0.5; it has to be a whole number
                            {"weights": {"granularity": 1}}        | "weights.granularity": a block of weights holds at least 2, not 1
                            {"correctBias": "yes"}                 | "correctBias" is "yes"; it has to be true or false
                            {"edges": "float"}                     | "edges" is "float"; it has to be "same" or an object
                            {"edges": {"format": "int8"}}          | there is no field "edges.format"; allowed are weights, activations
                            {"edges": {"activations": "uint9"}}    | "edges.activations": there is no number format "uint9"
                            {"activations": "float", "edges": {"activations": "uint8"}} | "edges.activations" is uint8, but the recipe leaves activations float
                            {"activations": "dynamic", "edges": {"activations": "uint8"}} | "edges.activations" is uint8, but the recipe finds their ranges at run time
                            {"activations": "dynamic", "weights": {"granularity": 32}} | "activations": activations quantized at run time (dynamic) are multiplied by weights of at most 8 bits with a scale for each channel or tensor, not by int8
                            {"activations": "dynamic", "correctBias": true} | "correctBias" needs samples
                            {"schemes": [{"recipe": "int8"}]}      | the field "schemes[0].pattern" is missing
                            {"schemes": [{"pattern": "a"}]}        | the field "schemes[0].recipe" is missing
                            {"schemes": [{"pattern": "a", "recipe": "int9"}]} | "schemes[0].recipe": there is no recipe "int9"
                            {"schemes": [{"pattern": "a", "recipe": {"keepFloat": ["b"]}}]} | "schemes[0].recipe": recipe a names nodes itself
                            {"activations": "float", "schemes": [{"pattern": "a", "recipe": "w4a8"}]} | "schemes": scheme a=w4a8 measures ranges of activations, but recipe mine does not
                            {"weights": {"format": "int9"}}        | there is no number format "int9"
                            {"weights": 8}                         | "weights" is 8; it has to be an object in braces
                            {"activations": "none"}                | "activations" is "none"; it has to be "float", "dynamic" or an object
                            {"activations": {"calibrator": "max"}} | there is no calibrator "max"
                            {"activations": {"format": 8}}         | "activations.format" is 8; it has to be a text in quotes
                            {"activations": "float", "correctBias": true} | "correctBias" needs samples
                            {"keepFloat": "conv"}                  | "keepFloat" is "conv"; it has to be a list in brackets
                            {"keepFloat": [1]}                     | it has to be a list of texts in quotes
                            {"keepFloat": [" "]}                   | the pattern " " names nothing
                            {"ranges": [{"pattern": "x", "min": 0}]} | the field "ranges[0].max" is missing
                            {"ranges": [{"min": 0, "max": 1}]}     | the field "ranges[0].pattern" is missing
                            {"ranges": [{"pattern": "x", "min": 2, "max": 1}]} | "ranges[0].min" is 2.0 and so above "max", which is 1.0
                            {"ranges": [{"pattern": "x", "min": "0", "max": 1}]} | "ranges[0].min" is "0"; it has to be a number
                            {"ranges": [{"pattern": "x", "min": 0, "max": 1e99}]} | "ranges[0].max" is 1.0E99; it has to be a number of the size of a float
                    {"name": "a", "name": "b"}             | line 1, column 21 is not JSON: Duplicate
                            {"name": "a"                           | is not JSON: Unexpected end-of-input
                            {} {}                                  | is not JSON
                            []                                     | does not hold a JSON object
                    """)
    void whatRecipesDoNotKnowIsAnError(String text, String message) throws IOException {
        Path file = file(text);
        assertThatThrownBy(() -> RecipeFile.read(file))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining(message);
    }

    @Test
    void anErrorInAFieldNamesTheFile() throws IOException {
        Path file = file("{\"weights\": {\"format\": \"int9\"}}");
        assertThatThrownBy(() -> RecipeFile.read(file)).hasMessageStartingWith(file.toString());
    }

    @Test
    void bytesThatAreNoTextAreAnError() throws IOException {
        Path file = folder.resolve("latin.json");
        Files.write(file, "{\"name\": \"ä\"}".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> RecipeFile.read(file))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining("is not UTF-8 text");
    }

    @Test
    void aNameFindsTheNamedRecipe() {
        assertThat(RecipeFile.find("int8-weights")).isSameAs(Recipes.INT8_WEIGHTS);
    }

    @Test
    void aPathFindsTheFile() throws IOException {
        assertThat(RecipeFile.find(file("{}").toString()).name()).isEqualTo("mine");
    }

    @Test
    void anUnknownNameListsTheKnownAndTheClosest() {
        assertThatThrownBy(() -> RecipeFile.find("int88"))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining("there is no recipe \"int88\"")
                .hasMessageContaining("int8-per-tensor")
                .hasMessageContaining("did you mean \"int8\"?");
    }

    @ParameterizedTest
    @CsvSource({
        "w8a8, int8",
        "w8a8-per-tensor, int8-per-tensor",
        "w8, int8-weights",
        "w8a16, a16w8",
        "int4, w4a8"
    })
    void aNameFromElsewhereIsTranslated(String theirs, String ours) {
        assertThatThrownBy(() -> RecipeFile.find(theirs))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining("there is no recipe \"" + theirs + "\"")
                .hasMessageEndingWith("; \"" + ours + "\" is what you mean");
    }

    @ParameterizedTest
    @CsvSource({"no/such", "nosuch.json"})
    void whatLooksLikeAPathIsLookedForAsAFile(String path) {
        assertThatThrownBy(() -> RecipeFile.find(path))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining("cannot read")
                .hasMessageContaining("does not exist");
    }
}
