package dev.nibble.cli;

import dev.nibble.cli.Table.Column;
import dev.nibble.cost.EnergyFigures;
import dev.nibble.cost.Throughput;
import dev.nibble.report.Evaluation;
import dev.nibble.report.Evaluation.Entry;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What people read of the speed with all threads, of energy and of cost. */
record SpeedText(Evaluation evaluation) {

    /** A row for every network. */
    Table table() {
        int threads = evaluation.baseline().speed().threads();
        List<Column> columns = new ArrayList<>();
        columns.add(Column.elastic("model"));
        Stream.of(
                        "load",
                        "median, %d thr.".formatted(threads),
                        "p95",
                        "speed",
                        "samples/s",
                        "through",
                        isMeasured() ? "energy" : "energy est.")
                .map(Column::right)
                .forEach(columns::add);
        if (evaluation.pricePerHour().isPresent()) {
            columns.add(Column.right("per million"));
        }
        Table table = Table.of(columns.toArray(Column[]::new));
        evaluation.models().forEach(entry -> table.row(row(entry)));
        return table;
    }

    private String[] row(Entry entry) {
        Throughput throughput = entry.speed().throughput();
        double baseline = evaluation.baseline().speed().throughput().samplesPerSecond();
        List<String> row = new ArrayList<>();
        row.add(entry.file().toString());
        row.add(Figures.milliseconds(entry.speed().loadMs()));
        row.add(Figures.milliseconds(entry.speed().allThreads().medianMs()));
        row.add(Figures.milliseconds(entry.speed().allThreads().p95Ms()));
        row.add(Figures.decimal(1 / entry.speed().allThreads().ratio(), 2) + "×");
        row.add(Figures.significant(throughput.samplesPerSecond(), 3));
        row.add(Figures.decimal(throughput.samplesPerSecond() / baseline, 2) + "×");
        row.add(Figures.joules(throughput.joulesPerSample().orElse(entry.energy().joules())));
        evaluation.costPerMillion(entry).ifPresent(cost -> row.add(Figures.significant(cost, 3)));
        return row.toArray(String[]::new);
    }

    private boolean isMeasured() {
        return evaluation.models().stream()
                .allMatch(entry -> entry.speed().throughput().joulesPerSample().isPresent());
    }

    /** How it was measured. */
    String threads() {
        int threads = evaluation.baseline().speed().threads();
        return "second table: loading, one sample at a time on %d %s, %d at a time (samples/s)"
                .formatted(threads, threads == 1 ? "thread" : "threads", threads);
    }

    /** Where the joules come from. */
    String energy() {
        if (isMeasured()) {
            return "of a sample, by the processor's counters: all that ran on it, idling included";
        }
        long incomplete =
                evaluation.models().stream().filter(entry -> !entry.energy().isComplete()).count();
        return "of a sample, an estimate from multiply-adds and bytes moved at %s (Horowitz 2014), not measured: %s%s"
                .formatted(
                        EnergyFigures.PROCESS,
                        evaluation.baseline().speed().throughput().obstacle(),
                        incomplete == 0
                                ? ""
                                : "; too low for %d of %d models, some nodes of which could not be counted (--json names them)"
                                        .formatted(incomplete, evaluation.models().size()));
    }
}
