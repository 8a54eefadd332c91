package dev.nibble.cli;

import dev.nibble.cli.Table.Cell;
import dev.nibble.cli.Table.Column;
import dev.nibble.plan.NamePattern;
import dev.nibble.report.LayerComparison;
import dev.nibble.report.LayerComparison.Remedy;
import dev.nibble.report.LayerComparison.Unmatched;
import dev.nibble.report.LayerRow;
import dev.nibble.report.NodeTiming;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What people read of a comparison: a row for every layer, the worst ones, and what to do. */
record ComparisonText(Console console, Path original) {
    private static final int WORST = 5;
    private static final int NAMED_AT_ONCE = 3;
    private static final double LEAST_GAIN_DB = 0.1;

    void print(LayerComparison comparison, boolean worstFirst, int most, Optional<String> recipe) {
        List<LayerRow> worst = comparison.worstFirst();
        List<LayerRow> shown = worst.stream().limit(most).toList();
        console.result(
                table(
                        comparison,
                        worstFirst
                                ? shown
                                : comparison.layers().stream().filter(shown::contains).toList()));
        console.blank();
        fact("samples", comparison.samples());
        fact(
                "outputs",
                "SQNR %s dB; shares measured on %d samples"
                        .formatted(Figures.decibels(comparison.sqnrDb()), comparison.sharesOn()));
        worst.stream()
                .filter(row -> row.share() > 0 || row.notFinite() > 0)
                .limit(WORST)
                .forEach(row -> fact("worst", worst(row)));
        together(comparison);
        unmatched(comparison.unmatched());
        comparison
                .remedy()
                .ifPresentOrElse(
                        remedy -> remedy(remedy, recipe),
                        () ->
                                fact(
                                        "remedy",
                                        comparison.sqnrDb() == Double.POSITIVE_INFINITY
                                                ? "nothing to do: the outputs are the same"
                                                : "no layer stands out that could be kept float"));
    }

    private void fact(String name, String text) {
        console.result("%-9s".formatted(name) + text);
    }

    private static Table table(LayerComparison comparison, List<LayerRow> rows) {
        Table table =
                Table.of(
                        Column.elastic("layer"),
                        Column.elastic("operator"),
                        Column.right("SQNR so far"),
                        Column.right("alone"),
                        Column.right("weights"),
                        Column.right("share"),
                        Column.right("float ms"),
                        Column.right("ms"));
        for (LayerRow row : rows) {
            Optional<NodeTiming> time = comparison.time(row);
            table.row(
                    List.of(
                            plain(row.layer()),
                            plain(row.operator()),
                            plain(decibels(row.accumulatedSqnrDb())),
                            plain(decibels(row.addedSqnrDb())),
                            plain(decibels(row.weightSqnrDb())),
                            new Cell(
                                    Figures.percent(row.share()),
                                    row.share() > 0.2 ? Ink.YELLOW : Ink.PLAIN),
                            plain(ms(time.map(NodeTiming::floatMs))),
                            plain(ms(time.map(NodeTiming::quantizedMs)))));
        }
        return table;
    }

    private static String ms(Optional<Double> ms) {
        return ms.filter(known -> !Double.isNaN(known))
                .map(known -> Figures.decimal(known, 3))
                .orElse(Figures.NONE);
    }

    private static Cell plain(String text) {
        return new Cell(text, Ink.PLAIN);
    }

    private static String decibels(double value) {
        return Double.isNaN(value) ? Figures.NONE : Figures.decibels(value);
    }

    private static String worst(LayerRow row) {
        return row.notFinite() > 0
                ? "%s (%s): NaN or infinite in %d places where the float network is not"
                        .formatted(row.layer(), row.operator(), row.notFinite())
                : "%s (%s): alone it makes %s of the final error"
                        .formatted(row.layer(), row.operator(), Figures.percent(row.share()));
    }

    /** Nodes whose own results are not to be found, and that are seen in those behind them. */
    private void together(LayerComparison comparison) {
        List<String> several =
                comparison.layers().stream()
                        .filter(row -> row.nodes().size() > 1)
                        .map(row ->
                                row.nodes().stream()
                                                .limit(NAMED_AT_ONCE)
                                                .collect(Collectors.joining(" + "))
                                        + (row.nodes().size() > NAMED_AT_ONCE ? " + …" : ""))
                        .toList();
        if (!several.isEmpty()) {
            fact(
                    "together",
                    "%d layers of several nodes, whose inner values the quantized network does not have: %s"
                            .formatted(several.size(), some(several)));
        }
    }

    private void unmatched(List<Unmatched> nodes) {
        Map<String, List<String>> byReason = new LinkedHashMap<>();
        nodes.forEach(node ->
                byReason.computeIfAbsent(node.reason(), _ -> new ArrayList<>()).add(node.node()));
        byReason.forEach((reason, names) ->
                fact("left out", "%d: %s (%s)".formatted(names.size(), reason, some(names))));
    }

    private static String some(List<String> names) {
        String first = names.stream().limit(NAMED_AT_ONCE).collect(Collectors.joining(", "));
        return names.size() > NAMED_AT_ONCE ? first + ", …" : first;
    }

    private void remedy(Remedy remedy, Optional<String> recipe) {
        boolean helps = remedy.sqnrDb() > remedy.sqnrDbBefore() + LEAST_GAIN_DB;
        fact(
                "remedy",
                "with %s computed in float SQNR goes from %s to %s dB%s%s"
                        .formatted(
                                remedy.keepFloat().size() == 1
                                        ? remedy.keepFloat().getFirst()
                                        : remedy.keepFloat().size() + " of them",
                                Figures.decibels(remedy.sqnrDbBefore()),
                                Figures.decibels(remedy.sqnrDb()),
                                agreement(remedy),
                                helps
                                        ? ":"
                                        : "; that does not help: errors of layers make up for each"
                                                + " other, and `--effort good` or `best` may do"
                                                + " more"));
        if (helps) {
            String kept =
                    remedy.keepFloat().stream()
                            .map(name ->
                                    "--keep-float "
                                            + OutputOptions.quoted(
                                                    NamePattern.exactly(name).text()))
                            .collect(Collectors.joining(" "));
            fact(
                    "",
                    "nibble quantize %s -o OUT --data DATA %s%s"
                            .formatted(
                                    OutputOptions.quoted(original.toString()),
                                    recipe.map(name ->
                                                    "--recipe " + OutputOptions.quoted(name) + " ")
                                            .orElse(""),
                                    kept));
        }
    }

    private static String agreement(Remedy remedy) {
        return Double.isNaN(remedy.agreement())
                ? ""
                : ", agreement from %s to %s"
                        .formatted(
                                Figures.percent(remedy.agreementBefore()),
                                Figures.percent(remedy.agreement()));
    }
}
