package dev.nibble.cli;

import dev.nibble.Nibble;
import dev.nibble.Quantized;
import dev.nibble.engine.Samples;
import dev.nibble.formats.data.DataSet;
import dev.nibble.plan.Recipe;
import dev.nibble.plan.Recipes;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code nibble demo}: the whole story on the example that the jar carries. */
@Command(
        name = "demo",
        header = "Quantize and evaluate the embedded example.",
        customSynopsis = "nibble demo [-o DIR] [OPTION]...",
        description = {
            "%nQuantizes two small networks in two ways, careless and Nibble's, and compares both"
                + " with the float networks on images that were not used for calibration. Takes a"
                + " few seconds. With --train it also trains one of them for 4 bits, on pictures"
                + " that it draws, which takes some minutes.%n"
        },
        footer = {
            "",
            "Examples:",
            "  nibble demo",
            "  nibble demo --train",
            "  nibble demo -o example --json -"
        })
final class DemoCommand implements Callable<Integer> {
    private static final Recipe CARELESS = Recipes.INT8_PER_TENSOR;
    private static final Recipe DEFAULT = Recipes.INT8;
    private static final List<String> KINDS = List.of("float", "careless", "nibble");

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            description =
                    "An empty or new folder for the networks and images. Default: a new one among"
                            + " the temporary files; its name is printed.")
    private @Nullable Path folder;

    @Option(
            names = "--train",
            description =
                    "Also train the MobileNet with 4-bit weights and activations (w4a4), which"
                            + " rounding damages.")
    private boolean train;

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
        Optional<DemoResult> training =
                train
                        ? Optional.of(new DemoTraining(files, console, options.threads()).run())
                        : Optional.empty();
        new DemoText(console, files).print(results, training);
        options.writeJson(new DemoJson(files.folder(), results, training).data());
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
        return DemoResult.of(name, KINDS, network, files, careless, quantized);
    }

    private static void write(Nibble network, Recipe recipe, Samples samples, Path file) {
        Quantized quantized = network.allowDamage(true).quantize(recipe, samples);
        quantized.write(file);
    }
}
