package dev.nibble.cli;

import dev.nibble.train.Augmentation;
import dev.nibble.train.Optimization;
import dev.nibble.train.Optimization.Optimizer;
import dev.nibble.train.Optimization.Schedule;
import dev.nibble.train.Regularization;
import dev.nibble.train.Teaching;
import dev.nibble.train.TrainingSettings;
import dev.nibble.train.TrainingSettings.Normalization;
import dev.nibble.train.TrainingSettings.Precision;
import dev.nibble.train.TrainingSettings.Ranges;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How to train. */
final class TrainingOptions {
    static final int BATCH = 64;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            defaultValue = "10",
            converter = Count.class,
            description = "How often every sample is seen. Default: ${DEFAULT-VALUE}.")
    private int epochs;

    @Option(
            names = "--accumulate",
            paramLabel = "N",
            defaultValue = "1",
            converter = Count.class,
            description = "Batches that make a step together, for small memories. Default: 1.")
    private int accumulate;

    @Option(
            names = "--lr",
            paramLabel = "RATE",
            description =
                    "The highest learning rate of weights. Default: 0.01, or 0.001 with adamw.")
    private double learningRate = Double.NaN;

    @Option(
            names = "--range-lr",
            paramLabel = "RATE",
            defaultValue = "0.001",
            description =
                    "The highest learning rate of the logarithms of scales. Default:"
                            + " ${DEFAULT-VALUE}.")
    private double rangeRate;

    @Option(
            names = "--optimizer",
            paramLabel = "NAME",
            defaultValue = "sgd",
            description = "sgd (default, with momentum) or adamw.")
    private String optimizer;

    @Option(
            names = "--schedule",
            paramLabel = "NAME",
            defaultValue = "cosine",
            description = "How rates change: cosine (default), one-cycle or constant.")
    private String schedule;

    @Option(
            names = "--weight-decay",
            paramLabel = "SHARE",
            defaultValue = "0.0005",
            description = "Pulls weights towards 0. Default: ${DEFAULT-VALUE}.")
    private double weightDecay;

    @Option(
            names = "--no-labels",
            description = "Learn from the teacher alone, even where there are labels.")
    private boolean withoutLabels;

    @Option(
            names = "--teacher-weight",
            paramLabel = "F",
            defaultValue = "1",
            description = "How much the teacher counts beside the labels. Default: 1.")
    private double teacherWeight;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            defaultValue = "2",
            description = "Softens the classes of the teacher. Default: ${DEFAULT-VALUE}.")
    private double temperature;

    @Option(
            names = "--features",
            paramLabel = "F",
            defaultValue = "0",
            description =
                    "How much the teacher's values where blocks end count, too. Default: 0, not.")
    private double features;

    @Option(
            names = "--ranges",
            paramLabel = "HOW",
            defaultValue = "learned",
            description =
                    "How ranges of codes learn: learned (default; LSQ), clipping (PACT) or fixed.")
    private String ranges;

    @Option(
            names = "--normalization",
            paramLabel = "HOW",
            defaultValue = "auto",
            description =
                    "batch normalizes convolutions while they learn, and folds that in at the end;"
                            + " folded does not; auto (default) does from 1000 samples and batches"
                            + " of 16 on.")
    private String normalization;

    @Option(
            names = "--precision",
            paramLabel = "TYPE",
            defaultValue = "float32",
            description =
                    "float32 (default), or bfloat16 for the products while learning: faster where"
                            + " the processor can.")
    private String precision;

    @Option(
            names = "--augment",
            paramLabel = "KIND,…",
            split = ",",
            defaultValue = "none",
            description =
                    "Vary images: flip, shift[:SHARE], zoom[:SHARE], color[:SHARE], cutout[:SHARE];"
                            + " photos stands for flip,shift:0.125. Default: none.")
    private List<String> augment;

    @Option(
            names = "--dampening",
            paramLabel = "F",
            defaultValue = "0",
            description = "Pulls weights to their codes more and more. Default: 0, not.")
    private double dampening;

    @Option(
            names = "--freezing",
            paramLabel = "SHARE",
            defaultValue = "1",
            description =
                    "Freezes weights that swing between two codes in more than this share of the"
                            + " steps, as in 0.02. Default: 1, never.")
    private double freezing;

    @Option(
            names = "--kurtosis",
            paramLabel = "F",
            defaultValue = "0",
            description = "Pulls weights to a uniform distribution. Default: 0, not.")
    private double kurtosis;

    @Option(
            names = "--patience",
            paramLabel = "N",
            defaultValue = "0",
            description = "Stop after N epochs without a better one. Default: 0, see all through.")
    private int patience;

    /**
     * What was asked for.
     *
     * @param teacher whether there is one
     * @throws ParameterException if a number is out of range or a word unknown
     */
    TrainingSettings settings(int batch, boolean teacher, long seed, int threads) {
        try {
            Optimizer rule = choice("--optimizer", optimizer, Optimizer.values());
            double rate =
                    Double.isNaN(learningRate)
                            ? rule == Optimizer.SGD ? 0.01 : 0.001
                            : learningRate;
            Optimization moving =
                    new Optimization(
                            rule,
                            rate,
                            rangeRate,
                            weightDecay,
                            choice("--schedule", schedule, Schedule.values()),
                            Optimization.DEFAULT.warmUp());
            Teaching teaching =
                    new Teaching(
                            withoutLabels ? 0 : 1,
                            teacher ? teacherWeight : 0,
                            temperature,
                            teacher ? features : 0);
            return TrainingSettings.DEFAULT
                    .epochs(epochs)
                    .batch(batch, accumulate)
                    .with(moving)
                    .with(teaching)
                    .with(new Regularization(dampening, freezing, kurtosis))
                    .with(choice("--ranges", ranges, Ranges.values()))
                    .with(choice("--normalization", normalization, Normalization.values()))
                    .with(choice("--precision", precision, Precision.values()))
                    .with(augmentation())
                    .patience(patience)
                    .seed(seed)
                    .threads(threads);
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private <E extends Enum<E>> E choice(String option, String given, E[] all) {
        return Arrays.stream(all)
                .filter(one -> word(one).equals(given))
                .findFirst()
                .orElseThrow(() ->
                        wrong(
                                "%s is %s, not \"%s\""
                                        .formatted(
                                                option,
                                                String.join(
                                                        ", ",
                                                        Arrays.stream(all)
                                                                .map(TrainingOptions::word)
                                                                .toList()),
                                                given)));
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private Augmentation augmentation() {
        Augmentation chosen = Augmentation.NONE;
        for (String kind : augment) {
            String[] parts = kind.strip().split(":", 2);
            chosen = with(chosen, parts[0], parts.length == 1 ? "" : parts[1]);
        }
        return chosen;
    }

    private Augmentation with(Augmentation so, String kind, String share) {
        return switch (kind) {
            case "none" -> so;
            case "photos" -> Augmentation.PHOTOS;
            case "flip" -> new Augmentation(true, so.shift(), so.zoom(), so.color(), so.cutout());
            case "shift" ->
                    new Augmentation(
                            so.flip(), share(share, 0.125), so.zoom(), so.color(), so.cutout());
            case "zoom" ->
                    new Augmentation(
                            so.flip(), so.shift(), share(share, 0.25), so.color(), so.cutout());
            case "color" ->
                    new Augmentation(
                            so.flip(), so.shift(), so.zoom(), share(share, 0.2), so.cutout());
            case "cutout" ->
                    new Augmentation(
                            so.flip(), so.shift(), so.zoom(), so.color(), share(share, 0.25));
            default ->
                    throw wrong(
                            "--augment knows none, photos, flip, shift, zoom, color and cutout, not \"%s\""
                                    .formatted(kind));
        };
    }

    private double share(String text, double otherwise) {
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw wrong(
                    "\"%s\" is no number; --augment takes shares as in shift:0.1".formatted(text));
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(command.commandLine(), message);
    }
}
