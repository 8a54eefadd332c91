package dev.nibble.pass;

import dev.nibble.engine.Lab;
import dev.nibble.graph.Graph;
import dev.nibble.observe.ChannelMinMax;
import dev.nibble.pass.ChannelGroup.Channels;
import dev.nibble.pass.ChannelGroup.Limit;
import dev.nibble.pass.ChannelGroup.Port;
import dev.nibble.pass.Finding.Applied;
import dev.nibble.pass.Finding.Skipped;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Moves outliers of activations into the weights that read them: {@code s = max|X|^α / max|W|^(1 −
 * α)} for each input channel, X is divided by it and W multiplied.
 *
 * <p>The division is folded into what makes X, a normalization or a layer with weights; where that
 * is not possible, nothing is done and a finding says why. (Xiao et al. 2022, arXiv 2211.10438,
 * section 4.)
 *
 * @param strength the paper's α: 0 leaves all difficulty with the activations, 1 moves all of it
 */
public record SmoothQuant(double strength) implements Pass {
    private static final String NAME = "SmoothQuant";
    private static final double USUAL = 0.5;

    public SmoothQuant {
        if (!(strength >= 0 && strength <= 1)) {
            throw new IllegalArgumentException("strength " + strength + " is outside 0..1");
        }
    }

    /** Half of the difficulty moves, as the paper has it for most networks. */
    public SmoothQuant() {
        this(USUAL);
    }

    @Override
    public Draft apply(Draft draft, Lab lab) {
        List<ChannelGroup> groups = new ArrayList<>();
        List<Finding> findings = new ArrayList<>();
        for (ChannelGroup group : ChannelGroups.of(draft.graph())) {
            Optional<String> obstacle =
                    group.obstacle()
                            .or(() ->
                                    group.readers().isEmpty()
                                            ? Optional.of("no weights read it")
                                            : Optional.empty());
            if (obstacle.isPresent()) {
                findings.add(new Skipped(NAME, group.name(), obstacle.get()));
            } else {
                groups.add(group);
            }
        }
        List<Channels> values =
                groups.stream()
                        .flatMap(group ->
                                Stream.concat(
                                        read(group), group.limits().stream().map(Limit::input)))
                        .toList();
        Map<String, ChannelMinMax> observed =
                ChannelExtremes.observe("smoothing", draft.model(), values, lab);
        Rescaling rescaling = new Rescaling();
        for (ChannelGroup group : groups) {
            findings.add(smooth(draft.graph(), group, observed, rescaling));
        }
        return draft.mapGraph(rescaling::applyTo).noting(findings);
    }

    /** The values of a group that weights multiply. */
    private static Stream<Channels> read(ChannelGroup group) {
        return group.values().stream()
                .filter(channels ->
                        group.readers().stream()
                                .anyMatch(port -> port.node().input(0).equals(channels.value())));
    }

    private Finding smooth(
            Graph graph,
            ChannelGroup group,
            Map<String, ChannelMinMax> observed,
            Rescaling rescaling) {
        double[] activations = activations(group, observed);
        double[] weights = weights(graph, group);
        FactorBounds bounds = FactorBounds.of(group, observed);
        double[] factors = new double[group.slots()];
        for (int slot = 0; slot < factors.length; slot++) {
            double smoothing =
                    Math.pow(activations[slot], strength) / Math.pow(weights[slot], 1 - strength);
            boolean alive = activations[slot] > 0 && weights[slot] > 0;
            factors[slot] = alive ? bounds.clamp(slot, 1 / smoothing) : 1;
        }
        if (Arrays.stream(factors).allMatch(factor -> factor == 1)) {
            return new Skipped(
                    NAME,
                    group.name(),
                    "nothing was observed of it, or a Clip keeps all of its channels");
        }
        rescaling.scale(group, factors);
        return new Applied(
                NAME,
                group.name(),
                "multiplied %d channels by %.3g to %.3g, their weights by the inverse"
                        .formatted(
                                factors.length,
                                Arrays.stream(factors).min().orElseThrow(),
                                Arrays.stream(factors).max().orElseThrow()));
    }

    private static double[] activations(ChannelGroup group, Map<String, ChannelMinMax> observed) {
        double[] largest = new double[group.slots()];
        read(group)
                .forEach(channels -> {
                    ChannelMinMax extremes =
                            observed.getOrDefault(channels.value(), ChannelMinMax.NOTHING);
                    for (int channel = 0; channel < extremes.channels(); channel++) {
                        int slot = channels.slots()[channel];
                        largest[slot] =
                                Math.max(
                                        largest[slot],
                                        Math.max(extremes.max(channel), -extremes.min(channel)));
                    }
                });
        return largest;
    }

    private static double[] weights(Graph graph, ChannelGroup group) {
        double[] largest = new double[group.slots()];
        for (Port port : group.readers()) {
            LinearNode linear = LinearNode.of(graph, port.node()).orElseThrow();
            float[] weights = linear.weight().floats();
            for (int i = 0; i < weights.length; i++) {
                int slot = port.slots()[linear.channels().input(i)];
                largest[slot] = Math.max(largest[slot], Math.abs(weights[i]));
            }
        }
        return largest;
    }
}
