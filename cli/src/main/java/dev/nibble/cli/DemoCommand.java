package dev.nibble.cli;

import dev.nibble.Nibble;
import dev.nibble.Quantized;
import dev.nibble.engine.Samples;
import dev.nibble.formats.data.DataSet;
import dev.nibble.formats.data.Views;
import dev.nibble.formats.data.Views.Network;
import dev.nibble.formats.data.Views.View;
import dev.nibble.plan.Recipe;
import dev.nibble.plan.Recipes;
import dev.nibble.report.Evaluation;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** {@code nibble demo}: the whole story on the example that the jar carries. */
@Command(
        name = "demo",
        header = "Quantize and evaluate the embedded example.",
        customSynopsis = "nibble demo [-o DIR] [OPTION]...",
        description = {
            "%nQuantizes two small networks in two ways, careless and Nibble's, and compares both"
                + " with the float networks on images that were not used for calibration. Takes a"
                + " few seconds.%n"
        },
        footer = {"", "Examples:", "  nibble demo", "  nibble demo -o example --json -"})
final class DemoCommand implements Callable<Integer> {
    private static final Recipe CARELESS = Recipes.INT8_PER_TENSOR;
    private static final Recipe DEFAULT = Recipes.INT8;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            description =
                    "An empty or new folder for the networks and images. Default: a new one among"
                            + " the temporary files; its name is printed.")
    private @Nullable Path folder;

    @Mixin private OutputOptions options;

    @Override
    public Integer call() {
        Console console = options.console();
        options.check();
        DemoFiles files = folder == null ? DemoFiles.intoTemporaryFolder() : DemoFiles.into(folder);
        List<DemoResult> results = new ArrayList<>();
        for (String name : DemoFiles.NETWORKS) {
            results.add(run(files, name, console));
        }
        new DemoText(console, files).print(results);
        options.writeJson(new DemoJson(files.folder(), results).data());
        return ExitCodes.DONE;
    }

    private DemoResult run(DemoFiles files, String name, Console console) {
        Nibble network =
                Nibble.read(files.network(name))
                        .threads(options.threads())
                        .progress(console.progress());
        Samples calibration = DataSet.open(files.calibrationImages()).samples(network.model());
        Path careless = files.quantized(name, CARELESS.name());
        Path quantized = files.quantized(name, DEFAULT.name());
        write(network, CARELESS, calibration, careless);
        write(network, DEFAULT, calibration, quantized);
        List<Network> networks =
                Stream.of(network, Nibble.read(careless), Nibble.read(quantized))
                        .map(one -> new Network(one.source(), one.model()))
                        .toList();
        List<View> views = Views.of(DataSet.open(files.evaluationImages()), networks);
        Evaluation evaluation =
                network.evaluate(
                        views.getFirst().candidate().samples(),
                        views.stream().skip(1).map(View::candidate).toList());
        return new DemoResult(name, evaluation, views);
    }

    private static void write(Nibble network, Recipe recipe, Samples samples, Path file) {
        Quantized quantized = network.allowDamage(true).quantize(recipe, samples);
        quantized.write(file);
    }
}
