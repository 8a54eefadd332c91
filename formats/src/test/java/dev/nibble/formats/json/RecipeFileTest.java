package dev.nibble.formats.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.calibrate.Calibrators;
import dev.nibble.error.NibbleException;
import dev.nibble.number.NumberFormats;
import dev.nibble.number.Range;
import dev.nibble.plan.NamePattern;
import dev.nibble.plan.RangeOverride;
import dev.nibble.plan.Recipe;
import dev.nibble.plan.Recipe.FloatActivations;
import dev.nibble.plan.Recipe.StaticActivations;
import dev.nibble.plan.Recipes;

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
        assertThat(recipe)
                .isEqualTo(
                        new Recipe(
                                "mine",
                                Recipes.W8A8.weightFormat(),
                                Recipes.W8A8.perChannel(),
                                Recipes.W8A8.activations(),
                                Recipes.W8A8.correctBias(),
                                List.of(),
                                List.of()));
    }

    @Test
    void everyFieldIsRead() throws IOException {
        Recipe recipe =
                RecipeFile.read(
                        file(
                                """
                                {"name": "n", "weights": {"format": "int4", "perChannel": false},
                                 "activations": {"format": "uint16", "calibrator": "percentile:99.9"}, "correctBias": false,
                                 "keepFloat": ["type:Gemm", "a*"], "ranges": [{"pattern": "x", "min": -1, "max": 2.5}]}
                                """));
        assertThat(recipe)
                .isEqualTo(
                        new Recipe(
                                "n",
                                NumberFormats.INT4,
                                false,
                                new StaticActivations(
                                        NumberFormats.UINT16, Calibrators.named("percentile:99.9")),
                                false,
                                List.of(new NamePattern("type:Gemm"), new NamePattern("a*")),
                                List.of(
                                        new RangeOverride(
                                                new NamePattern("x"), new Range(-1, 2.5f)))));
    }

    @Test
    void floatActivationsAreNotCorrected() throws IOException {
        Recipe recipe = RecipeFile.read(file("{\"activations\": \"float\"}"));
        assertThat(recipe.activations()).isEqualTo(new FloatActivations());
        assertThat(recipe.correctBias()).isFalse();
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
                            {"weights": {"perchannel": true}}      | there is no field "weights.perchannel"; allowed are format, perChannel; did you mean "perChannel"?
                            {"weights": {"perChannel": "yes"}}     | "weights.perChannel" is "yes"; it has to be true or false
                            {"weights": {"format": "int7"}}        | there is no number format "int7"
                            {"weights": 8}                         | "weights" is 8; it has to be an object in braces
                            {"activations": "none"}                | "activations" is "none"; it has to be "float" or an object
                            {"activations": {"calibrator": "max"}} | there is no calibrator "max"
                            {"activations": {"format": "uint4"}}    | "activations.format": no runtime computes on activations of 4 bits (uint4); use 8
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
        Path file = file("{\"weights\": {\"format\": \"int7\"}}");
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
        assertThat(RecipeFile.find("w8")).isSameAs(Recipes.W8);
    }

    @Test
    void aPathFindsTheFile() throws IOException {
        assertThat(RecipeFile.find(file("{}").toString()).name()).isEqualTo("mine");
    }

    @Test
    void anUnknownNameListsTheKnownAndTheClosest() {
        assertThatThrownBy(() -> RecipeFile.find("w8a88"))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining("there is no recipe \"w8a88\"")
                .hasMessageContaining("w8a8-per-tensor")
                .hasMessageContaining("did you mean \"w8a8\"?");
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
