package dev.nibble.cli;

import dev.nibble.cli.Table.Cell;
import dev.nibble.cli.Table.Column;
import dev.nibble.formats.json.WrittenNetwork;
import dev.nibble.math.ErrorMeasures;
import dev.nibble.math.Proportion;
import dev.nibble.report.Accuracy;
import dev.nibble.report.NodeRow;
import dev.nibble.report.OutputComparison;
import dev.nibble.report.Report;
import dev.nibble.report.Rung;
import dev.nibble.report.ValueRow;
import dev.nibble.report.Verdict;

import java.util.List;
import java.util.OptionalDouble;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What people read after a quantization: a row for every node, then what it cost. */
record QuantizationText(Console console) {
    private static final int RATIO_DIGITS = 3;

    void print(Report report, WrittenNetwork written) {
        console.result(nodes(report));
        console.blank();
        List<ValueRow> given = report.values().stream().filter(QuantizationText::isGiven).toList();
        if (!given.isEmpty()) {
            console.result(ranges(given));
            console.blank();
        }
        if (report.rungs().size() > 1) {
            console.result(rungs(report));
            console.blank();
        }
        fact("wrote", "%s, recipe %s".formatted(written.output(), written.recipe().name()));
        fact("nodes", counts(report));
        fact(
                "size",
                "%s → %s, %s of the float size"
                        .formatted(
                                Figures.bytes(written.floatBytes()),
                                Figures.bytes(written.quantizedBytes()),
                                Figures.decimal(written.ratio(), RATIO_DIGITS)));
        fact("error", error(report));
        report.soundness().damages().forEach(damage -> fact("damage", damage));
        limit(report);
        fact("time", Figures.seconds(written.seconds()));
    }

    /** What people read where a limit was missed and nothing written. */
    void printMissed(Report report) {
        console.result(rungs(report));
        console.blank();
        fact("error", error(report));
        limit(report);
        console.result(
                "        nothing was written; --allow-miss writes the best that was found, --effort"
                        + " best tries more");
    }

    private void limit(Report report) {
        Verdict verdict = report.verdict();
        verdict.limit()
                .ifPresent(limit -> fact("limit", limit + (verdict.met() ? ": met" : ": missed")));
    }

    private static Table rungs(Report report) {
        boolean drops =
                report.rungs().stream()
                        .anyMatch(rung -> rung.score().accuracy().difference().isPresent());
        Table table =
                Table.of(
                        Column.elastic("repair"),
                        Column.left(""),
                        Column.right("SQNR dB"),
                        Column.right("gained"),
                        Column.right("agreement"),
                        Column.right(drops ? "top-1 change" : ""),
                        Column.right("time"));
        for (Rung rung : report.rungs()) {
            OutputComparison error = rung.score().comparison();
            table.row(
                    List.of(
                            new Cell(rung.pass(), Ink.PLAIN),
                            new Cell(
                                    rung.kept() ? "kept" : "dropped",
                                    rung.kept() ? Ink.GREEN : Ink.DIM),
                            new Cell(Figures.decimal(error.sqnrDb(), 2), Ink.PLAIN),
                            new Cell(rung.why(), Ink.PLAIN),
                            new Cell(percent(error.agreement()), Ink.PLAIN),
                            new Cell(percent(rung.score().accuracy().difference()), Ink.PLAIN),
                            new Cell(Figures.seconds(rung.seconds()), Ink.PLAIN)));
        }
        return table;
    }

    private static String percent(OptionalDouble share) {
        return share.isPresent() ? Figures.percent(share.getAsDouble()) : "";
    }

    private void fact(String name, String text) {
        console.result("%-7s".formatted(name) + text);
    }

    private static Table nodes(Report report) {
        Table table =
                Table.of(
                        Column.elastic("node"), Column.left("operator"), Column.elastic("becomes"));
        for (NodeRow row : report.nodes()) {
            Ink ink =
                    switch (row.decision()) {
                        case "absorbed" -> Ink.DIM;
                        case "float" -> Ink.YELLOW;
                        default -> Ink.GREEN;
                    };
            table.row(
                    List.of(
                            new Cell(row.node(), Ink.PLAIN),
                            new Cell(row.operator(), Ink.PLAIN),
                            new Cell(becomes(row), ink)));
        }
        return table;
    }

    private static String becomes(NodeRow row) {
        return switch (row.decision()) {
            case "float" -> "float: " + row.reason();
            case "weights" ->
                    row.format()
                            + ", computes in float"
                            + (row.reason().isEmpty() ? "" : ": " + row.reason());
            case "absorbed" -> row.reason();
            default -> row.format();
        };
    }

    private static boolean isGiven(ValueRow row) {
        return row.range().startsWith("given");
    }

    private static Table ranges(List<ValueRow> given) {
        Table table =
                Table.of(
                        Column.elastic("value with a given range"),
                        Column.right("min"),
                        Column.right("max"),
                        Column.right("clipped"));
        for (ValueRow row : given) {
            table.row(
                    names(row),
                    Figures.significant(row.min(), 4),
                    Figures.significant(row.max(), 4),
                    Figures.percent(row.clippedShare()));
        }
        return table;
    }

    private static String names(ValueRow row) {
        return Stream.concat(Stream.of(row.value()), row.sharedWith().stream())
                .collect(Collectors.joining(", "));
    }

    private static String counts(Report report) {
        StringJoiner counts = new StringJoiner(", ");
        add(counts, report.count("quantized"), "computing on codes");
        add(counts, report.count("dynamic"), "computing on codes with ranges found at run time");
        add(counts, report.count("weights"), "with weights in codes");
        add(counts, report.count("absorbed"), "absorbed");
        add(counts, report.count("float"), "in float");
        return counts.toString();
    }

    private static void add(StringJoiner counts, long count, String what) {
        if (count > 0) {
            counts.add(count + " " + what);
        }
    }

    private static String error(Report report) {
        OutputComparison error = report.error();
        if (error.samples() == 0) {
            return "not checked: " + report.soundness().unchecked().orElse("nothing was run");
        }
        ErrorMeasures measures = error.total().measures();
        StringJoiner text = new StringJoiner(", ");
        text.add("SQNR " + Figures.decibels(measures.sqnrDb()) + " dB");
        report.verdict().agreement().ifPresent(share -> text.add("agreement " + text(share)));
        text.add("cosine " + Figures.decimal(measures.cosine(), 4));
        Accuracy accuracy = report.verdict().score().accuracy();
        accuracy.difference().ifPresent(change -> text.add(change(change, accuracy)));
        return text + ", on " + report.verdict().judgedOn();
    }

    private static String text(Proportion share) {
        return "%s (95 %% sure: %s to %s)"
                .formatted(
                        Figures.percent(share.share()),
                        Figures.percent(share.low()),
                        Figures.percent(share.high()));
    }

    private static String change(double change, Accuracy accuracy) {
        return "top-1 %+.1f points (standard error %s)"
                .formatted(
                        100 * change,
                        Figures.decimal(100 * accuracy.standardError().orElse(Double.NaN), 1));
    }
}
