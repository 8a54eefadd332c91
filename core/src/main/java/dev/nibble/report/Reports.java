package dev.nibble.report;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.number.Encoding;
import dev.nibble.number.Range;
import dev.nibble.pass.Calibration;
import dev.nibble.pass.Draft;
import dev.nibble.pass.Finding;
import dev.nibble.plan.NodeDecision;
import dev.nibble.plan.Plan;
import dev.nibble.plan.WeightOperand;
import dev.nibble.report.Report.Parameters;
import dev.nibble.report.Report.Provenance;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Makes a report of a finished draft. */
public final class Reports {
    private Reports() {}

    /**
     * The report of a quantization.
     *
     * @param original the float model as it was read, with unique node names
     * @param draft what the passes made of it
     * @param lowered the quantized model
     * @param rungs repairs that were tried
     */
    public static Report of(
            Model original,
            Draft draft,
            Model lowered,
            List<Rung> rungs,
            Verdict verdict,
            Soundness soundness,
            Provenance provenance) {
        List<NodeRow> nodes =
                original.graph()
                        .allNodes()
                        .filter(node -> !node.is("Constant"))
                        .map(node -> row(draft, node))
                        .toList();
        List<ValueRow> values = new ArrayList<>();
        draft.plan()
                .values()
                .keySet()
                .forEach(value ->
                        draft.plan()
                                .encoding(value)
                                .ifPresent(encoding -> values.add(row(draft, value, encoding))));
        Parameters parameters =
                new Parameters(original.graph().constantBytes(), lowered.graph().constantBytes());
        return new Report(
                provenance, nodes, values, parameters, rungs, verdict, soundness, draft.findings());
    }

    private static NodeRow row(Draft draft, Node node) {
        return switch (draft.plan()
                .node(node.name())
                .orElse(new NodeDecision.KeptFloat("nothing decided about it"))) {
            case NodeDecision.Quantized _ ->
                    new NodeRow(node.name(), node.operator(), "quantized", format(draft, node), "");
            case NodeDecision.Dynamic _ ->
                    new NodeRow(node.name(), node.operator(), "dynamic", format(draft, node), "");
            case NodeDecision.WeightOnly(String why) ->
                    new NodeRow(node.name(), node.operator(), "weights", format(draft, node), why);
            case NodeDecision.Absorbed(String into) ->
                    new NodeRow(
                            node.name(), node.operator(), "absorbed", "", "absorbed by " + into);
            case NodeDecision.KeptFloat(String why) ->
                    new NodeRow(node.name(), node.operator(), "float", "", why);
        };
    }

    /**
     * Weights × activations of a node as it stands in the draft, where folding may have renamed its
     * weights.
     */
    private static String format(Draft draft, Node original) {
        Graph graph = draft.graph();
        Plan plan = draft.plan();
        Optional<Node> now =
                graph.allNodes().filter(node -> node.name().equals(original.name())).findFirst();
        Node node = now.orElse(original);
        Optional<String> weights =
                WeightOperand.of(graph, node).stream()
                        .flatMap(operand -> plan.encoding(operand.name()).stream())
                        .findFirst()
                        .map(encoding -> encoding.format() + " " + encoding.granularity());
        Optional<String> activations =
                plan.node(node.name()).orElse(null) instanceof NodeDecision.Dynamic
                        ? Optional.of(NodeDecision.Dynamic.INPUT)
                        : plan.encoding(node.input(0))
                                .map(encoding -> encoding.format().toString());
        return weights.map(text -> text + activations.map(format -> " × " + format).orElse(""))
                .or(() -> activations)
                .orElse("");
    }

    private static ValueRow row(Draft draft, String value, Encoding encoding) {
        boolean weight = draft.graph().constant(value).isPresent();
        List<Range> ranges =
                IntStream.range(0, encoding.groups()).mapToObj(encoding::range).toList();
        Range all = ranges.stream().reduce(Range::union).orElseThrow();
        String range =
                draft.findings().stream()
                        .filter(finding -> finding.subject().equals(value))
                        .flatMap(finding ->
                                finding instanceof Finding.Applied(_, _, String what)
                                        ? Optional.of(what).stream()
                                        : Optional.<String>empty().stream())
                        .findFirst()
                        .orElse("");
        double clipped =
                draft.findings().stream()
                        .filter(finding -> finding.subject().equals(value))
                        .flatMapToDouble(finding ->
                                finding
                                                        instanceof
                                                        Finding.Measured(
                                                                _,
                                                                _,
                                                                String quantity,
                                                                double share)
                                                && quantity.equals(Calibration.CLIPPED)
                                        ? DoubleStream.of(share)
                                        : DoubleStream.empty())
                        .findFirst()
                        .orElse(Double.NaN);
        return new ValueRow(
                value,
                draft.plan().others(value),
                weight ? "weight" : "activation",
                encoding.scheme().toString(),
                range,
                all.min(),
                all.max(),
                clipped);
    }
}
