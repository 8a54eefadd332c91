package dev.nibble.torch.graph;

import dev.nibble.error.NibbleException;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;
import dev.nibble.tensor.DataType;
import dev.nibble.torch.operator.Operators;
import dev.nibble.torch.operator.TorchTensors;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A network as libtorch operators on the CPU, differentiable from its outputs back to its inputs
 * and constants.
 *
 * <p>Takes several inputs and outputs and subgraphs; constants are copied once. Float types stay as
 * they are, whole numbers become int64: {@link dev.nibble.prepare.Preparation} makes a network of
 * another type float32 first. Holds native memory until closed. For one thread.
 */
public final class TorchGraph implements AutoCloseable {
    private static final int NAMED_AT_MOST = 5;

    private final Model model;
    private final IdentityHashMap<Graph, Schedule> schedules = new IdentityHashMap<>();
    private final IdentityHashMap<Graph, Map<String, Tensor>> constants = new IdentityHashMap<>();

    /** How a run is meant. */
    record Mode(boolean training, Tap tap) {}

    private boolean narrow;

    private TorchGraph(Model model) {
        this.model = model;
        try (PointerScope _ = new PointerScope()) {
            add(model.graph());
        }
    }

    private void add(Graph graph) {
        Map<String, Tensor> copies = new LinkedHashMap<>();
        constants.put(graph, copies);
        schedules.put(graph, Schedule.of(graph));
        graph.constants().forEach((name, tensor) -> copies.put(name, copy(tensor)));
        graph.nodes().stream()
                .filter(node -> node.is("Constant"))
                .map(node -> node.output(0))
                .forEach(name -> copies.put(name, copy(graph.constant(name).orElseThrow())));
        graph.nodes().forEach(node -> node.subgraphs().forEach(this::add));
    }

    private static Tensor copy(dev.nibble.tensor.Tensor tensor) {
        Tensor copy = TorchTensors.toTorch(tensor);
        // outlives the scope it was made in
        copy.retainReference();
        return copy;
    }

    /**
     * Copies the constants of a model to libtorch.
     *
     * @throws NibbleException if the model has something {@link #unsupported}
     */
    public static TorchGraph of(Model model) {
        List<Unsupported> left = unsupported(model);
        if (!left.isEmpty()) {
            String named =
                    left.stream()
                            .limit(NAMED_AT_MOST)
                            .map(Unsupported::toString)
                            .collect(Collectors.joining("; "));
            throw new NibbleException(
                    "network %s cannot run on libtorch, because of %d nodes: %s%s; see docs/training-operators.md"
                            .formatted(
                                    model.graph().name(),
                                    left.size(),
                                    named,
                                    left.size() > NAMED_AT_MOST ? "; …" : ""));
        }
        return new TorchGraph(model);
    }

    /** What keeps a model from running on libtorch, as far as it can be told without running it. */
    public static List<Unsupported> unsupported(Model model) {
        List<Unsupported> found = new ArrayList<>();
        model.graph()
                .allNodes()
                .forEach(node ->
                        reason(node)
                                .ifPresent(reason ->
                                        found.add(
                                                new Unsupported(
                                                        node.name(), node.operator(), reason))));
        Set<Graph> graphs = Collections.newSetFromMap(new IdentityHashMap<>());
        graphs.add(model.graph());
        model.graph().allNodes().flatMap(Node::subgraphs).forEach(graphs::add);
        graphs.forEach(graph ->
                graph.constants()
                        .forEach((name, tensor) ->
                                unreadable(tensor)
                                        .ifPresent(reason ->
                                                found.add(
                                                        new Unsupported(
                                                                name, "constant", reason)))));
        return found;
    }

    private static Optional<String> reason(Node node) {
        if (!node.is("Constant")) {
            return Operators.refusal(node);
        }
        return node.attributes().get("value")
                        instanceof dev.nibble.graph.Attribute.TensorValue(var tensor)
                ? unreadable(tensor)
                : Optional.of("its value is no tensor; prepare the network first");
    }

    private static Optional<String> unreadable(dev.nibble.tensor.Tensor tensor) {
        return TorchTensors.takes(tensor.type())
                ? Optional.empty()
                : Optional.of("it holds " + tensor.type());
    }

    public Model model() {
        return model;
    }

    /**
     * The tensor of a constant of the main graph. It stays the network's: let it learn with {@code
     * set_requires_grad}, change it in place without gradients.
     */
    public Tensor constant(String name) {
        Tensor found = constants(model.graph()).get(name);
        if (found == null) {
            throw new IllegalArgumentException("the network has no constant named " + name);
        }
        return found;
    }

    /**
     * The float32 constants of the main graph that can learn: filters, matrices, biases and what
     * normalization multiplies with and adds, as operators name them.
     */
    public Set<String> learnable() {
        Graph graph = model.graph();
        Set<String> names = new LinkedHashSet<>();
        graph.allNodes()
                .filter(node -> !node.is("Constant"))
                .forEach(node ->
                        Operators.of(node).learns().stream()
                                .sorted()
                                .map(node::input)
                                .filter(name ->
                                        graph.constant(name)
                                                .filter(t -> t.type() == DataType.FLOAT32)
                                                .isPresent())
                                .forEach(names::add));
        return names;
    }

    /**
     * Computes convolutions and matrix products of bfloat16 from now on wherever gradients are
     * wanted; all else gets float32.
     */
    public void learnNarrow() {
        narrow = true;
    }

    boolean isNarrow() {
        return narrow && GradMode.is_enabled();
    }

    /** The outputs for some inputs; see {@link #run(Map, boolean, Tap, Set)}. */
    public Map<String, Tensor> run(Map<String, Tensor> inputs, boolean training, Tap tap) {
        return run(inputs, training, tap, Set.of());
    }

    /**
     * Runs the network. A value is let go as soon as neither a node nor, with gradients on, the way
     * back needs it.
     *
     * @param inputs a tensor for each fed input
     * @param training whether normalization uses the statistics of the batch, and updates the
     *     running ones
     * @param fetch values of the main graph to bring back besides the outputs
     * @return the outputs and what was fetched, by name; as the tap made them. They belong to the
     *     scope of the caller
     * @throws NibbleException if an input is missing, or libtorch cannot compute a node
     */
    public Map<String, Tensor> run(
            Map<String, Tensor> inputs, boolean training, Tap tap, Set<String> fetch) {
        Graph graph = model.graph();
        try (Run run = new Run(this, graph, new Mode(training, tap), _ -> null)) {
            for (ValueInfo input : graph.fedInputs()) {
                Tensor given = inputs.get(input.name());
                if (given == null) {
                    throw new NibbleException(
                            "network %s: nothing is given for input \"%s\"; given are %s"
                                    .formatted(graph.name(), input.name(), inputs.keySet()));
                }
                try (PointerScope _ = new PointerScope()) {
                    run.put(input.name(), tap.fed(input.name(), given));
                }
            }
            run.compute(fetch);
            Map<String, Tensor> results = new LinkedHashMap<>();
            graph.outputs()
                    .forEach(output ->
                            results.put(output.name(), new Tensor(run.get(output.name()))));
            fetch.forEach(name -> results.computeIfAbsent(name, n -> new Tensor(run.get(n))));
            return results;
        }
    }

    /** The outputs for some inputs, without gradients; normalization uses running statistics. */
    public Map<String, dev.nibble.tensor.Tensor> infer(
            Map<String, dev.nibble.tensor.Tensor> inputs) {
        try (PointerScope _ = new PointerScope();
                NoGradGuard _ = new NoGradGuard()) {
            Map<String, Tensor> given = new LinkedHashMap<>();
            inputs.forEach((name, tensor) -> given.put(name, TorchTensors.toTorch(tensor)));
            Map<String, dev.nibble.tensor.Tensor> results = new LinkedHashMap<>();
            run(given, false, Tap.NONE)
                    .forEach((name, tensor) -> results.put(name, TorchTensors.fromTorch(tensor)));
            return results;
        }
    }

    Schedule schedule(Graph graph) {
        return entry(schedules, graph);
    }

    Map<String, Tensor> constants(Graph graph) {
        return entry(constants, graph);
    }

    private static <T> T entry(IdentityHashMap<Graph, T> map, Graph graph) {
        T found = map.get(graph);
        if (found == null) {
            throw new IllegalArgumentException("not a graph of this network: " + graph.name());
        }
        return found;
    }

    @Override
    public void close() {
        constants.values().forEach(copies -> copies.values().forEach(Tensor::close));
        constants.clear();
    }
}
