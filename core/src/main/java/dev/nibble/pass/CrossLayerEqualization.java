package dev.nibble.pass;

import dev.nibble.engine.Lab;
import dev.nibble.observe.ChannelMinMax;
import dev.nibble.pass.ChannelGroup.Channels;
import dev.nibble.pass.ChannelGroup.Limit;
import dev.nibble.pass.Finding.Applied;
import dev.nibble.pass.Finding.Measured;
import dev.nibble.pass.Finding.Skipped;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Scales the channels between layers, so that one scale for a whole tensor wastes fewer codes on
 * them; the layer before multiplies by a channel's factor, the layer behind divides.
 *
 * <p>Relu and its like let positive factors through, so that the function stays the same; a Clip
 * bounds the factors of what it clips, and the function stays the same on what was observed (see
 * {@link ClipHandling}). Additions and concatenations tie channels, so that whole residual streams
 * are scaled as one. (Nagel et al. 2019, arXiv 1906.04721, sections 4.1 and appendix A.)
 *
 * @param mode what is to fill its range
 * @param strength 1 evens the ranges out, 0 leaves them, between is between
 * @param clips what becomes of Clips with bounds on the way
 */
public record CrossLayerEqualization(Mode mode, double strength, ClipHandling clips)
        implements Pass {
    private static final String NAME = "CrossLayerEqualization";

    /** What is to fill its range. */
    public enum Mode {
        /** The weights before and behind: for weights with one scale a tensor. */
        WEIGHTS,
        /** The values in between: for weights with a scale for each output channel. */
        ACTIVATIONS
    }

    /** What becomes of a Clip between 0 and an upper bound, as in ReLU6. */
    public enum ClipHandling {
        /**
         * It stays: channels that come near a bound keep their scale, which preserves the function
         * on what was observed; where a value reaches farther, a grown channel may be clipped. How
         * much that changes is measured on samples not used for observing, if there are some.
         */
        KEEP,
        /**
         * It becomes a Relu, as in the paper: the function changes a little, and this is measured.
         */
        REPLACE_BY_RELU
    }

    public CrossLayerEqualization {
        if (!(strength > 0 && strength <= 1)) {
            throw new IllegalArgumentException(
                    "strength " + strength + " is not above 0 and at most 1");
        }
    }

    /** The usual settings: all the way for weights, most of it for activations. */
    public CrossLayerEqualization(Mode mode) {
        this(mode, mode == Mode.WEIGHTS ? 1 : 0.7, ClipHandling.KEEP);
    }

    @Override
    public Draft apply(Draft draft, Lab lab) {
        Draft at =
                clips == ClipHandling.REPLACE_BY_RELU
                        ? new ReluReplacement(NAME).apply(draft, lab)
                        : draft;
        List<ChannelGroup> groups = new ArrayList<>();
        for (ChannelGroup group : ChannelGroups.of(at.graph())) {
            Optional<String> obstacle = group.obstacle().or(() -> clipped(group));
            if (obstacle.isPresent()) {
                at = at.noting(new Skipped(NAME, group.name(), obstacle.get()));
            } else {
                groups.add(group);
            }
        }
        Map<String, ChannelMinMax> observed =
                ChannelExtremes.observe("equalizing", at.model(), wanted(groups), lab);
        return measure(at, equalize(at, groups, observed), groups, lab);
    }

    /**
     * Clips may clip a grown channel where it reaches farther than was observed: by how much this
     * changes the function is measured on other samples, if there are some.
     */
    private static Draft measure(Draft before, Draft after, List<ChannelGroup> groups, Lab lab) {
        boolean clipped = groups.stream().anyMatch(group -> !group.limits().isEmpty());
        Optional<Lab> unseen = clipped ? ChannelExtremes.rest(lab) : Optional.empty();
        return unseen.map(rest ->
                        after.noting(
                                new Measured(
                                        NAME,
                                        "outputs",
                                        "SQNR in dB on %d samples not used for observing"
                                                .formatted(rest.samples().size()),
                                        FunctionChange.sqnrDb(
                                                "comparing with the network as it was",
                                                before.model(),
                                                after.model(),
                                                rest))))
                .orElse(after);
    }

    /** Why channels that could only grow must not: empty if nothing clips them. */
    private Optional<String> clipped(ChannelGroup group) {
        return mode == Mode.ACTIVATIONS && !group.limits().isEmpty()
                ? Optional.of(
                        "Clip "
                                + group.limits().getFirst().node().name()
                                + " would clip a grown channel on samples other than those"
                                + " observed")
                : Optional.empty();
    }

    private List<Channels> wanted(List<ChannelGroup> groups) {
        return groups.stream()
                .flatMap(group ->
                        switch (mode) {
                            case WEIGHTS -> group.limits().stream().map(Limit::input);
                            case ACTIVATIONS -> group.values().stream();
                        })
                .toList();
    }

    private Draft equalize(
            Draft draft, List<ChannelGroup> groups, Map<String, ChannelMinMax> observed) {
        List<FactorBounds> bounds =
                groups.stream().map(group -> FactorBounds.of(group, observed)).toList();
        List<double[]> factors =
                switch (mode) {
                    case WEIGHTS ->
                            new WeightBalance(draft.graph(), groups, bounds, strength).factors();
                    case ACTIVATIONS -> {
                        RangeFilling filling = new RangeFilling(draft.graph(), observed);
                        yield groups.stream()
                                .map(group -> filling.factors(group, strength))
                                .toList();
                    }
                };
        Rescaling rescaling = new Rescaling();
        List<Finding> findings = new ArrayList<>();
        for (int i = 0; i < groups.size(); i++) {
            rescaling.scale(groups.get(i), factors.get(i));
            findings.add(finding(groups.get(i), bounds.get(i), factors.get(i)));
        }
        return draft.mapGraph(rescaling::applyTo).noting(findings);
    }

    private static Finding finding(ChannelGroup group, FactorBounds bounds, double[] factors) {
        long scaled = Arrays.stream(factors).filter(factor -> factor != 1).count();
        if (scaled == 0) {
            return new Skipped(
                    NAME,
                    group.name(),
                    bounds.fixed() > 0
                            ? bounds.fixed()
                                    + " of "
                                    + group.slots()
                                    + " channels must keep their scale for a Clip, and no other"
                                    + " gains"
                            : "its channels fill their range already");
        }
        return new Applied(
                NAME,
                group.name(),
                "scaled %d of %d channels by %.3g to %.3g; %d keep their scale for a Clip"
                        .formatted(
                                scaled,
                                group.slots(),
                                Arrays.stream(factors).min().orElseThrow(),
                                Arrays.stream(factors).max().orElseThrow(),
                                bounds.fixed()));
    }
}
