package dev.nibble.torch.simulate;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.number.Encoding;
import dev.nibble.number.Quantizer;
import dev.nibble.pass.Draft;
import dev.nibble.pass.OwnConstants;
import dev.nibble.plan.NodeDecision;
import dev.nibble.plan.WeightOperand;
import dev.nibble.tensor.DataType;
import dev.nibble.torch.graph.TorchGraph;
import dev.nibble.torch.operator.TorchTensors;
import dev.nibble.train.Regularization;
import dev.nibble.train.TrainingSettings.Ranges;

import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The network of a draft in libtorch, ready to learn: float where its plan says nothing, and else
 * rounded as lowering would write it down.
 *
 * <p>Its tensors belong to the pointer scope in which it was made. For one thread; to be closed.
 */
public final class Simulation implements AutoCloseable {
    private final Draft draft;
    private final Graph graph;
    private final Placement placement;
    private final TorchGraph network;
    private final Map<String, Tensor> codedConstants = new HashMap<>();
    private final Map<String, LearnedWeight> weights = new LinkedHashMap<>();
    private final Map<String, Tensor> others = new LinkedHashMap<>();
    private final Map<String, LearnedRange> ranges = new LinkedHashMap<>();
    private final Map<String, BatchNormalizer> normalizers = new LinkedHashMap<>();

    /**
     * A network that begins as it is in the draft.
     *
     * @param normalizing whether convolutions are normalized by batch while they learn
     * @throws dev.nibble.error.NibbleException if it has an operator that cannot be trained through
     */
    public Simulation(Draft given, Ranges learning, boolean normalizing) {
        this.draft = withOwnBiases(withPlainConstants(given));
        this.graph = draft.graph();
        this.placement = new Placement(graph, draft.plan());
        this.network = TorchGraph.of(draft.fittedModel());
        graph.nodes().forEach(node -> addWeights(node, learning));
        addConstants();
        addRanges(learning);
        if (normalizing) {
            graph.nodes().stream().filter(this::canNormalize).forEach(this::normalize);
        }
    }

    private void addWeights(Node node, Ranges learning) {
        for (WeightOperand operand : WeightOperand.of(graph, node)) {
            Optional<Encoding> encoding =
                    hasCodes(node) ? draft.plan().encoding(operand.name()) : Optional.empty();
            // of several readers one may have codes and another not
            if (encoding.isPresent() || !weights.containsKey(operand.name())) {
                weights.put(operand.name(), weight(operand, encoding, learning));
            }
        }
    }

    /** Constants among nodes become constants of the graph, where they can learn. */
    private static Draft withPlainConstants(Draft draft) {
        List<Node> nodes =
                draft.graph().nodes().stream().filter(node -> node.is("Constant")).toList();
        return nodes.isEmpty()
                ? draft
                : draft.mapGraph(graph ->
                        graph.edit(editor -> {
                            for (Node node : nodes) {
                                graph.constant(node.output(0))
                                        .ifPresent(tensor -> {
                                            editor.remove(node);
                                            editor.constant(node.output(0), tensor);
                                        });
                            }
                        }));
    }

    private static Draft withOwnBiases(Draft draft) {
        Draft at = draft;
        for (Node node : draft.graph().nodes()) {
            at = node.is("Conv") ? OwnConstants.bias(at, node) : at;
        }
        return at;
    }

    private boolean hasCodes(Node node) {
        return draft.plan().node(node.name()).filter(NodeDecision::hasCodes).isPresent();
    }

    private LearnedWeight weight(
            WeightOperand operand, Optional<Encoding> encoding, Ranges learning) {
        return new LearnedWeight(operand, draft.fittedConstant(operand.name()), encoding, learning);
    }

    /** Constants that are no weights: some have codes, and others learn as they are. */
    private void addConstants() {
        graph.constants()
                .forEach((name, _) -> {
                    Optional<Encoding> encoding = draft.plan().encoding(name);
                    if (encoding.isPresent() && !weights.containsKey(name)) {
                        dev.nibble.tensor.Tensor value = draft.fittedConstant(name);
                        if (value.type() == DataType.FLOAT32) {
                            codedConstants.put(
                                    name,
                                    TorchTensors.toTorch(
                                            Quantizer.fakeQuantize(value, encoding.get())));
                        }
                    }
                });
        for (String name : network.learnable()) {
            if (!weights.containsKey(name) && !codedConstants.containsKey(name)) {
                Tensor learned = network.constant(name);
                learned.set_requires_grad(true);
                others.put(name, learned);
            }
        }
    }

    private void addRanges(Ranges learning) {
        Set<String> values = new HashSet<>();
        graph.inputs().forEach(input -> values.add(input.name()));
        graph.nodes().forEach(node -> values.addAll(node.outputs()));
        values.stream()
                .sorted()
                .filter(value -> graph.constant(value).isEmpty())
                .forEach(value ->
                        draft.plan()
                                .encoding(value)
                                .ifPresent(encoding ->
                                        ranges.computeIfAbsent(
                                                draft.plan().group(value),
                                                _ -> new LearnedRange(encoding, learning))));
    }

    /** Whether normalization can be folded into a node again without moving its codes. */
    private boolean canNormalize(Node node) {
        LearnedWeight weight = node.is("Conv") ? weights.get(node.input(1)) : null;
        if (weight == null || !node.hasInput(2)) {
            return false;
        }
        boolean own =
                graph.readers(node.input(1)).size() == 1
                        && graph.readers(node.input(2)).size() == 1;
        int channels = weight.gains().length;
        boolean byChannel = channels == graph.constant(node.input(1)).orElseThrow().shape().dim(0);
        boolean alreadyNormalized =
                graph.soleConsumer(node.output(0))
                        .filter(next -> next.is("BatchNormalization"))
                        .isPresent();
        return own && byChannel && !alreadyNormalized;
    }

    private void normalize(Node node) {
        String bias = node.input(2);
        float[] gains = learners().weight(node).orElseThrow().gains();
        normalizers.put(
                node.name(), new BatchNormalizer(gains, draft.fittedConstant(bias).floats()));
        Tensor replaced = others.remove(bias);
        if (replaced != null) {
            replaced.set_requires_grad(false);
        }
    }

    /**
     * Runs the network.
     *
     * @param inputs by name, with any number of samples
     * @param training whether normalization uses the statistics of the batch
     * @param wanted names of the values to give back
     */
    public Map<String, Tensor> run(
            Map<String, Tensor> inputs, boolean training, Collection<String> wanted) {
        ranges.values().forEach(LearnedRange::forget);
        try (RoundingTap tap = new RoundingTap(learners(), training)) {
            Map<String, Tensor> made = network.run(inputs, training, tap, Set.copyOf(wanted));
            made.keySet().retainAll(wanted);
            return made;
        }
    }

    /** Computes products of bfloat16 from now on wherever gradients are wanted. */
    public void learnNarrow() {
        network.learnNarrow();
    }

    /**
     * Takes a loss back through the last {@link #run}: every parameter gets its gradient.
     *
     * @param loss {@code []}
     */
    public void backward(Tensor loss) {
        loss.backward();
        ranges.values().stream()
                .flatMap(range -> range.told().stream())
                .reduce(Tensor::add)
                .ifPresent(Tensor::backward);
    }

    private Learners learners() {
        return new Learners(draft, placement, codedConstants, weights, others, ranges, normalizers);
    }

    /** What learns, in the groups in which it is optimized. */
    public Parameters parameters() {
        Map<String, Tensor> decaying = new LinkedHashMap<>();
        Map<String, Tensor> free = new LinkedHashMap<>();
        Map<String, Tensor> scales = new LinkedHashMap<>();
        weights.forEach((name, weight) -> weight.parameters(name, decaying, scales));
        others.forEach((name, tensor) -> free.put("constant " + name, tensor));
        normalizers.forEach((name, normalizer) -> normalizer.parameters(name, free));
        ranges.forEach((name, range) -> range.parameters(name, scales));
        return new Parameters(decaying, free, scales);
    }

    /**
     * Tensors that learn, by name.
     *
     * @param weights decay
     * @param others do not: biases, and what normalization multiplies and adds
     * @param ranges logarithms of scales, and offsets
     */
    public record Parameters(
            Map<String, Tensor> weights, Map<String, Tensor> others, Map<String, Tensor> ranges) {}

    /** Every tensor that training changes, by name: parameters and running statistics. */
    public Map<String, Tensor> state() {
        Map<String, Tensor> state = new TreeMap<>();
        Parameters learning = parameters();
        state.putAll(learning.weights());
        state.putAll(learning.others());
        state.putAll(learning.ranges());
        normalizers.forEach((name, normalizer) -> normalizer.statistics(name, state));
        weights.forEach((name, weight) -> weight.watching(name, state));
        return state;
    }

    /** Watches weights from now on for those that swing between two codes. */
    public void watch() {
        weights.values().forEach(LearnedWeight::watch);
    }

    /**
     * Freezes weights that swing between two codes.
     *
     * @param threshold how often, as a share of the steps
     */
    public void settle(double threshold) {
        weights.values().forEach(weight -> weight.settle(threshold));
    }

    /**
     * What is added to the loss so that weights stay where rounding is harmless.
     *
     * @param share of the training that is done
     */
    public Optional<Tensor> penalty(Regularization wanted, double share) {
        List<Tensor> parts = new ArrayList<>();
        for (LearnedWeight weight : weights.values()) {
            if (wanted.kurtosis() > 0) {
                parts.add(weight.peakedness().mul(new Scalar(wanted.kurtosis())));
            }
            double dampening = wanted.dampening() * (1 - Math.cos(Math.PI * share)) / 2;
            if (dampening > 0) {
                weight.offGrid().ifPresent(part -> parts.add(part.mul(new Scalar(dampening))));
            }
        }
        return parts.stream().reduce(Tensor::add);
    }

    /** Puts numbers from elsewhere into the {@link #state}. */
    public void restore(Map<String, Tensor> saved) {
        try (NoGradGuard _ = new NoGradGuard()) {
            state().forEach((name, tensor) -> tensor.copy_(saved(saved, name)));
        }
        normalizers.values().forEach(BatchNormalizer::resume);
    }

    private static Tensor saved(Map<String, Tensor> values, String name) {
        Tensor value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("nothing was saved of " + name);
        }
        return value;
    }

    /** Whether any convolution is normalized. */
    public boolean isNormalizing() {
        return !normalizers.isEmpty();
    }

    /**
     * Lets running statistics be the means over all batches from now on, or follow the last ones.
     */
    public void estimate(boolean overAll) {
        normalizers.values().forEach(overAll ? BatchNormalizer::estimate : BatchNormalizer::follow);
    }

    /**
     * The draft with what was learned: weights on their grid, normalization folded, encodings as
     * they have become. Constants that are not codes go into its model.
     */
    public Draft learned() {
        return LearnedDraft.of(learners());
    }

    @Override
    public void close() {
        network.close();
    }
}
