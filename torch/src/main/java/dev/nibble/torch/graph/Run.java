package dev.nibble.torch.graph;

import dev.nibble.error.NibbleException;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.torch.operator.Call;
import dev.nibble.torch.operator.Operators;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * One run of one graph. Holds a handle of its own for each value, so that the memory behind goes as
 * soon as neither a later node nor the gradients want it.
 */
final class Run implements AutoCloseable {
    /** Operators that may compute on operands of few bits. */
    private static final Set<String> PRODUCTS = Set.of("Conv", "ConvTranspose", "Gemm", "MatMul");

    private final TorchGraph network;
    private final Graph graph;
    private final TorchGraph.Mode mode;
    private final Function<String, @Nullable Tensor> outside;
    private final Map<String, Tensor> values = new HashMap<>();

    Run(
            TorchGraph network,
            Graph graph,
            TorchGraph.Mode mode,
            Function<String, @Nullable Tensor> outside) {
        this.network = network;
        this.graph = graph;
        this.mode = mode;
        this.outside = outside;
    }

    void put(String value, Tensor tensor) {
        Tensor handle = new Tensor(tensor);
        // outlives the scope it was made in
        handle.retainReference();
        Tensor before = values.put(value, handle);
        if (before != null) {
            before.close();
        }
    }

    /** Computes all values; those to be kept besides the outputs stay. */
    void compute(Set<String> keep) {
        for (Schedule.Step step : network.schedule(graph).steps()) {
            compute(step.node());
            for (String value : step.last()) {
                if (!keep.contains(value)) {
                    Tensor done = values.remove(value);
                    if (done != null) {
                        done.close();
                    }
                }
            }
        }
    }

    private void compute(Node node) {
        try (PointerScope _ = new PointerScope()) {
            @Nullable Tensor[] read = new Tensor[node.inputs().size()];
            boolean narrow = network.isNarrow() && PRODUCTS.contains(node.opType());
            Call call =
                    new Call(
                            node,
                            index -> {
                                Tensor seen = read[index];
                                if (seen == null) {
                                    seen = read(node, index);
                                    seen = narrow ? seen.toType(ScalarType.BFloat16) : seen;
                                    read[index] = seen;
                                }
                                return seen;
                            },
                            this::inner,
                            mode.training(),
                            network.model().opset());
            Operators.compute(
                    call,
                    (name, tensor) -> {
                        Tensor whole = narrow ? tensor.toType(ScalarType.Float) : tensor;
                        put(name, mode.tap().made(node, name, whole));
                    });
        } catch (NibbleException explained) {
            throw explained;
        } catch (RuntimeException libtorch) {
            throw new NibbleException(
                    "node %s: libtorch cannot compute operator %s here: %s"
                            .formatted(node.name(), node.operator(), firstLine(libtorch)),
                    libtorch);
        }
    }

    private static String firstLine(RuntimeException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    private Tensor read(Node node, int index) {
        String value = node.input(index);
        return mode.tap().read(node, index, value, get(value));
    }

    private List<Tensor> inner(Graph subgraph, List<Tensor> inputs) {
        try (Run run = new Run(network, subgraph, mode, this::find)) {
            for (int i = 0; i < inputs.size(); i++) {
                run.put(subgraph.inputs().get(i).name(), inputs.get(i));
            }
            run.compute(Set.of());
            return subgraph.outputs().stream()
                    .map(output -> new Tensor(run.get(output.name())))
                    .toList();
        }
    }

    Tensor get(String value) {
        Tensor found = find(value);
        if (found == null) {
            throw new NibbleException(
                    "nothing makes value \"%s\" before it is read".formatted(value));
        }
        return found;
    }

    private @Nullable Tensor find(String value) {
        Tensor own = values.get(value);
        if (own != null) {
            return own;
        }
        Tensor constant = network.constants(graph).get(value);
        return constant != null ? constant : outside.apply(value);
    }

    @Override
    public void close() {
        values.values().forEach(Tensor::close);
        values.clear();
    }
}
