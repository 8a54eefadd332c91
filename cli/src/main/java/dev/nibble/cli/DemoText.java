package dev.nibble.cli;

import dev.nibble.cli.Table.Column;
import dev.nibble.math.ErrorMeasures;
import dev.nibble.report.Evaluation.Entry;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** What people read after the demonstration. */
record DemoText(Console console, DemoFiles files) {
    /** Of the float network, the worse one and the better one. */
    private static final List<Ink> INKS = List.of(Ink.PLAIN, Ink.YELLOW, Ink.GREEN);

    void print(List<DemoResult> results, Optional<DemoResult> training) {
        console.result(table(Stream.concat(results.stream(), training.stream()).toList()));
        console.blank();
        console.result(
                "float     the network as it was trained, on images that calibration did not see");
        console.result("careless  8 bits with one scale for a whole tensor and min-max ranges");
        console.result("nibble    8 bits as nibble quantizes by default");
        if (training.isPresent()) {
            console.result("rounded   4 bits for weights and activations, first and last layer 8");
            console.result("trained   the same formats, trained with rounding simulated");
        }
        console.blank();
        console.result("The networks and images are in " + files.folder());
        console.result("The same for a network of your own:");
        console.blank();
        console.result(
                "  nibble quantize model.onnx -o model.int8.onnx --data photos --preprocess"
                        + " imagenet");
        console.result("  nibble evaluate model.onnx model.int8.onnx --data photos");
        if (training.isPresent()) {
            console.result(
                    "  nibble train model.onnx -o model.w4a4.onnx --data photos --recipe w4a4");
        }
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
            for (int i = 0; i < result.kinds().size(); i++) {
                String network = i == 0 ? result.network() : "";
                table.row(
                        INKS.get(i),
                        row(network, result.kinds().get(i), result.entries().get(i), result));
            }
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
