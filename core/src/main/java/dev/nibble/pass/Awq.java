package dev.nibble.pass;

import dev.nibble.engine.Lab;
import dev.nibble.engine.Progress;
import dev.nibble.engine.Walk;
import dev.nibble.graph.Graph;
import dev.nibble.number.Scheme;
import dev.nibble.observe.ChannelMinMax;
import dev.nibble.pass.ChannelGroup.Limit;
import dev.nibble.pass.ChannelGroup.Port;
import dev.nibble.pass.Finding.Applied;
import dev.nibble.pass.Finding.Measured;
import dev.nibble.pass.Finding.Skipped;
import dev.nibble.plan.Decision.Planned;
import dev.nibble.plan.Plan;
import dev.nibble.plan.Planner;
import dev.nibble.plan.Recipe;
import dev.nibble.plan.Target;
import dev.nibble.plan.WeightedNode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Protects the weights that matter most from rounding to few bits: those of input channels with
 * large activations are multiplied by {@code s = E|x|^α}, and the activations divided by it.
 *
 * <p>For every group of channels the α is searched that leaves the least of the rounding errors in
 * the outputs of the layers that read it; α = 0 leaves everything as it is. The division is folded
 * into what makes the channels; where that is not possible, nothing is done and a finding says why.
 * (Lin et al. 2023, arXiv 2306.00978, section 3.2.)
 *
 * @param recipe says how the weights will be stored, which is what the search is for
 * @param target what the recipe is planned for
 */
public record Awq(Recipe recipe, Target target) implements Pass {
    /** The share of rounding errors in the outputs of the layers that read a group. */
    public static final String NOISE_BEFORE = "rounding errors in the outputs before";

    /** The same afterwards. */
    public static final String NOISE_AFTER = "rounding errors in the outputs after";

    private static final String NAME = "Awq";
    private static final int FEW_BITS = 4;

    @Override
    public Draft apply(Draft draft, Lab lab) {
        if (lab.samples().size() == 0) {
            return draft.noting(new Skipped(NAME, draft.graph().name(), "there are no samples"));
        }
        Plan plan = Planner.plan(recipe, target, draft.graph(), draft.plan());
        Map<ChannelGroup, List<Reader>> groups = new LinkedHashMap<>();
        List<Finding> findings = new ArrayList<>();
        for (ChannelGroup group : ChannelGroups.of(draft.graph())) {
            List<Reader> readers = readers(draft.graph(), plan, group);
            Optional<String> obstacle = group.obstacle().or(() -> obstacle(readers));
            if (obstacle.isPresent()) {
                findings.add(new Skipped(NAME, group.name(), obstacle.get()));
            } else {
                groups.put(group, readers);
            }
        }
        Rescaling rescaling = new Rescaling();
        findings.addAll(scale(draft, groups, ChannelExtremes.part(lab), rescaling));
        return draft.mapGraph(rescaling::applyTo).noting(findings);
    }

    /**
     * A layer whose weights will have few bits.
     *
     * @param slots of its input channels
     */
    record Reader(WeightedNode node, Scheme scheme, int[] slots) {}

    private static List<Reader> readers(Graph graph, Plan plan, ChannelGroup group) {
        List<Reader> readers = new ArrayList<>();
        for (Port port : group.readers()) {
            Optional<WeightedNode> node = WeightedNode.of(graph, port.node());
            if (node.isPresent()
                    && plan.value(node.get().weightName()).orElse(null)
                            instanceof Planned(Scheme scheme)
                    && scheme.format().bits() <= FEW_BITS) {
                readers.add(new Reader(node.get(), scheme, port.slots()));
            }
        }
        return readers;
    }

    private static Optional<String> obstacle(List<Reader> readers) {
        if (readers.isEmpty()) {
            return Optional.of("no weights of " + FEW_BITS + " bits read it");
        }
        return readers.stream().flatMap(reader -> obstacle(reader.node()).stream()).findFirst();
    }

    private static Optional<String> obstacle(WeightedNode node) {
        int width = ScaleSearch.width(node);
        if (width > ScaleSearch.WIDEST) {
            return Optional.of(
                    "each output of %s has %d weights; second moments are taken of at most %d"
                            .formatted(node.node().name(), width, ScaleSearch.WIDEST));
        }
        for (float weight : node.weight().floats()) {
            if (!Float.isFinite(weight)) {
                return Optional.of("weights of " + node.node().name() + " are not finite");
            }
        }
        return Optional.empty();
    }

    private static List<Finding> scale(
            Draft draft, Map<ChannelGroup, List<Reader>> groups, Lab lab, Rescaling rescaling) {
        Map<String, ChannelMinMax> clipped =
                ChannelExtremes.observe(
                        "looking at what is clipped",
                        draft.model(),
                        groups.keySet().stream()
                                .flatMap(group -> group.limits().stream().map(Limit::input))
                                .toList(),
                        lab);
        List<Finding> findings = new ArrayList<>();
        List<List<Reader>> left = new ArrayList<>(groups.values());
        lab.progress().start(NAME, groups.size());
        try (Walk walk = new Walk(NAME, lab.reportingTo(Progress.NONE))) {
            for (Map.Entry<ChannelGroup, List<Reader>> entry : groups.entrySet()) {
                Set<String> inputs = inputs(List.of(entry.getValue()));
                walk.bring(draft.model(), inputs);
                ScaleSearch search = new ScaleSearch(entry.getKey().slots());
                entry.getValue()
                        .forEach(reader ->
                                search.add(
                                        reader, walk.values(draft.model(), reader.node().input())));
                FactorBounds bounds = FactorBounds.of(entry.getKey(), clipped);
                findings.addAll(scale(entry.getKey(), search.best(bounds), rescaling));
                left.removeFirst();
                walk.keepFor(draft.model(), inputs(left));
                lab.progress().advance(1);
            }
        } finally {
            lab.progress().finish();
        }
        return findings;
    }

    private static Set<String> inputs(List<List<Reader>> readers) {
        Set<String> inputs = new TreeSet<>();
        readers.forEach(some -> some.forEach(reader -> inputs.add(reader.node().input())));
        return inputs;
    }

    private static List<Finding> scale(
            ChannelGroup group, ScaleSearch.Found found, Rescaling rescaling) {
        if (!(found.noise() < found.noiseBefore())) {
            return List.of(
                    new Skipped(
                            NAME,
                            group.name(),
                            Double.isFinite(found.noiseBefore())
                                    ? "no scales lessen the rounding errors"
                                    : "its values are not finite"));
        }
        rescaling.scale(group, found.factors());
        return List.of(
                new Applied(
                        NAME,
                        group.name(),
                        "multiplied %d channels by %.3g to %.3g (α = %.2f), their weights by the inverse"
                                .formatted(
                                        group.slots(),
                                        Arrays.stream(found.factors()).min().orElseThrow(),
                                        Arrays.stream(found.factors()).max().orElseThrow(),
                                        found.strength())),
                new Measured(NAME, group.name(), NOISE_BEFORE, found.noiseBefore()),
                new Measured(NAME, group.name(), NOISE_AFTER, found.noise()));
    }
}
