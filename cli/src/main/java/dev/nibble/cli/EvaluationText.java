package dev.nibble.cli;

import dev.nibble.cli.Table.Column;
import dev.nibble.formats.data.Views.View;
import dev.nibble.math.ErrorMeasures;
import dev.nibble.report.Accuracy;
import dev.nibble.report.Evaluation;
import dev.nibble.report.Evaluation.Entry;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** What people read after an evaluation: a row for every network, then how sure it is. */
record EvaluationText(Console console) {
    private static final double PERCENT = 100;

    void print(Evaluation evaluation, List<View> views) {
        SpeedText speed = new SpeedText(evaluation);
        console.result(table(evaluation));
        console.blank();
        console.result(speed.table());
        console.blank();
        fact("samples", samples(evaluation));
        preprocessing(views).forEach(text -> fact("images", text));
        AnswersText answers = new AnswersText(console);
        answers.task(evaluation);
        for (Entry entry : others(evaluation)) {
            accuracy(entry).ifPresent(text -> fact("top-1", text));
        }
        fact(
                "speed",
                evaluation.engine() + ", one sample at a time, one thread, the models in turns");
        fact("threads", speed.threads());
        fact("energy", speed.energy());
        evaluation
                .pricePerHour()
                .ifPresent(price ->
                        fact(
                                "cost",
                                "of a million samples at %s for an hour of this machine, all threads busy"
                                        .formatted(Figures.significant(price, 6))));
        for (Entry entry : evaluation.models()) {
            long broken = entry.score().withNaN();
            if (broken > 0) {
                console.result(
                        Ink.YELLOW,
                        "%-9s%s gave NaN on %d of %d samples"
                                .formatted("NaN", entry.file(), broken, count(entry)));
            }
            reshaped(entry).ifPresent(text -> console.result(Ink.YELLOW, text));
        }
        answers.classes(evaluation);
    }

    private static Optional<String> reshaped(Entry entry) {
        long reshaped = entry.score().reshaped();
        return reshaped == 0
                ? Optional.empty()
                : Optional.of(
                        "%-9s%s gave outputs of another shape than the baseline's on %d of %d samples; these are left out of agreement and SQNR"
                                .formatted("shapes", entry.file(), reshaped, count(entry)));
    }

    private void fact(String name, String text) {
        console.result("%-9s".formatted(name) + text);
    }

    private static List<Entry> others(Evaluation evaluation) {
        return evaluation.models().subList(1, evaluation.models().size());
    }

    private static long count(Entry entry) {
        return entry.score().comparison().samples();
    }

    private static Table table(Evaluation evaluation) {
        Table table =
                Table.of(
                        Column.elastic("model"),
                        Column.right("top-1"),
                        Column.right("top-5"),
                        Column.right("agree"),
                        Column.right("SQNR dB"),
                        Column.right("size"),
                        Column.right("ratio"),
                        Column.right("median"),
                        Column.right("p95"),
                        Column.right("speed"),
                        Column.right("memory"));
        for (Entry entry : evaluation.models()) {
            table.row(row(entry, evaluation.baseline()));
        }
        return table;
    }

    private static String[] row(Entry entry, Entry baseline) {
        return new String[] {
            entry.file().toString(),
            percent(entry.top1()),
            percent(entry.top5()),
            percent(entry.agreement()),
            entry.error().map(ErrorMeasures::sqnrDb).map(Figures::decibels).orElse(Figures.NONE),
            Figures.bytes(entry.sizeBytes()),
            Figures.decimal((double) entry.sizeBytes() / baseline.sizeBytes(), 3),
            Figures.milliseconds(entry.latency().medianMs()),
            Figures.milliseconds(entry.latency().p95Ms()),
            Figures.decimal(1 / entry.latency().ratio(), 2) + "×",
            entry.knownPeakMemoryBytes().isPresent()
                    ? Figures.bytes(entry.peakMemoryBytes())
                    : Figures.NONE
        };
    }

    private static String percent(OptionalDouble fraction) {
        return fraction.isPresent() ? Figures.percent(fraction.getAsDouble()) : Figures.NONE;
    }

    private static String samples(Evaluation evaluation) {
        Entry baseline = evaluation.baseline();
        long labelled = baseline.score().accuracy().labelled();
        String text = evaluation.samples();
        if (baseline.score().comparison().ranked() == 0) {
            return text + "; the first output is no row of scores, so there are no classes";
        }
        if (labelled == 0) {
            return text + ", without labels";
        }
        return labelled == count(baseline)
                ? text
                : "%s, %d of them labelled".formatted(text, labelled);
    }

    /** One line if all networks see the images in the same way for the same reason. */
    private static List<String> preprocessing(List<View> views) {
        List<View> images = views.stream().filter(view -> !view.preprocessing().isEmpty()).toList();
        List<String> seen =
                images.stream()
                        .map(view -> "%s (%s)".formatted(view.preprocessing(), view.source()))
                        .toList();
        return seen.stream().distinct().count() == 1
                ? List.of(seen.getFirst())
                : images.stream()
                        .map(view ->
                                "%s sees %s (%s)"
                                        .formatted(
                                                view.candidate().file(),
                                                view.preprocessing(),
                                                view.source()))
                        .distinct()
                        .toList();
    }

    /** How far top-1 is from the baseline's, and how sure that is with so many samples. */
    private static Optional<String> accuracy(Entry entry) {
        Accuracy accuracy = entry.score().accuracy();
        OptionalDouble difference = accuracy.difference();
        OptionalDouble error = accuracy.standardError();
        if (difference.isEmpty() || error.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                "%s: %s ± %s points against the baseline (%d samples lost, %d gained; ± one standard error; by chance alone: p = %s)"
                        .formatted(
                                entry.file(),
                                signed(PERCENT * difference.getAsDouble()),
                                Figures.decimal(PERCENT * error.getAsDouble(), 1),
                                accuracy.lost(),
                                accuracy.gained(),
                                Figures.significant(accuracy.probabilityOfChance().orElse(1), 2)));
    }

    private static String signed(double value) {
        return String.format(Locale.ROOT, "%+.1f", value).replace('-', '−');
    }
}
