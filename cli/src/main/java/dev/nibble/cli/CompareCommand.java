package dev.nibble.cli;

import dev.nibble.Nibble;
import dev.nibble.formats.json.ComparisonJson;
import dev.nibble.report.LayerComparison;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code nibble compare}: where in a quantized network the error sits. */
@Command(
        name = "compare",
        header = "Find the layers that a quantized network loses its accuracy in.",
        customSynopsis = "nibble compare FLOAT QUANTIZED --data DATA [OPTION]...",
        description = {
            "%nLays a quantized network beside the float one, layer by layer: the error that has"
                    + " accumulated, the error that each layer adds alone, and its share of the"
                    + " final error. Says what to keep float.%n"
        },
        footer = {
            "",
            "Examples:",
            "  nibble compare model.onnx model.int8.onnx --data photos --samples 32",
            "  nibble compare model.onnx model.int8.onnx --data photos --sort worst --top 10",
            "  nibble compare model.onnx other.onnx --data arrays.npz --json -",
            "",
            "What is measured and how: docs/compare.md"
        })
final class CompareCommand implements Callable<Integer> {
    /** The order of rows. */
    enum Sort {
        order,
        worst
    }

    @Parameters(index = "0", paramLabel = "FLOAT", description = "The float network, an ONNX file.")
    private Path original;

    @Parameters(
            index = "1",
            paramLabel = "QUANTIZED",
            description = "What was made of it, by nibble or another tool.")
    private Path quantized;

    @Mixin private OutputOptions options;
    @Mixin private DataOptions data;

    @Option(
            names = "--sort",
            paramLabel = "order|worst",
            defaultValue = "order",
            description =
                    "Rows in execution order, or the greatest share of the final error first."
                            + " Default: ${DEFAULT-VALUE}.")
    private Sort sort;

    @Option(
            names = "--top",
            paramLabel = "N",
            converter = Count.class,
            description = "Show only the N worst layers. Default: all.")
    private @Nullable Integer top;

    @Override
    public Integer call() {
        data.requireData();
        Console console = options.console();
        options.check(original, quantized);
        Nibble network =
                Nibble.read(original)
                        .threads(options.threads())
                        .batch(data.batch())
                        .progress(console.progress());
        Nibble other = Nibble.read(quantized);
        PreparedData prepared =
                PreparedData.random(network, data, console)
                        .orElseGet(() -> PreparedData.ofBoth(data, network, other));
        LayerComparison comparison = network.compare(quantized, prepared.samples());
        new ComparisonText(console, original)
                .print(
                        comparison,
                        sort == Sort.worst,
                        top == null ? Integer.MAX_VALUE : top,
                        Optional.ofNullable(other.model().metadata().get("nibble.recipe")));
        options.writeJson(
                ComparisonJson.data(comparison, original, quantized, prepared.preprocessing()));
        return ExitCodes.DONE;
    }
}
