package dev.nibble.report;

import dev.nibble.cost.MultiplyAdds;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.pass.Draft;
import dev.nibble.plan.NodeDecision;
import dev.nibble.plan.Plan;
import dev.nibble.plan.WeightOperand;
import dev.nibble.report.Report.Parameters;
import dev.nibble.report.Report.Provenance;
import dev.nibble.tensor.Tensor;

import java.util.List;
import java.util.Optional;

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
        List<Node> computing =
                original.graph().allNodes().filter(node -> !node.is("Constant")).toList();
        MultiplyAdds work = MultiplyAdds.in(original.graph());
        List<NodeRow> nodes = computing.stream().map(node -> row(draft, node)).toList();
        List<NodeLinks> links =
                computing.stream().map(node -> links(original, draft, work, node)).toList();
        Parameters parameters =
                new Parameters(original.graph().constantBytes(), lowered.graph().constantBytes());
        return new Report(
                provenance,
                nodes,
                links,
                new ValueRows(draft).rows(),
                parameters,
                rungs,
                verdict,
                soundness,
                draft.findings());
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
        Node node = asDrafted(draft, original);
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

    private static NodeLinks links(Model original, Draft draft, MultiplyAdds work, Node node) {
        Graph graph = original.graph();
        long parameters =
                node.inputs().stream()
                        .flatMap(input -> graph.constant(input).stream())
                        .mapToLong(Tensor::elements)
                        .sum();
        List<String> weights =
                WeightOperand.of(draft.graph(), asDrafted(draft, node)).stream()
                        .map(WeightOperand::name)
                        .filter(name -> draft.plan().encoding(name).isPresent())
                        .distinct()
                        .toList();
        return new NodeLinks(
                node.inputs().stream()
                        .filter(input -> !input.isEmpty() && graph.constant(input).isEmpty())
                        .distinct()
                        .toList(),
                node.outputs().stream().filter(output -> !output.isEmpty()).toList(),
                weights,
                parameters,
                work.of(node));
    }

    /** A node as folding has left it. */
    private static Node asDrafted(Draft draft, Node original) {
        return draft.graph()
                .allNodes()
                .filter(node -> node.name().equals(original.name()))
                .findFirst()
                .orElse(original);
    }
}
