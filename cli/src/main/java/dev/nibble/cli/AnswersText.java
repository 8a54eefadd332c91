package dev.nibble.cli;

import dev.nibble.cli.Table.Column;
import dev.nibble.report.Accuracy;
import dev.nibble.report.ClassChanges;
import dev.nibble.report.ClassChanges.Row;
import dev.nibble.report.ClassChanges.TurnRow;
import dev.nibble.report.Evaluation;
import dev.nibble.report.Evaluation.Entry;
import dev.nibble.task.TaskMeasure;

import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** What people read of single classes, and of outputs that are none. */
record AnswersText(Console console) {
    private static final int MOST_CLASSES = 10;
    private static final int MOST_TURNS = 5;

    /** The task, and the figures by it. */
    void task(Evaluation evaluation) {
        fact(
                "task",
                "%s: %s; --task takes another"
                        .formatted(evaluation.task().task(), evaluation.task().why()));
        for (Entry entry : others(evaluation)) {
            List<TaskMeasure> measures = entry.answers().measures();
            if (!measures.isEmpty()) {
                fact(
                        "",
                        entry.file()
                                + ": "
                                + measures.stream()
                                        .map(AnswersText::text)
                                        .collect(Collectors.joining(", ")));
            }
        }
    }

    /** The classes that changed the most, and which answers turned into which. */
    void classes(Evaluation evaluation) {
        for (Entry entry : others(evaluation)) {
            ClassChanges classes = entry.answers().classes();
            List<Row> changed =
                    classes.rows().stream()
                            .filter(row -> row.accuracy().lost() + row.accuracy().gained() > 0)
                            .sorted(
                                    Comparator.comparingLong((Row row) ->
                                                    row.accuracy().gained() - row.accuracy().lost())
                                            .thenComparingInt(Row::label))
                            .toList();
            if (!changed.isEmpty()) {
                console.blank();
                console.result(
                        "classes of %s that got worse or better, the worst first (%d of %d)"
                                .formatted(
                                        entry.file(),
                                        Math.min(MOST_CLASSES, changed.size()),
                                        classes.rows().size()));
                console.result(table(changed));
            }
            List<TurnRow> turns = classes.mostFrequentTurns(MOST_TURNS);
            if (!turns.isEmpty()) {
                fact(
                        "turned",
                        turns.stream()
                                .map(turn ->
                                        "%s → %s: %d"
                                                .formatted(
                                                        name(turn.before()),
                                                        name(turn.after()),
                                                        turn.samples()))
                                .collect(Collectors.joining(", ")));
            }
        }
    }

    private static String name(int label) {
        return label < 0 ? "NaN" : Integer.toString(label);
    }

    private static Table table(List<Row> rows) {
        Table table =
                Table.of(
                        Column.right("class"),
                        Column.right("samples"),
                        Column.right("before"),
                        Column.right("after"),
                        Column.right("lost"),
                        Column.right("gained"),
                        Column.right("p"));
        rows.stream().limit(MOST_CLASSES).forEach(row -> table.row(cells(row)));
        return table;
    }

    private static String[] cells(Row row) {
        Accuracy accuracy = row.accuracy();
        return new String[] {
            Integer.toString(row.label()),
            Long.toString(accuracy.labelled()),
            percent(accuracy.baselineTop1Share()),
            percent(accuracy.top1Share()),
            Long.toString(accuracy.lost()),
            Long.toString(accuracy.gained()),
            accuracy.canTell()
                    ? Figures.significant(accuracy.probabilityOfChance().orElse(1), 2)
                    : Figures.NONE
        };
    }

    private static String percent(OptionalDouble share) {
        return Figures.percent(share.orElse(Double.NaN));
    }

    private static String text(TaskMeasure measure) {
        String words =
                switch (measure.name()) {
                    case "pixelAgreement" -> "pixels alike";
                    case "meanIou" -> "mean IoU";
                    case "retrievalAgreement" -> "same nearest sample";
                    case "stepAgreement" -> "steps alike";
                    case "meanAbsoluteError" -> "mean absolute error";
                    case "maxError" -> "greatest error";
                    case "maxErrorOfRange" -> "greatest error of the range";
                    case "r2" -> "R²";
                    default -> measure.name();
                };
        String interval =
                measure.low().isPresent()
                        ? " (95 %%: %s to %s)"
                                .formatted(
                                        number(measure, measure.low().getAsDouble()),
                                        number(measure, measure.high().orElse(Double.NaN)))
                        : "";
        return words + " " + number(measure, measure.value()) + interval;
    }

    private static String number(TaskMeasure measure, double value) {
        return switch (measure.name()) {
            case "pixelAgreement", "retrievalAgreement", "stepAgreement", "maxErrorOfRange" ->
                    Figures.decimal(100 * value, 2) + " %";
            case "meanIou", "cosine", "r2" -> Figures.decimal(value, 4);
            default -> Figures.significant(value, 3);
        };
    }

    private static List<Entry> others(Evaluation evaluation) {
        return evaluation.models().subList(1, evaluation.models().size());
    }

    private void fact(String name, String text) {
        console.result("%-9s".formatted(name) + text);
    }
}
