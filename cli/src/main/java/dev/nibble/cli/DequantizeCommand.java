package dev.nibble.cli;

import dev.nibble.Dequantized;
import dev.nibble.Nibble;
import dev.nibble.formats.json.FileSizes;
import dev.nibble.lower.Dequantization;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/** {@code nibble dequantize}: a quantized network in, a float one out. */
@Command(
        name = "dequantize",
        header = "Make a quantized network float again.",
        customSynopsis = "nibble dequantize MODEL -o OUT [OPTION]...",
        description = {
            "%nReads a quantized ONNX file, whatever wrote it, and writes one of standard float"
                    + " operators. Weights come back as the numbers that their codes stand for:"
                    + " rounding is not undone.%n"
        },
        footer = {"", "Example:", "  nibble dequantize small.onnx -o float.onnx"})
final class DequantizeCommand implements Callable<Integer> {
    @Parameters(paramLabel = "MODEL", description = "The quantized network, an ONNX file.")
    private Path model;

    @Mixin private WriteOptions write;

    @Mixin private OutputOptions options;

    @Override
    public Integer call() {
        write.check(options, model);
        options.check(model, write.output());
        Dequantized floats = Nibble.read(model).dequantize();
        if (options.force()) {
            floats.replace(write.output());
        } else {
            floats.write(write.output());
        }
        long before = FileSizes.bytes(floats.format(), model);
        long after = FileSizes.bytes(floats.format(), write.output());
        print(floats.result(), before, after);
        options.writeJson(data(floats.result(), before, after));
        return ExitCodes.DONE;
    }

    private void print(Dequantization.Result result, long before, long after) {
        fact("wrote", write.output().toString());
        fact(
                "undone",
                result.undone().entrySet().stream()
                        .map(entry -> entry.getKey() + " " + entry.getValue())
                        .collect(Collectors.joining(", ")));
        if (result.saturations() > 0) {
            fact(
                    "clipped",
                    "%d values stay within the range of their codes"
                            .formatted(result.saturations()));
        }
        if (!result.codesAtInterface().isEmpty()) {
            fact(
                    "codes",
                    "%s: the caller still gives and gets integers, converted in the network"
                            .formatted(String.join(", ", result.codesAtInterface())));
        }
        fact("size", Figures.bytes(before) + " → " + Figures.bytes(after));
    }

    private void fact(String name, String text) {
        options.console().result("%-9s".formatted(name) + text);
    }

    private Map<String, Object> data(Dequantization.Result result, long before, long after) {
        Map<String, Object> sizes = new LinkedHashMap<>();
        sizes.put("quantized", before);
        sizes.put("float", after);
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("model", model);
        data.put("output", write.output());
        data.put("sizeBytes", sizes);
        data.put("undone", result.undone());
        data.put("saturations", result.saturations());
        data.put("codesAtInterface", result.codesAtInterface());
        return data;
    }
}
