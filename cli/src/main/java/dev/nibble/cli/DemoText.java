package dev.nibble.cli;

import dev.nibble.cli.Table.Column;
import dev.nibble.math.ErrorMeasures;
import dev.nibble.report.Evaluation.Entry;

import java.util.List;
import java.util.OptionalDouble;

/** What people read after the demonstration. */
record DemoText(Console console, DemoFiles files) {

    void print(List<DemoResult> results) {
        console.result(table(results));
        console.blank();
        console.result(
                "float     the network as it was trained, on images that calibration did not see");
        console.result("careless  8 bits with one scale for a whole tensor and min-max ranges");
        console.result("nibble    8 bits as nibble quantizes by default");
        console.blank();
        console.result("The networks and images are in " + files.folder());
        console.result("The same for a network of your own:");
        console.blank();
        console.result(
                "  nibble quantize model.onnx -o model.int8.onnx --data photos --preprocess"
                        + " imagenet");
        console.result("  nibble evaluate model.onnx model.int8.onnx --data photos");
    }

    private static Table table(List<DemoResult> results) {
        Table table =
                Table.of(
                        Column.left("network"),
                        Column.left(""),
                        Column.right("top-1"),
                        Column.right("agree"),
                        Column.right("SQNR dB"),
                        Column.right("size"),
                        Column.right("latency"),
                        Column.right("speed"));
        for (DemoResult result : results) {
            table.row(row(result.network(), "float", result.floating(), result));
            table.row(Ink.YELLOW, row("", "careless", result.careless(), result));
            table.row(Ink.GREEN, row("", "nibble", result.quantized(), result));
        }
        return table;
    }

    private static String[] row(String network, String kind, Entry entry, DemoResult result) {
        boolean same = entry.equals(result.floating());
        double speed = result.floating().latency().medianMs() / entry.latency().medianMs();
        return new String[] {
            network,
            kind,
            percent(entry.top1()),
            same ? Figures.NONE : percent(entry.agreement()),
            same
                    ? Figures.NONE
                    : entry.error()
                            .map(ErrorMeasures::sqnrDb)
                            .map(Figures::decibels)
                            .orElse(Figures.NONE),
            Figures.bytes(entry.sizeBytes()),
            Figures.milliseconds(entry.latency().medianMs()),
            Figures.decimal(speed, 2) + "×"
        };
    }

    private static String percent(OptionalDouble fraction) {
        return Figures.percent(fraction.orElse(Double.NaN));
    }
}
