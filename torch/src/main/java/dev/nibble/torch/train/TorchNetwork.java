package dev.nibble.torch.train;

import dev.nibble.error.NibbleException;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.tensor.DataType;
import dev.nibble.torch.operator.Call;
import dev.nibble.torch.operator.Operators;
import dev.nibble.torch.operator.TorchTensors;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A network with one input and one output, running as libtorch operators on the CPU.
 *
 * <p>Holds native memory until closed. For one thread; networks are closed in the reverse order of
 * opening, as try-with-resources does.
 */
public final class TorchNetwork implements AutoCloseable {
    private final Model model;
    private final PointerScope scope = new PointerScope();
    private final Map<String, Tensor> constants = new LinkedHashMap<>();
    private final Set<String> learning;

    private TorchNetwork(Model model, Set<String> learning) {
        this.model = model;
        this.learning = learning;
        Graph graph = model.graph();
        Stream.concat(
                        graph.constants().keySet().stream(),
                        graph.nodes().stream()
                                .filter(node -> node.is("Constant"))
                                .map(node -> node.output(0)))
                .forEach(name -> {
                    Tensor copy = TorchTensors.toTorch(graph.constant(name).orElseThrow());
                    copy.set_requires_grad(learning.contains(name));
                    constants.put(name, copy);
                });
    }

    /**
     * Copies the weights of a model to libtorch.
     *
     * @throws NibbleException if the model has several inputs or outputs, learning weights other
     *     than float32, or an operator that cannot be trained through
     */
    public static TorchNetwork of(Model model) {
        Graph graph = model.graph();
        if (graph.fedInputs().size() != 1 || graph.outputs().size() != 1) {
            throw new NibbleException(
                    "network %s has %d inputs and %d outputs; training takes one of each"
                            .formatted(
                                    graph.name(),
                                    graph.fedInputs().size(),
                                    graph.outputs().size()));
        }
        Set<String> learning = new LinkedHashSet<>();
        for (Node node : computed(graph)) {
            Operators.of(node).learns().stream()
                    .sorted()
                    .map(node::input)
                    .filter(graph.constants()::containsKey)
                    .forEach(learning::add);
        }
        learning.forEach(name -> requireFloats(name, graph.constant(name).orElseThrow()));
        return new TorchNetwork(model, learning);
    }

    private static List<Node> computed(Graph graph) {
        return graph.nodes().stream().filter(node -> !node.is("Constant")).toList();
    }

    private static void requireFloats(String name, dev.nibble.tensor.Tensor weight) {
        if (weight.type() != DataType.FLOAT32) {
            throw new NibbleException(
                    "weight %s is %s; training takes float32, so dequantize or convert it first"
                            .formatted(name, weight));
        }
    }

    /** The output for a batch of inputs; normalization uses the running statistics. */
    public dev.nibble.tensor.Tensor infer(dev.nibble.tensor.Tensor inputs) {
        try (PointerScope _ = new PointerScope();
                NoGradGuard _ = new NoGradGuard()) {
            return TorchTensors.fromTorch(forward(TorchTensors.toTorch(inputs), false));
        }
    }

    /** The model with the weights and running statistics as they are now. */
    public Model model() {
        Map<String, dev.nibble.tensor.Tensor> current = new LinkedHashMap<>();
        try (PointerScope _ = new PointerScope()) {
            Map<String, dev.nibble.tensor.Tensor> given = model.graph().constants();
            constants.forEach((name, value) -> {
                if (given.containsKey(name) && given.get(name).type() == DataType.FLOAT32) {
                    current.put(name, TorchTensors.fromTorch(value));
                }
            });
        }
        return model.map(graph -> graph.edit(editor -> current.forEach(editor::constant)));
    }

    Tensor forward(Tensor inputs, boolean training) {
        Graph graph = model.graph();
        Map<String, Tensor> values = new HashMap<>(constants);
        values.put(graph.fedInputs().getFirst().name(), inputs);
        for (Node node : computed(graph)) {
            Operators.compute(
                    new Call(node, name -> made(values, name), training, model.opset()),
                    values::put);
        }
        return made(values, graph.outputs().getFirst().name());
    }

    private static Tensor made(Map<String, Tensor> values, String name) {
        Tensor value = values.get(name);
        if (value == null) {
            throw new NibbleException(
                    "nothing makes value \"%s\" before it is read".formatted(name));
        }
        return value;
    }

    /** What learns: filters, matrices, biases and normalization parameters. */
    List<Tensor> parameters() {
        return learning.stream().map(name -> made(constants, name)).toList();
    }

    @Override
    public void close() {
        scope.close();
    }
}
