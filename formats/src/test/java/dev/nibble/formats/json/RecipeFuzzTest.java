package dev.nibble.formats.json;

import com.code_intelligence.jazzer.junit.FuzzTest;

import dev.nibble.formats.fuzz.Expect;
import dev.nibble.plan.Recipe;

import org.assertj.core.api.Assertions;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Recipes of any text; what was read is the same after writing. */
class RecipeFuzzTest {
    private static final Path FILE = Path.of("recipe.json");

    @FuzzTest(maxDuration = "2h", maxExecutions = 2_000_000)
    void readsOrRefuses(byte[] content) {
        String text = new String(content, StandardCharsets.UTF_8);
        Expect.resultOrMessage(() -> read(text))
                .ifPresent(recipe ->
                        Assertions.assertThat(read(JsonText.of(RecipeData.of(recipe))))
                                .isEqualTo(recipe));
    }

    private static Recipe read(String text) {
        return RecipeReader.recipe(JsonFields.of(FILE, text), "recipe");
    }
}
