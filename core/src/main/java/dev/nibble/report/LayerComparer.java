package dev.nibble.report;

import static java.util.Objects.requireNonNull;

import dev.nibble.engine.Engine;
import dev.nibble.engine.EvenlySpaced;
import dev.nibble.engine.Lab;
import dev.nibble.engine.ModelFormat;
import dev.nibble.engine.Probe;
import dev.nibble.engine.Progress;
import dev.nibble.engine.Samples;
import dev.nibble.error.NibbleException;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.observe.ErrorStatistic;
import dev.nibble.opset.OpsetUpgrade;
import dev.nibble.pass.BatchNormFolding;
import dev.nibble.pass.Draft;
import dev.nibble.plan.WeightOperand;
import dev.nibble.prepare.Preparation;
import dev.nibble.report.LayerComparison.Remedy;
import dev.nibble.report.LayerMatching.Segment;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Compares a quantized network with the float one it was made from, layer by layer.
 *
 * <p>Three things are measured: the error of every value both networks have, when the quantized one
 * runs as it is; the error that a quantized layer adds to values of the float network; and the
 * error of the float network's outputs with one layer in it quantized. Memory holds the values of
 * one sample a thread, not more with more samples.
 */
public final class LayerComparer {
    /** Networks with one layer quantized run on so many samples: there is one for each layer. */
    private static final int SHARE_SAMPLES = 32;

    private static final int MOST_TOGETHER = 8;
    private static final long BYTES_TOGETHER = 1L << 29;
    private static final int MOST_KEPT = 5;

    private final Lab lab;
    private final Engine engine;
    private final ModelFormat format;
    private final Model original;
    private final Model quantized;
    private final Map<String, String> outputs;
    private final Map<String, WeightPair> weights;
    private final LayerMatching matching;

    private LayerComparer(
            Lab lab,
            Engine engine,
            ModelFormat format,
            Model original,
            Model quantized,
            Map<String, String> outputs) {
        this.lab = lab;
        this.engine = engine;
        this.format = format;
        this.original = original;
        this.quantized = quantized;
        this.outputs = outputs;
        this.weights = weights(original, quantized, lab);
        this.matching =
                LayerMatching.of(
                        original.graph(),
                        quantized.graph(),
                        outputs,
                        RescaledValues.of(original.graph(), weights));
    }

    /**
     * Compares two networks.
     *
     * @param lab runs over the samples
     * @param engine what the lab runs networks with
     * @param format what the engine reads
     * @param floatFile for messages
     * @param quantizedFile for messages
     * @throws NibbleException if the networks do not have the same inputs and outputs, or cannot be
     *     run
     */
    public static LayerComparison compare(
            Lab lab,
            Engine engine,
            ModelFormat format,
            Path floatFile,
            Model floatModel,
            Path quantizedFile,
            Model quantizedModel) {
        if (lab.samples().size() == 0) {
            throw new NibbleException("there are no samples to compare on; give at least one");
        }
        Model original = Preparation.of(floatModel).model();
        Model quantized =
                quantizedModel.functions().isEmpty()
                        ? quantizedModel.map(Graph::named)
                        : Preparation.flat(quantizedModel).model();
        requireInputs(floatFile, original.graph(), quantizedFile, quantized.graph());
        Map<String, String> outputs =
                OutputPairs.of(floatFile, original.graph(), quantizedFile, quantized.graph())
                        .names();
        long opset = Math.max(original.opset(), quantized.opset());
        return new LayerComparer(
                        lab,
                        engine,
                        format,
                        called(raised(original, opset), "float"),
                        called(raised(quantized, opset), "quantized"),
                        outputs)
                .compare();
    }

    private static Model raised(Model model, long opset) {
        return model.opset() < opset ? OpsetUpgrade.raise(model, opset) : model;
    }

    private static Model called(Model model, String suffix) {
        return model.map(graph -> graph.called(graph.name() + ", " + suffix));
    }

    private static void requireInputs(Path one, Graph original, Path two, Graph quantized) {
        Set<String> given = names(original);
        Set<String> wanted = names(quantized);
        if (!given.equals(wanted)) {
            throw new NibbleException(
                    "%s takes %s, but %s takes %s; compare a network with the one that was made of it"
                            .formatted(one, given, two, wanted));
        }
    }

    private static Set<String> names(Graph graph) {
        Set<String> names = new TreeSet<>();
        graph.fedInputs().forEach(input -> names.add(input.name()));
        return names;
    }

    /** Weights beside those of the float network, batch normalization folded or not. */
    private static Map<String, WeightPair> weights(Model original, Model quantized, Lab lab) {
        Optional<Graph> actual = WeightPair.dequantized(quantized);
        if (actual.isEmpty()) {
            return Map.of();
        }
        Graph folded = new BatchNormFolding().apply(Draft.of(original), lab).graph();
        Map<String, WeightPair> pairs =
                new TreeMap<>(WeightPair.of(original.graph(), actual.get()));
        WeightPair.of(folded, actual.get())
                .forEach((node, pair) -> pairs.merge(node, pair, WeightPair::nearer));
        return pairs;
    }

    private LayerComparison compare() {
        LayerErrors errors = errors();
        List<Segment> compared =
                matching.segments().stream()
                        .filter(segment -> errors.accumulated(segment.value()).samples() > 0)
                        .filter(segment -> errors.accumulated(segment.value()).counted() == 0)
                        .toList();
        Samples some = EvenlySpaced.atMost(SHARE_SAMPLES, lab.samples());
        List<Likeness> alone = alone(some, compared, errors);
        Likeness whole = alone.getFirst();
        List<LayerRow> rows = new ArrayList<>();
        for (int i = 0; i < compared.size(); i++) {
            rows.add(row(compared.get(i), errors, alone.get(i + 1), whole));
        }
        return new LayerComparison(
                engine.name(),
                lab.samples().description(),
                whole(errors),
                some.size(),
                rows,
                matching.unmatched(),
                remedy(some, rows, compared, whole),
                new NodeTimer(engine, format).time(original, quantized, lab));
    }

    private double whole(LayerErrors errors) {
        return outputs.keySet().stream()
                .map(output -> errors.accumulated(output).error())
                .reduce(ErrorStatistic.NOTHING, ErrorStatistic::merge)
                .measures()
                .sqnrDb();
    }

    /** The pass over all samples. */
    private LayerErrors errors() {
        Graft graft = Graft.of(original.graph(), quantized.graph(), sources());
        Set<String> counterparts = new TreeSet<>();
        Set<String> fetched = new TreeSet<>();
        for (Segment segment : matching.segments()) {
            counterparts.add(segment.counterpart());
            fetched.add(segment.value());
            fetched.add(graft.name(segment.counterpart()));
        }
        Model both = united(original.with(graft.beside(counterparts)), quantized);
        return lab.measure(
                "comparing layers",
                List.of(new Probe(both, fetched), new Probe(quantized, counterparts)),
                new LayerErrors.Measuring(matching.segments(), graft::name));
    }

    private Map<String, String> sources() {
        Map<String, String> sources = new LinkedHashMap<>();
        matching.counterparts().forEach((value, other) -> sources.putIfAbsent(other, value));
        return sources;
    }

    /** A model with the operator sets of another as well. */
    private static Model united(Model model, Model other) {
        Map<String, Long> opsets = new HashMap<>(model.opsets());
        other.opsets().forEach((domain, version) -> opsets.merge(domain, version, Math::max));
        return new Model(
                model.graph(),
                Math.max(model.irVersion(), other.irVersion()),
                opsets,
                model.metadata(),
                model.functions(),
                model.extras());
    }

    /**
     * The outputs of the quantized network, and then of the float one with each layer alone
     * quantized, beside those of the float one; layers that add nothing do not run.
     */
    private List<Likeness> alone(Samples some, List<Segment> segments, LayerErrors errors) {
        Graft graft = Graft.of(original.graph(), quantized.graph(), sources());
        Map<Integer, Model> networks = new LinkedHashMap<>();
        networks.put(0, quantized);
        for (int i = 0; i < segments.size(); i++) {
            Segment segment = segments.get(i);
            OutputCheck added = errors.added(segment.value());
            if (added.error().errorSquares() > 0 || added.notFinite() > 0) {
                Graph graph = graft.instead(Map.of(segment.counterpart(), segment.value()));
                networks.put(i + 1, called(united(original.with(graph), quantized), "layer " + i));
            }
        }
        Map<Integer, Likeness> likeness = run(some, networks);
        List<Likeness> all = new ArrayList<>();
        for (int i = 0; i <= segments.size(); i++) {
            all.add(likeness.getOrDefault(i, Likeness.NOTHING));
        }
        return all;
    }

    private Map<Integer, Likeness> run(Samples some, Map<Integer, Model> networks) {
        Lab silent = lab.over(some).reportingTo(Progress.NONE);
        Progress progress = lab.progress();
        List<Integer> open = new ArrayList<>(networks.keySet());
        Map<Integer, Likeness> likeness = new HashMap<>();
        progress.start("quantizing layers one by one", open.size());
        try {
            for (int from = 0; from < open.size(); from += together()) {
                List<Integer> group = open.subList(from, Math.min(open.size(), from + together()));
                List<Model> models =
                        group.stream().map(i -> requireNonNull(networks.get(i))).toList();
                List<Likeness> each = likeness(silent, models);
                for (int i = 0; i < group.size(); i++) {
                    likeness.put(group.get(i), each.get(i));
                }
                progress.advance(group.size());
            }
        } finally {
            progress.finish();
        }
        return likeness;
    }

    private int together() {
        long bytes = Math.max(1, original.graph().constantBytes());
        return Math.clamp(BYTES_TOGETHER / bytes, 1, MOST_TOGETHER);
    }

    private List<Likeness> likeness(Lab silent, List<Model> models) {
        List<Probe> probes = new ArrayList<>(List.of(Probe.outputsOf(original)));
        List<Map<String, String>> names = new ArrayList<>();
        Map<String, String> own = new LinkedHashMap<>();
        outputs.keySet().forEach(output -> own.put(output, output));
        for (Model model : models) {
            probes.add(Probe.outputsOf(model));
            names.add(model.graph().outputs().equals(original.graph().outputs()) ? own : outputs);
        }
        return silent.measure("comparing", probes, new Likeness.Measuring(names)).each();
    }

    private LayerRow row(Segment segment, LayerErrors errors, Likeness alone, Likeness whole) {
        OutputCheck accumulated = errors.accumulated(segment.value());
        OutputCheck added = errors.added(segment.value());
        return new LayerRow(
                segment.layer().name(),
                segment.layer().operator(),
                segment.nodes().stream().map(Node::name).toList(),
                segment.value(),
                sqnrDb(accumulated),
                noise(accumulated),
                sqnrDb(added),
                noise(added),
                whole.noise() == 0 ? Double.NaN : alone.noise() / whole.noise(),
                weightSqnrDb(segment),
                Math.max(accumulated.notFinite(), added.notFinite()));
    }

    private double weightSqnrDb(Segment segment) {
        List<Node> weighted = weighted(segment);
        WeightPair pair = weights.get(segment.layer().name());
        return pair == null || weighted.size() != 1 ? Double.NaN : pair.sqnrDb();
    }

    private List<Node> weighted(Segment segment) {
        return segment.nodes().stream()
                .filter(node -> !WeightOperand.candidates(original.graph(), node).isEmpty())
                .toList();
    }

    private static double sqnrDb(OutputCheck check) {
        return check.error().count() == 0 ? Double.NaN : check.sqnrDb();
    }

    private static double noise(OutputCheck check) {
        if (check.error().count() == 0) {
            return Double.NaN;
        }
        double noise = check.error().errorSquares();
        return noise == 0 ? 0 : noise / check.error().referenceSquares();
    }

    /**
     * The worst layers: those with at least half of the share of the worst of them. A layer that
     * stands for many is no advice.
     */
    private Optional<Remedy> remedy(
            Samples some, List<LayerRow> rows, List<Segment> segments, Likeness whole) {
        List<LayerRow> worst =
                rows.stream()
                        .filter(row ->
                                weighted(segments.get(rows.indexOf(row))).size() <= MOST_KEPT)
                        .sorted(LayerComparison.worst())
                        .limit(MOST_KEPT)
                        .toList();
        Map<String, String> kept = new LinkedHashMap<>();
        Set<String> nodes = new TreeSet<>();
        for (LayerRow row : worst) {
            boolean counts =
                    row.notFinite() > 0
                            || (row.share() > 0 && row.share() >= worst.getFirst().share() / 2);
            if (counts) {
                Segment segment = segments.get(rows.indexOf(row));
                kept.put(segment.value(), segment.counterpart());
                List<Node> weighted = weighted(segment);
                (weighted.isEmpty() ? List.of(segment.layer()) : weighted)
                        .forEach(node -> nodes.add(node.name()));
            }
        }
        if (kept.isEmpty()) {
            return Optional.empty();
        }
        Graft graft = Graft.of(quantized.graph(), original.graph(), matching.counterparts());
        Model repaired = united(quantized.with(graft.instead(kept)), original);
        Likeness after =
                likeness(lab.over(some).reportingTo(Progress.NONE), List.of(repaired)).getFirst();
        return Optional.of(
                new Remedy(
                        List.copyOf(nodes),
                        whole.sqnrDb(),
                        after.sqnrDb(),
                        whole.agreement(),
                        after.agreement()));
    }
}
