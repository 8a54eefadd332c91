package dev.nibble.cli;

import dev.nibble.Nibble;
import dev.nibble.formats.json.FileSizes;
import dev.nibble.formats.json.InspectionJson;
import dev.nibble.formats.json.RecipeFile;
import dev.nibble.plan.AutoRecipe;
import dev.nibble.plan.Recipe;
import dev.nibble.report.Inspection;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.concurrent.Callable;

/** {@code nibble inspect}: a network in, what it is and what Nibble would make of it out. */
@Command(
        name = "inspect",
        header = "Show what a network is and what Nibble would make of it.",
        customSynopsis = "nibble inspect MODEL [--recipe NAME|FILE] [OPTION]...",
        description = {
            "%nShows inputs, outputs, operators, parameters and work of an ONNX file, what is"
                    + " quantized in it already, what a recipe would do to every node, and what is"
                    + " suspicious in its weights. Runs nothing and writes nothing.%n"
        },
        footer = {
            "",
            "Examples:",
            "  nibble inspect model.onnx",
            "  nibble inspect model.onnx --recipe int8-weights --json -"
        })
final class InspectCommand implements Callable<Integer> {
    @Parameters(paramLabel = "MODEL", description = "The network, an ONNX file.")
    private Path model;

    @Option(
            names = "--recipe",
            paramLabel = "NAME|FILE",
            defaultValue = "int8",
            description =
                    "The recipe to try: a name that quantize knows, auto for what it takes with"
                            + " samples, or a JSON file. Default: ${DEFAULT-VALUE}.")
    private String recipe;

    @Mixin private OutputOptions options;

    @Override
    public Integer call() {
        options.check(model);
        Nibble network = Nibble.read(model);
        Inspection inspection = network.inspect(recipe(network));
        long sizeBytes = FileSizes.bytes(network.format(), model);
        new InspectionText(options.console()).print(inspection, model, sizeBytes);
        options.writeJson(InspectionJson.data(inspection, model, sizeBytes));
        return ExitCodes.DONE;
    }

    private Recipe recipe(Nibble network) {
        return recipe.equals(AutoRecipe.NAME)
                ? AutoRecipe.of(network.model().graph(), true).recipe()
                : RecipeFile.find(recipe);
    }
}
