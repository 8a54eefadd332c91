package dev.nibble.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.nibble.formats.json.RecipeFile;
import dev.nibble.plan.Recipe;
import dev.nibble.plan.Recipes;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What {@code nibble recipes} lists. */
class RecipesCommandTest {
    @TempDir private Path folder;

    @Test
    void itHasALineForEveryRecipeThatFitsATerminal() {
        Run run = Run.of("recipes");
        assertThat(run.exitCode()).isEqualTo(ExitCodes.DONE);
        assertThat(run.outLines()).hasSize(2 + Recipes.ALL.size());
        assertThat(run.outLines()).allMatch(line -> line.length() <= 100 && !line.contains("…"));
        for (Recipe recipe : Recipes.ALL) {
            assertThat(run.outLines()).anyMatch(line -> line.startsWith(recipe.name() + " "));
        }
    }

    @Test
    void theJsonHasRecipesThatCanBeUsedAsFiles() throws IOException {
        JsonNode json = new ObjectMapper().readTree(Run.of("recipes", "--json", "-").out());
        assertThat(json.get("recipes")).hasSize(Recipes.ALL.size());
        for (JsonNode entry : json.get("recipes")) {
            Path file = folder.resolve(entry.get("name").textValue() + ".json");
            Files.writeString(file, entry.get("recipe").toString());
            assertThat(RecipeFile.read(file))
                    .isEqualTo(Recipes.named(entry.get("name").textValue()));
            assertThat(entry.get("summary").textValue()).isNotBlank();
        }
    }
}
