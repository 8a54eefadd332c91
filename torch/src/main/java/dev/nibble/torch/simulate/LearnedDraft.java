package dev.nibble.torch.simulate;

import dev.nibble.graph.Node;
import dev.nibble.pass.Draft;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;
import dev.nibble.torch.operator.TorchTensors;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Writes what was learned into the draft. */
final class LearnedDraft {
    private final Learners learners;
    private final Map<String, Tensor> constants = new LinkedHashMap<>();
    private Draft draft;

    private LearnedDraft(Learners learners) {
        this.learners = learners;
        this.draft = learners.draft();
    }

    static Draft of(Learners learners) {
        LearnedDraft learned = new LearnedDraft(learners);
        learners.weights().forEach(learned::add);
        learners.others()
                .forEach((name, tensor) ->
                        learned.constants.put(name, TorchTensors.fromTorch(tensor.detach())));
        learners.ranges()
                .forEach((group, range) ->
                        learned.draft =
                                learned.draft.with(
                                        learned.draft
                                                .plan()
                                                .withEncoding(group, range.encoding())));
        return learned.withConstants();
    }

    private void add(String name, LearnedWeight weight) {
        Optional<Node> reader =
                learners.draft().graph().consumers(name).stream()
                        .filter(node -> learners.normalizers().containsKey(node.name()))
                        .findFirst();
        float[] factors =
                reader.flatMap(node ->
                                Optional.ofNullable(learners.normalizers().get(node.name()))
                                        .map(normalizer -> folded(node, normalizer)))
                        .orElseGet(weight::gains);
        LearnedWeight.Learned learned = weight.learned(factors);
        learned.encoding()
                .ifPresent(
                        encoding -> draft = draft.with(draft.plan().withEncoding(name, encoding)));
        constants.put(name, learned.weight());
    }

    private float[] folded(Node node, BatchNormalizer normalizer) {
        BatchNormalizer.Folded folded = normalizer.folded();
        constants.put(
                node.input(2), Tensor.ofFloats(Shape.of(folded.biases().length), folded.biases()));
        return folded.factors();
    }

    /** A float network has them itself; beside one with codes they are fitted. */
    private Draft withConstants() {
        if (draft.plan().values().isEmpty()) {
            return draft.mapGraph(
                    graph -> graph.edit(editor -> constants.forEach(editor::constant)));
        }
        constants.forEach((name, value) -> draft = draft.fit(name, value));
        return draft;
    }
}
