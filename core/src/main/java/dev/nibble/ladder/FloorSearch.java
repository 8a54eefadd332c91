package dev.nibble.ladder;

import dev.nibble.pass.Draft;
import dev.nibble.pass.Finding;
import dev.nibble.pass.Finding.Applied;
import dev.nibble.pass.Finding.Measured;
import dev.nibble.plan.NamePattern;
import dev.nibble.plan.NodeScheme;
import dev.nibble.plan.NodeScheme.Choice;
import dev.nibble.plan.NodeScheme.Like;
import dev.nibble.plan.NodeScheme.StayFloat;
import dev.nibble.plan.Recipe;
import dev.nibble.plan.Recipes;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Mixed precision for a network that stays below the floor: leaves the activations of as few nodes
 * float as reach it, those without weights included.
 *
 * <p>Groups of consecutive nodes are measured first, then the layers of those groups that make the
 * most noise; so a dozen measurements and a few more find what hundreds would. If only the whole
 * network with float activations is good enough, that is what it gets, and if rounded weights alone
 * are too much, some layers become float altogether.
 *
 * @param meter measures noise on samples that passes may see
 * @param recipe what stays below the floor
 * @param floor what is to be reached
 * @param again goes through all repairs, with another recipe
 */
record FloorSearch(NoiseMeter meter, Recipe recipe, Floor floor, Function<Recipe, State> again) {
    private static final int GROUPS = 12;
    private static final double HOPELESS = 3;
    private static final String NAME = FormatSearch.NAME;
    private static final Choice WEIGHTS_ALONE = new Like(Recipes.INT8_WEIGHTS);

    /**
     * What was found.
     *
     * @param how what it is, in words
     */
    record Found(State state, String how) {}

    /** What leaving a segment out of the codes saves. */
    private record Gain(Segment segment, double saved) {}

    /** The best network that was found. */
    Found find() {
        Recipe weightsAlone =
                schemed(recipe, List.of(new NodeScheme(new NamePattern("*"), WEIGHTS_ALONE)));
        Found whole = new Found(again.apply(weightsAlone), "int8-weights for the whole network");
        if (floor.isMetBy(whole.state())) {
            List<Segment> segments = Segment.of(planned(recipe));
            return narrow(recipe, WEIGHTS_ALONE, segments)
                    .orElseGet(() -> new Found(noted(whole), whole.how()));
        }
        return narrow(weightsAlone, new StayFloat(), Segment.of(planned(weightsAlone)))
                .orElseGet(() -> new Found(noted(whole), whole.how()));
    }

    private static State noted(Found whole) {
        return noting(
                whole.state(),
                List.of(
                        new Applied(
                                NAME,
                                "network",
                                "gets "
                                        + whole.how()
                                        + ": with fewer float activations it stays below the"
                                        + " floor")));
    }

    private Draft planned(Recipe formats) {
        return meter.ground().planned(meter.prepared(), formats);
    }

    /** The fewest nodes of the base recipe that reach the floor with another choice. */
    private Optional<Found> narrow(Recipe base, Choice choice, List<Segment> segments) {
        double reference = meter.noise(base);
        List<Gain> groups = gains(base, choice, Segment.joined(segments, GROUPS), reference);
        Optional<List<Segment>> enough = Optional.empty();
        Optional<State> found = Optional.empty();
        for (int count = 1; count < groups.size() && found.isEmpty(); count *= 2) {
            List<Segment> taken = groups.subList(0, count).stream().map(Gain::segment).toList();
            if (isHopeless(reference, groups.subList(0, count))) {
                continue;
            }
            found = reaching(base, choice, taken);
            enough = Optional.of(taken);
        }
        if (found.isEmpty()) {
            return Optional.empty();
        }
        List<Segment> parts = within(enough.orElseThrow(), segments);
        List<Gain> layers = gains(base, choice, parts, reference);
        for (int count = Math.ceilDiv(parts.size(), 8); count < parts.size(); count *= 2) {
            List<Segment> taken = layers.subList(0, count).stream().map(Gain::segment).toList();
            if (isHopeless(reference, layers.subList(0, count))) {
                continue;
            }
            Optional<State> fewer = reaching(base, choice, taken);
            if (fewer.isPresent()) {
                return Optional.of(told(fewer.get(), taken, choice, layers));
            }
        }
        return Optional.of(told(found.get(), enough.get(), choice, groups));
    }

    /** Whether far more noise must remain than may, as far as noise adds up. */
    private boolean isHopeless(double reference, List<Gain> taken) {
        double rest = reference - taken.stream().mapToDouble(Gain::saved).sum();
        return rest > HOPELESS * floor.noise();
    }

    private static List<Segment> within(List<Segment> groups, List<Segment> segments) {
        Set<String> nodes = new HashSet<>();
        groups.forEach(group -> nodes.addAll(group.nodes()));
        return segments.stream().filter(segment -> nodes.contains(segment.name())).toList();
    }

    /** Measures each segment alone; what saves the most noise comes first. */
    private List<Gain> gains(Recipe base, Choice choice, List<Segment> segments, double reference) {
        List<Double> noises =
                meter.noises(
                        segments.stream()
                                .map(segment -> schemed(base, segment.schemes(choice)))
                                .toList());
        List<Gain> gains = new ArrayList<>();
        for (int i = 0; i < segments.size(); i++) {
            gains.add(new Gain(segments.get(i), reference - noises.get(i)));
        }
        return gains.stream()
                .sorted(
                        Comparator.comparingDouble(Gain::saved)
                                .reversed()
                                .thenComparing(gain -> gain.segment().name()))
                .toList();
    }

    private Optional<State> reaching(Recipe base, Choice choice, List<Segment> taken) {
        List<NodeScheme> schemes =
                taken.stream().flatMap(segment -> segment.schemes(choice).stream()).toList();
        return Optional.of(again.apply(schemed(base, schemes))).filter(floor::isMetBy);
    }

    private static Found told(
            State state, List<Segment> taken, Choice choice, List<Gain> measured) {
        String gets = choice instanceof StayFloat ? "float" : "float activations";
        List<Finding> findings = new ArrayList<>();
        for (Gain gain : measured) {
            findings.add(
                    new Measured(
                            NAME,
                            gain.segment().name(),
                            "noise that %s from here on, for %d nodes, would save, as a share of signal power"
                                    .formatted(gets, gain.segment().nodes().size()),
                            gain.saved()));
        }
        int nodes = 0;
        for (Segment segment : taken) {
            nodes += segment.nodes().size();
            segment.nodes().forEach(node -> findings.add(new Applied(NAME, node, "gets " + gets)));
        }
        return new Found(noting(state, findings), "%s for %d nodes".formatted(gets, nodes));
    }

    private static State noting(State state, List<Finding> findings) {
        return new State(
                state.recipe(),
                state.calibrated(),
                state.draft().noting(findings),
                state.lowered(),
                state.score());
    }

    /** What the user says of a node comes last and counts. */
    private Recipe schemed(Recipe base, List<NodeScheme> schemes) {
        List<NodeScheme> all = new ArrayList<>();
        all.addAll(base.schemes().subList(0, base.schemes().size() - recipe.schemes().size()));
        all.addAll(schemes);
        all.addAll(recipe.schemes());
        return new Recipe(
                base.name(),
                base.layers(),
                base.edges(),
                base.correctBias(),
                base.keepFloat(),
                base.ranges(),
                all);
    }
}
