package dev.nibble.repair;

import dev.nibble.engine.Measurement;
import dev.nibble.engine.Sample;
import dev.nibble.engine.Walk;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.lower.QdqLowering;
import dev.nibble.observe.Observer;
import dev.nibble.observe.Statistic;
import dev.nibble.pass.Draft;
import dev.nibble.plan.NodeDecision;
import dev.nibble.plan.Plan;
import dev.nibble.plan.WeightedNode;
import dev.nibble.tensor.Tensor;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The values around one node with weights, on every sample, in the float and in the quantized
 * network.
 *
 * <p>Lists have one tensor for each sample and are valid until the next node's turn.
 */
public final class Sight {
    private final Draft begun;
    private final WeightedNode node;
    private final Walk floats;
    private final Walk quantized;

    Sight(Draft begun, WeightedNode node, Walk floats, Walk quantized) {
        this.begun = begun;
        this.node = node;
        this.floats = floats;
        this.quantized = quantized;
    }

    /** What goes into the node in the float network. */
    public List<Tensor> floatInput() {
        return floats.values(begun.model(), node.input());
    }

    /**
     * What goes into the node in the quantized network, as the numbers that the codes stand for; if
     * the codes are found at run time, the numbers before they are rounded.
     */
    public List<Tensor> quantizedInput() {
        Model lowered = QdqLowering.lower(begun);
        return quantized.values(lowered, quantizedInput(lowered, node));
    }

    /** What the node itself delivers in the float network, before any activation. */
    public List<Tensor> floatProduct() {
        return floats.values(begun.model(), node.output());
    }

    /**
     * What the float network makes of the node where codes are made: behind absorbed activations.
     */
    public List<Tensor> floatOutput() {
        return floats.values(begun.model(), landing(begun, node));
    }

    /** {@link #floatOutput}, summarized. */
    public <S extends Statistic<S>> S observeFloatOutput(Observer<S> observer) {
        floatOutput();
        return floats.measure(
                begun.model(), landing(begun, node), of(landing(begun, node), observer));
    }

    /**
     * What the quantized network makes of the node where codes are made, summarized.
     *
     * @param now the draft with the node's constants as they are to be tried
     */
    public <S extends Statistic<S>> S observeQuantizedOutput(Draft now, Observer<S> observer) {
        quantizedInput();
        String landing = landing(now, node);
        return quantized.measure(QdqLowering.lower(now), landing, of(landing, observer));
    }

    static String quantizedInput(Model lowered, WeightedNode node) {
        Graph graph = lowered.graph();
        String input = graph.node(node.node().name()).input(0);
        return graph.producer(input)
                .filter(producer -> producer.is("DynamicQuantizeLinear"))
                .map(producer -> producer.input(0))
                .orElse(input);
    }

    /** The value that a node's result becomes behind the activations that were absorbed. */
    static String landing(Draft draft, WeightedNode node) {
        Graph graph = draft.graph();
        Plan plan = draft.plan();
        String value = node.output();
        for (Optional<Node> next = absorbed(graph, plan, value);
                next.isPresent();
                next = absorbed(graph, plan, value)) {
            value = next.get().output(0);
        }
        return value;
    }

    private static Optional<Node> absorbed(Graph graph, Plan plan, String value) {
        return graph.soleConsumer(value)
                .filter(reader ->
                        plan.node(reader.name()).orElse(null) instanceof NodeDecision.Absorbed)
                .filter(reader -> reader.input(0).equals(value));
    }

    private static <S extends Statistic<S>> Measurement<S> of(String value, Observer<S> observer) {
        return new Measurement<>() {
            @Override
            public S nothing() {
                return observer.nothing();
            }

            @Override
            public S measure(Sample sample, List<Map<String, Tensor>> outputs) {
                Tensor tensor = outputs.getFirst().get(value);
                if (tensor == null) {
                    throw new IllegalArgumentException("the engine brought no " + value);
                }
                return observer.observe(tensor);
            }
        };
    }
}
