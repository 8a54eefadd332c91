package dev.nibble.report;

import dev.nibble.engine.EvenlySpaced;
import dev.nibble.engine.Samples;
import dev.nibble.graph.Graph;
import dev.nibble.graph.ValueInfo.Dimension;
import dev.nibble.graph.ValueInfo.Fixed;
import dev.nibble.graph.ValueInfo.RankedTensor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether a float network's answers make sense at all: whether it is better than guessing, and
 * whether it would be far better with its images made into inputs in another way.
 *
 * @param labelled samples with a known class that were looked at
 * @param right how many of them the network gets right
 * @param classes how many classes it tells apart; 0 if its first output does not say
 * @param better another preprocessing with which it is clearly better, on the same samples
 */
public record BaselineCheck(long labelled, long right, int classes, Optional<Better> better) {
    /** Another one has to be better by as much. */
    public static final double LEAST_GAIN = 0.1;

    private static final double STANDARD_ERRORS = 2;
    private static final int FIRST_LOOK = 32;
    private static final int MOST = 200;

    /** With fewer samples nobody knows whether answers are guessed. */
    private static final int FEWEST = 30;

    /**
     * A preprocessing that suits the network better than the one that is used.
     *
     * @param name as the command line takes it
     * @param top1 share of the samples that the network gets right with it
     * @param top1Used the same with the one that is used
     * @param standardError of the difference, over pairs
     * @param samples how many were looked at
     */
    public record Better(
            String name, double top1, double top1Used, double standardError, long samples) {}

    /**
     * Runs one network file on the same samples seen in several ways; the first is the baseline.
     */
    @FunctionalInterface
    public interface Scorer {
        List<Score> score(List<Candidate> candidates);
    }

    /** How many classes the first output of a network declares; 0 if it does not say. */
    public static int classes(Graph graph) {
        if (!(graph.outputs().getFirst().type() instanceof RankedTensor(_, List<Dimension> dims))) {
            return 0;
        }
        long classes = dims.isEmpty() ? 0 : 1;
        for (Dimension dim : dims.subList(Math.min(1, dims.size()), dims.size())) {
            classes *= dim instanceof Fixed(long size) ? size : 0;
        }
        return (int) Math.min(classes, Integer.MAX_VALUE);
    }

    /**
     * Checks a network.
     *
     * @param used the samples as they are used, labelled
     * @param others the same samples in other ways, by what these are called; empty if there are
     *     none
     */
    public static BaselineCheck of(
            Path network, int classes, Samples used, Map<String, Samples> others, Scorer scorer) {
        Samples some = EvenlySpaced.atMost(MOST, used);
        Accuracy own = scorer.score(List.of(new Candidate(network, some))).getFirst().accuracy();
        double share = own.top1Share().orElse(1);
        // nothing can be so much better than what is nearly always right
        Optional<Better> better =
                share > 1 - LEAST_GAIN ? Optional.empty() : better(network, some, others, scorer);
        return new BaselineCheck(own.labelled(), own.top1(), classes, better);
    }

    /** A first look at few samples leaves out those that are no better there. */
    private static Optional<Better> better(
            Path network, Samples used, Map<String, Samples> others, Scorer scorer) {
        Map<String, Samples> hopeful = new LinkedHashMap<>(others);
        if (used.size() > FIRST_LOOK) {
            Map<String, Accuracy> first = compare(network, FIRST_LOOK, used, others, scorer);
            hopeful.keySet()
                    .removeIf(name ->
                            first.getOrDefault(name, Accuracy.NOTHING).difference().orElse(0) <= 0);
        }
        return compare(network, used.size(), used, hopeful, scorer).entrySet().stream()
                .filter(entry -> isClear(entry.getValue()))
                .max(Comparator.comparingLong(entry -> entry.getValue().top1()))
                .map(entry -> better(entry.getKey(), entry.getValue()));
    }

    private static Map<String, Accuracy> compare(
            Path network, int count, Samples used, Map<String, Samples> others, Scorer scorer) {
        if (others.isEmpty()) {
            return Map.of();
        }
        List<Candidate> candidates = new ArrayList<>();
        candidates.add(new Candidate(network, EvenlySpaced.atMost(count, used)));
        others.values()
                .forEach(samples ->
                        candidates.add(
                                new Candidate(
                                        network,
                                        EvenlySpaced.atMost(
                                                count,
                                                EvenlySpaced.atMost(used.size(), samples)))));
        List<Score> scores = scorer.score(candidates);
        Map<String, Accuracy> found = new LinkedHashMap<>();
        for (String name : others.keySet()) {
            found.put(name, scores.get(found.size() + 1).accuracy());
        }
        return found;
    }

    private static boolean isClear(Accuracy accuracy) {
        double difference = accuracy.difference().orElse(0);
        return difference >= LEAST_GAIN
                && difference > STANDARD_ERRORS * accuracy.standardError().orElse(1);
    }

    private static Better better(String name, Accuracy accuracy) {
        double top1 = accuracy.top1Share().orElse(0);
        return new Better(
                name,
                top1,
                top1 - accuracy.difference().orElse(0),
                accuracy.standardError().orElse(Double.NaN),
                accuracy.labelled());
    }

    /** The share of right answers that guessing gives. */
    public double chance() {
        return 1.0 / Math.max(1, classes);
    }

    /** Whether the answers are no better than guessing, two standard errors given. */
    public boolean isGuessing() {
        double error = Math.sqrt(chance() * (1 - chance()) / Math.max(1, labelled));
        return labelled >= FEWEST
                && classes > 1
                && right <= labelled * (chance() + STANDARD_ERRORS * error);
    }
}
