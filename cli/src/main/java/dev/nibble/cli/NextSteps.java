package dev.nibble.cli;

import dev.nibble.formats.json.Origin.NextStep;
import dev.nibble.math.Proportion;
import dev.nibble.report.Report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What to try after a quantization, as commands to paste.
 *
 * @param model the float network
 * @param output the quantized one
 * @param data the samples that were given
 */
record NextSteps(Path model, Path output, DataOptions data) {
    /**
     * From here on a network of 8 bits is as good as it needs to be, and 4 bits are worth a try.
     */
    private static final double GOOD_AGREEMENT = 0.95;

    List<NextStep> after(Report report) {
        List<NextStep> steps = new ArrayList<>();
        steps.add(
                new NextStep(
                        "Measure accuracy, speed and memory side by side, on samples that were not"
                                + " used here",
                        "nibble evaluate %s %s %s --report evaluation.html"
                                .formatted(word(model), word(output), samples())));
        boolean good =
                report.verdict().agreement().map(Proportion::share).orElse(1.0) >= GOOD_AGREEMENT;
        String recipe = report.provenance().recipe();
        if (!good || !report.verdict().met()) {
            steps.add(step("Repair more, in minutes instead of seconds", "--effort good"));
        }
        if (recipe.equals("int8") && !good) {
            steps.add(
                    step(
                            "Keep more precision where ranges are wide: 16-bit activations",
                            "--recipe a16w8"));
        }
        if (recipe.equals("int8") && good) {
            steps.add(
                    step(
                            "Try half the size: 4-bit weights, with repairs",
                            "--recipe w4a8 --effort good"));
        }
        if (recipe.equals("w4a8")) {
            steps.add(
                    step(
                            "Give the most sensitive layers 8 bits, within a fifth of the float"
                                    + " size",
                            "--recipe w4a8 --max-size 0.2 --effort good"));
        }
        return steps;
    }

    private NextStep step(String why, String options) {
        return new NextStep(
                why,
                "nibble quantize %s -o %s %s %s"
                        .formatted(word(model), word(sibling()), samples(), options));
    }

    private Path sibling() {
        return output.resolveSibling("next.onnx");
    }

    private String samples() {
        return "--data "
                + data.data().map(NextSteps::word).orElse("DATA")
                + data.preprocessText()
                        .map(text -> " --preprocess " + OutputOptions.quoted(text))
                        .orElse("");
    }

    private static String word(Path path) {
        return OutputOptions.quoted(path.toString());
    }
}
