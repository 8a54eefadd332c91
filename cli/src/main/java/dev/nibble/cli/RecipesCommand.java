package dev.nibble.cli;

import dev.nibble.cli.Table.Cell;
import dev.nibble.cli.Table.Column;
import dev.nibble.formats.json.RecipeFile;
import dev.nibble.plan.AutoRecipe;
import dev.nibble.plan.Recipes;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code nibble recipes}: what the option {@code --recipe} of other commands knows by name. */
@Command(
        name = "recipes",
        header = "List the recipes.",
        customSynopsis = "nibble recipes [OPTION]...",
        description =
                "%nLists the recipes that quantize and inspect know by name. With --json each is"
                        + " written out as a recipe file has it, to copy and change.%n",
        footer = {"", "Examples:", "  nibble recipes", "  nibble recipes --json recipes.json"})
final class RecipesCommand implements Callable<Integer> {
    @Mixin private OutputOptions options;

    @Override
    public Integer call() {
        options.check();
        Table table = Table.of(Column.left("recipe"), Column.elastic("what it makes"));
        table.row(
                List.of(
                        new Cell(AutoRecipe.NAME, Ink.GREEN),
                        new Cell(
                                "the default: int8 with samples, or else what suits the network",
                                Ink.PLAIN)));
        for (Recipes.Entry entry : Recipes.CATALOGUE) {
            table.row(
                    List.of(
                            new Cell(entry.recipe().name(), Ink.GREEN),
                            new Cell(entry.summary(), Ink.PLAIN)));
        }
        options.console().result(table);
        options.writeJson(Map.of("recipes", Recipes.CATALOGUE.stream().map(this::data).toList()));
        return ExitCodes.DONE;
    }

    private Map<String, Object> data(Recipes.Entry entry) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("name", entry.recipe().name());
        data.put("summary", entry.summary());
        data.put("recipe", RecipeFile.data(entry.recipe()));
        return data;
    }
}
