package dev.nibble.pass;

import dev.nibble.engine.Lab;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.observe.ChannelMinMax;
import dev.nibble.pass.ChannelGroup.Channels;
import dev.nibble.pass.Finding.Applied;
import dev.nibble.pass.Finding.Skipped;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Moves what a channel always has, before and behind a Relu, on into the biases of the next layers,
 * so that it takes no codes.
 *
 * <p>With {@code c = max(0, min y)} over the observed values y of a channel before the Relu: {@code
 * relu(y) = relu(y − c) + c}, so {@code b' = b − c} before and {@code b' = b + W·c} behind. The
 * function is the same on what was observed; the paper takes mean − 3·deviation of an assumed
 * normal distribution for c, which cuts some of it off. (Nagel et al. 2019, arXiv 1906.04721,
 * section 4.1.3.)
 */
public record HighBiasAbsorption() implements Pass {
    private static final String NAME = "HighBiasAbsorption";
    private static final String SUFFIX = "_absorbed";

    /** A layer, the Relu behind it, and the layers that read that. */
    private record Chain(LinearNode before, Node relu, List<LinearNode> behind) {}

    @Override
    public Draft apply(Draft draft, Lab lab) {
        Draft at = draft;
        Map<String, Chain> chains = new LinkedHashMap<>();
        for (Node relu : draft.graph().nodes()) {
            if (relu.is("Relu") || relu.is("Clip")) {
                Optional<String> obstacle = obstacle(draft.graph(), relu);
                if (obstacle.isPresent()) {
                    at = at.noting(new Skipped(NAME, relu.name(), obstacle.get()));
                } else {
                    chains.put(relu.name(), chain(draft.graph(), relu));
                }
            }
        }
        List<Channels> values =
                chains.values().stream()
                        .map(chain ->
                                new Channels(
                                        chain.relu().input(0), chain.before().axis(), new int[0]))
                        .toList();
        Map<String, ChannelMinMax> observed =
                ChannelExtremes.observe("looking for high biases", at.model(), values, lab);
        for (String relu : chains.keySet()) {
            at = absorb(at, relu, observed);
        }
        return at.mapGraph(UnusedConstants::removeFrom);
    }

    private static Chain chain(Graph graph, Node relu) {
        return new Chain(
                graph.producer(relu.input(0))
                        .flatMap(node -> LinearNode.of(graph, node))
                        .orElseThrow(),
                relu,
                graph.consumers(relu.output(0)).stream()
                        .map(node -> LinearNode.of(graph, node).orElseThrow())
                        .toList());
    }

    private static Optional<String> obstacle(Graph graph, Node relu) {
        if (relu.is("Clip")) {
            return Optional.of("its upper bound does not move with the channels");
        }
        boolean fed =
                graph.soleConsumer(relu.input(0)).isPresent()
                        && graph.producer(relu.input(0))
                                .flatMap(node -> LinearNode.of(graph, node))
                                .filter(HighBiasAbsorption::takesBias)
                                .isPresent();
        if (!fed) {
            return Optional.of(
                    "its input does not come, for it alone, from a layer with weights and a bias");
        }
        if (graph.isOutput(relu.output(0)) || graph.consumers(relu.output(0)).isEmpty()) {
            return Optional.of("no layer with weights reads it");
        }
        return graph.consumers(relu.output(0)).stream()
                .flatMap(reader -> obstacle(graph, relu, reader).stream())
                .findFirst();
    }

    private static Optional<String> obstacle(Graph graph, Node relu, Node reader) {
        Optional<LinearNode> linear =
                LinearNode.of(graph, reader)
                        .filter(node -> node.node().input(0).equals(relu.output(0)))
                        .filter(HighBiasAbsorption::takesBias);
        if (linear.isEmpty()) {
            return Optional.of(
                    reader.operator() + " " + reader.name() + " reads it and takes no bias");
        }
        return linear.get().seesBorders()
                ? Optional.of(
                        reader.name()
                                + " reads zeros beyond the border, which have no bias in them")
                : Optional.empty();
    }

    private static boolean takesBias(LinearNode linear) {
        return !linear.node().is("MatMul") && !linear.scalesProduct();
    }

    private static Draft absorb(Draft draft, String name, Map<String, ChannelMinMax> observed) {
        Graph graph = draft.graph();
        // looked up again: a layer may be behind one Relu and before the next
        Chain chain =
                chain(
                        graph,
                        graph.nodes().stream()
                                .filter(node -> node.name().equals(name))
                                .findFirst()
                                .orElseThrow());
        ChannelMinMax extremes =
                observed.getOrDefault(chain.relu().input(0), ChannelMinMax.NOTHING);
        double[] always = new double[chain.before().channels().outputs()];
        List<Integer> high = new ArrayList<>();
        for (int channel = 0; channel < extremes.channels(); channel++) {
            float least = extremes.min(channel);
            if (least > 0 && Float.isFinite(least)) {
                always[channel] = least;
                high.add(channel);
            }
        }
        if (high.isEmpty()) {
            return draft.noting(
                    new Skipped(
                            NAME,
                            name,
                            extremes.isEmpty()
                                    ? "nothing was observed of its input"
                                    : "no channel of its input stays above 0"));
        }
        return draft.mapGraph(same -> absorb(same, chain, always))
                .noting(
                        new Applied(
                                NAME,
                                name,
                                "moved the observed minimum of %d of %d channels on"
                                        .formatted(high.size(), always.length)));
    }

    private static Graph absorb(Graph graph, Chain chain, double[] always) {
        return graph.edit(editor -> {
            float[] less = chain.before().biases();
            for (int channel = 0; channel < less.length; channel++) {
                less[channel] = (float) (less[channel] - always[channel]);
            }
            chain.before().setBias(editor, less, SUFFIX);
            for (LinearNode behind : chain.behind()) {
                float[] more = behind.biases();
                double[] moved = behind.through(always);
                for (int channel = 0; channel < more.length; channel++) {
                    more[channel] = (float) (more[channel] + moved[channel]);
                }
                behind.setBias(editor, more, SUFFIX);
            }
        });
    }
}
