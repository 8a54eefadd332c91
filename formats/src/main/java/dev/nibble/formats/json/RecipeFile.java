package dev.nibble.formats.json;

import dev.nibble.error.NibbleException;
import dev.nibble.plan.Recipe;
import dev.nibble.plan.Recipes;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Recipes in JSON files, as {@code docs/recipes.md} describes them. A field that is left out is as
 * in {@link Recipes#INT8}.
 */
public final class RecipeFile {
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
        return RecipeReader.recipe(JsonFields.read(file), stem(file));
    }

    private static String stem(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
    }

    /** Writes or replaces a recipe file; {@link #read} gives the same recipe back. */
    public static void write(Recipe recipe, Path file) {
        JsonFile.write(data(recipe), file);
    }

    /** The recipe as plain data, with the names that the file has. */
    public static Map<String, Object> data(Recipe recipe) {
        return RecipeData.of(recipe);
    }
}
