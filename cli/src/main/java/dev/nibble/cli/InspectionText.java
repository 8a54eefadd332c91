package dev.nibble.cli;

import dev.nibble.cli.Table.Cell;
import dev.nibble.cli.Table.Column;
import dev.nibble.report.InspectedNode;
import dev.nibble.report.Inspection;
import dev.nibble.report.Inspection.Prediction;
import dev.nibble.report.Inspection.Warning;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/** What people read of an inspection: a row for every node, then the whole. */
record InspectionText(Console console) {
    private static final int WIDTH = 100;
    private static final int INDENT = 11;
    private static final int NAMED_AT_ONCE = 3;
    private static final String[] COUNT_UNITS = {"", " k", " M", " G", " T"};

    void print(Inspection inspection, Path model, long sizeBytes) {
        boolean planned = inspection.dryRun().isPresent();
        console.result(planned ? plannedNodes(inspection) : plainNodes(inspection));
        console.blank();
        fact("model", file(inspection, model, sizeBytes));
        inspection.inputs().forEach(port -> fact("input", port.name() + "  " + port.type()));
        inspection.outputs().forEach(port -> fact("output", port.name() + "  " + port.type()));
        fact("operators", counts(inspection.operators()));
        fact(
                "constants",
                "%s numbers in %s"
                        .formatted(
                                count(inspection.parameters()),
                                Figures.bytes(inspection.parameterBytes())));
        fact("work", work(inspection));
        fact("quantized", quantized(inspection));
        inspection.metadata().forEach((key, value) -> fact("metadata", key + " = " + value));
        inspection.dryRun().ifPresent(prediction -> dryRun(inspection, prediction));
        inspection.warnings().forEach(this::warn);
    }

    private void fact(String name, String text) {
        fact(Ink.PLAIN, name, text);
    }

    /** A name and words that go on under their beginning where a line is full. */
    private void fact(Ink ink, String name, String text) {
        int width = Math.min(WIDTH, console.terminal().width()) - INDENT;
        String margin = ("%-" + INDENT + "s").formatted(name);
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                console.result(ink, margin + line);
                margin = " ".repeat(INDENT);
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        console.result(ink, margin + line);
    }

    private static Table plainNodes(Inspection inspection) {
        Table table =
                Table.of(
                        Column.elastic("node"),
                        Column.elastic("operator"),
                        Column.right("bytes"),
                        Column.right("mult-adds"),
                        Column.left("weights"));
        for (InspectedNode node : inspection.nodes()) {
            table.row(node.node(), node.operator(), bytes(node), work(node), range(node));
        }
        return table;
    }

    private static Table plannedNodes(Inspection inspection) {
        Table table =
                Table.of(
                        Column.elastic("node"),
                        Column.elastic("operator"),
                        Column.right("bytes"),
                        Column.right("then"),
                        Column.right("mult-adds"),
                        Column.left("weights"),
                        Column.left("would become"));
        for (InspectedNode node : inspection.nodes()) {
            table.row(
                    List.of(
                            plain(node.node()),
                            plain(node.operator()),
                            plain(bytes(node)),
                            plain(
                                    node.predictedBytes() == node.parameterBytes()
                                            ? ""
                                            : Figures.bytes(node.predictedBytes())),
                            plain(work(node)),
                            plain(range(node)),
                            becomes(node)));
        }
        return table;
    }

    private static Cell plain(String text) {
        return new Cell(text, Ink.PLAIN);
    }

    private static Cell becomes(InspectedNode node) {
        return switch (node.decision()) {
            case "float" -> new Cell("float", Ink.YELLOW);
            case "absorbed" -> new Cell("absorbed", Ink.DIM);
            default -> new Cell(node.format(), Ink.GREEN);
        };
    }

    private static String bytes(InspectedNode node) {
        return node.parameterBytes() == 0 ? "" : Figures.bytes(node.parameterBytes());
    }

    private static String work(InspectedNode node) {
        return node.multiplyAdds().isPresent() ? count(node.multiplyAdds().getAsLong()) : "";
    }

    private static String range(InspectedNode node) {
        return Double.isNaN(node.min())
                ? ""
                : Figures.significant(node.min(), 2) + ".." + Figures.significant(node.max(), 2);
    }

    private static String file(Inspection inspection, Path model, long sizeBytes) {
        StringJoiner text = new StringJoiner(", ");
        text.add(model.toString());
        text.add(Figures.bytes(sizeBytes));
        text.add("ONNX IR " + inspection.irVersion());
        inspection
                .opsets()
                .forEach((domain, version) ->
                        text.add(
                                domain.equals("ai.onnx")
                                        ? "opset " + version
                                        : "%s %d".formatted(domain, version)));
        return text.toString();
    }

    private static String counts(Map<String, Long> counts) {
        return counts.entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", "));
    }

    private static String work(Inspection inspection) {
        List<String> unknown = inspection.compute().unknown();
        String known = count(inspection.compute().multiplyAdds()) + " multiply-adds for a sample";
        return unknown.isEmpty()
                ? known
                : known
                        + "; not told by the file for %d nodes: %s"
                                .formatted(unknown.size(), some(unknown));
    }

    private static String some(List<String> names) {
        String first = names.stream().limit(NAMED_AT_ONCE).collect(Collectors.joining(", "));
        return names.size() > NAMED_AT_ONCE ? first + ", …" : first;
    }

    private static String quantized(Inspection inspection) {
        if (inspection.codes().isEmpty()) {
            return "no";
        }
        return "already: nodes of "
                + counts(inspection.codes().forms())
                + " ("
                + inspection.codes().formats().entrySet().stream()
                        .map(entry -> entry.getValue() + " × " + entry.getKey())
                        .collect(Collectors.joining("; "))
                + ")";
    }

    private void dryRun(Inspection inspection, Prediction prediction) {
        console.blank();
        if (prediction.obstacle().isPresent()) {
            fact(
                    Ink.YELLOW,
                    "recipe",
                    "%s would be refused: %s"
                            .formatted(prediction.recipe(), prediction.obstacle().orElseThrow()));
        } else {
            fact(
                    "recipe",
                    "%s: %s; constants %s → about %s"
                            .formatted(
                                    prediction.recipe(),
                                    decisions(inspection),
                                    Figures.bytes(inspection.parameterBytes()),
                                    Figures.bytes(prediction.parameterBytes())));
        }
        reasons(inspection)
                .forEach((why, nodes) ->
                        fact("  float", "%d: %s (%s)".formatted(nodes.size(), why, some(nodes))));
    }

    private static String decisions(Inspection inspection) {
        Map<String, Long> counts = new LinkedHashMap<>();
        inspection.nodes().forEach(node -> counts.merge(node.decision(), 1L, Long::sum));
        Map<String, String> words = new LinkedHashMap<>();
        words.put("quantized", "%d nodes computing on codes");
        words.put("dynamic", "%d computing on codes with ranges found at run time");
        words.put("weights", "%d with weights in codes");
        words.put("absorbed", "%d absorbed");
        words.put("float", "%d in float");
        StringJoiner text = new StringJoiner(", ");
        words.forEach((decision, phrase) -> {
            if (counts.containsKey(decision)) {
                text.add(phrase.formatted(counts.get(decision)));
            }
        });
        return text.toString();
    }

    /** The nodes that compute in float, by reason, the most frequent reason first. */
    private static Map<String, List<String>> reasons(Inspection inspection) {
        Map<String, List<String>> nodes = new LinkedHashMap<>();
        inspection.nodes().stream()
                .filter(node ->
                        node.decision().equals("float")
                                || (node.decision().equals("weights") && !node.reason().isEmpty()))
                .forEach(node ->
                        nodes.computeIfAbsent(node.reason(), _ -> new ArrayList<>())
                                .add(node.node()));
        Map<String, List<String>> sorted = new LinkedHashMap<>();
        nodes.entrySet().stream()
                .sorted((one, other) ->
                        Integer.compare(other.getValue().size(), one.getValue().size()))
                .forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
        return sorted;
    }

    private void warn(Warning warning) {
        fact(
                Ink.YELLOW,
                "look at",
                "%s (%s): %s".formatted(warning.node(), warning.value(), warning.what()));
    }

    /** A number with three digits and a thousands' unit, as in {@code 300.8 M}. */
    static String count(long number) {
        double scaled = number;
        int unit = 0;
        while (scaled >= 999.95 && unit < COUNT_UNITS.length - 1) {
            scaled /= 1000;
            unit++;
        }
        return unit == 0 ? Long.toString(number) : Figures.decimal(scaled, 1) + COUNT_UNITS[unit];
    }
}
