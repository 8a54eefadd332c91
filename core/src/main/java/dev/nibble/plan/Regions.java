package dev.nibble.plan;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.plan.NodeDecision.Absorbed;
import dev.nibble.plan.NodeDecision.Dynamic;
import dev.nibble.plan.NodeDecision.KeptFloat;
import dev.nibble.plan.NodeDecision.Quantized;
import dev.nibble.plan.NodeDecision.WeightOnly;
import dev.nibble.plan.Recipe.DynamicActivations;
import dev.nibble.plan.Recipe.FloatActivations;
import dev.nibble.plan.Recipe.StaticActivations;
import dev.nibble.plan.Target.Kind;
import dev.nibble.tensor.Tensor;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The connected parts of a graph that compute on codes.
 *
 * <p>Nodes with weights are in unless something stops them. What lies between them is in if codes
 * come in on every side and are wanted behind it: one forward sweep decides the first, one backward
 * sweep the second. Quantizing anything else would only add conversions.
 */
final class Regions {
    private static final String INSIDE = "values inside a subgraph are not observed";

    private final NodeChoices choices;
    private final Target target;
    private final Graph graph;
    private final FloatReasons reasons;
    private final Map<String, NodeDecision> decisions = new LinkedHashMap<>();

    private Regions(NodeChoices choices, Target target, Graph graph) {
        this.choices = choices;
        this.target = target;
        this.graph = graph;
        this.reasons = FloatReasons.in(graph);
    }

    static Regions find(NodeChoices choices, Target target, Graph graph) {
        Regions regions = new Regions(choices, target, graph);
        regions.decide(graph.nodes().stream(), regions::enter);
        regions.leave();
        regions.decide(graph.innerNodes(), regions::inside);
        return regions;
    }

    private void decide(Stream<Node> nodes, Function<Node, NodeDecision> decision) {
        nodes.filter(node -> !node.is("Constant"))
                .forEach(node ->
                        decisions.put(
                                node.name(),
                                choices.keptFloat(node)
                                        .<NodeDecision>map(KeptFloat::new)
                                        .orElseGet(() -> decision.apply(node))));
    }

    Map<String, NodeDecision> decisions() {
        return Collections.unmodifiableMap(decisions);
    }

    boolean isShape(Node node) {
        return target.kind(node).filter(Kind.SHAPE::equals).isPresent();
    }

    /** Whether a node takes and delivers codes, or disappears into the range of such a value. */
    boolean isOnCodes(Node node) {
        return decisions.get(node.name()) instanceof Quantized
                || decisions.get(node.name()) instanceof Absorbed;
    }

    /** Whether a node computes on codes, in contrast to moving them. */
    boolean computes(Node node) {
        return decisions.get(node.name()) instanceof Quantized && !isShape(node);
    }

    /** The inputs that carry data; the others steer, as the target shape of a Reshape. */
    List<String> dataInputs(Node node) {
        return switch (node.opType()) {
            case "Add", "Mul", "Concat" -> node.inputs();
            case "Where" -> node.inputs().subList(1, 3);
            default -> node.inputs().subList(0, Math.min(1, node.inputs().size()));
        };
    }

    /**
     * The values that must be codes: what quantized nodes read, and what their kernels can only
     * deliver as codes.
     */
    Set<String> quantizedValues() {
        Set<String> values = new LinkedHashSet<>();
        for (Node node : graph.nodes()) {
            if (decisions.get(node.name()) instanceof Quantized) {
                values.addAll(dataInputs(node));
                node.outputs().stream()
                        .filter(output -> !output.isEmpty() && (needsCodes(node) || wanted(output)))
                        .forEach(values::add);
            } else if (decisions.get(node.name()) instanceof Absorbed) {
                values.add(node.output(0));
            }
        }
        return values;
    }

    private NodeDecision enter(Node node) {
        Optional<Kind> kind = target.kind(node);
        if (kind.filter(Kind.WEIGHTED::equals).isPresent()) {
            return weighted(
                    node,
                    switch (choices.formats(node).activations()) {
                        case FloatActivations _ -> new WeightOnly();
                        case DynamicActivations _ -> dynamic(node);
                        case StaticActivations _ -> new Quantized();
                    });
        }
        return stored(node)
                .or(() -> reasons.always(node).map(KeptFloat::new))
                .orElseGet(() -> weightless(node, kind));
    }

    private NodeDecision weightless(Node node, Optional<Kind> kind) {
        return switch (choices.formats(node).activations()) {
            case FloatActivations _ ->
                    new KeptFloat("it has no weights, and the recipe leaves activations float");
            case DynamicActivations _ ->
                    new KeptFloat(
                            "it has no weights, and the recipe quantizes only what products read");
            case StaticActivations _ ->
                    kind.map(part ->
                                    part == Kind.ACTIVATION
                                            ? activation(node)
                                            : between(node, part))
                            .orElseGet(() -> new KeptFloat(FloatReasons.ofKernel(node)));
        };
    }

    /** The values inside of a subgraph cannot be observed: only weights become codes there. */
    private NodeDecision inside(Node node) {
        boolean asAsked = choices.formats(node).activations() instanceof FloatActivations;
        if (target.kind(node).filter(Kind.WEIGHTED::equals).isPresent()) {
            return weighted(node, asAsked ? new WeightOnly() : new WeightOnly(INSIDE));
        }
        return asAsked
                ? enter(node)
                : stored(node)
                        .<NodeDecision>map(_ -> new WeightOnly(INSIDE))
                        .orElseGet(() -> new KeptFloat(INSIDE));
    }

    /** Products only: ONNX Runtime's ConvInteger takes 5 to 30 times as long as its float Conv. */
    private static NodeDecision dynamic(Node node) {
        return node.is("Conv")
                ? new WeightOnly("a convolution of codes with ranges found at run time is slower")
                : new Dynamic();
    }

    private NodeDecision weighted(Node node, NodeDecision decision) {
        Optional<WeightedNode> weighted = WeightedNode.of(graph, node);
        if (weighted.isEmpty() || graph.constant(node.input(0)).isPresent()) {
            return stored(node).orElseGet(() -> new KeptFloat(reasons.ofLayer(node)));
        }
        Optional<String> obstacle = weighted.get().obstacle();
        if (obstacle.isPresent()) {
            return new KeptFloat(obstacle.get());
        }
        return decision instanceof WeightOnly
                ? decision
                : weighted.get()
                        .kernelObstacle(graph)
                        .<NodeDecision>map(WeightOnly::new)
                        .orElse(decision);
    }

    /** Weights as codes of which the runtime makes floats, where it has no integer kernel. */
    private Optional<NodeDecision> stored(Node node) {
        List<WeightOperand> operands = WeightOperand.of(graph, node);
        if (operands.isEmpty() || reasons.computesFromConstants(node)) {
            return Optional.empty();
        }
        String why = FloatReasons.ofStored(node, operands.getFirst());
        return Optional.of(
                switch (choices.formats(node).activations()) {
                    case FloatActivations _ -> new WeightOnly();
                    case DynamicActivations _ when isLstmOnCodes(node, operands) -> new Dynamic();
                    case DynamicActivations _, StaticActivations _ -> new WeightOnly(why);
                });
    }

    /** ONNX Runtime's DynamicQuantizeLSTM takes both weights as codes, and time as first axis. */
    private static boolean isLstmOnCodes(Node node, List<WeightOperand> operands) {
        return node.is("LSTM") && operands.size() == 2 && node.integer("layout", 0) == 0;
    }

    private NodeDecision between(Node node, Kind kind) {
        if (kind == Kind.SHAPE && node.outputs().stream().anyMatch(output -> output.isEmpty())) {
            return new KeptFloat("it leaves out an output");
        }
        Optional<String> obstacle = OperatorLimits.obstacle(graph, node);
        if (obstacle.isPresent()) {
            return new KeptFloat(obstacle.get());
        }
        for (String input : dataInputs(node)) {
            if (graph.constant(input).isPresent()) {
                return new KeptFloat("its operand " + input + " is a constant");
            }
            if (!madeOfCodes(input)) {
                return new KeptFloat("its input " + input + " is float");
            }
        }
        return new Quantized();
    }

    private NodeDecision activation(Node node) {
        String input = node.input(0);
        if (!clipsToConstants(node)) {
            return new KeptFloat("its bounds are not constants");
        }
        if (!madeOfCodes(input)) {
            return new KeptFloat("its input " + input + " is float");
        }
        if (graph.soleConsumer(input).isEmpty()) {
            return new KeptFloat(
                    "others read its input " + input + " too, so that it cannot be clipped away");
        }
        return new Absorbed("the range of " + node.output(0));
    }

    private boolean clipsToConstants(Node node) {
        return node.inputs().stream()
                .skip(1)
                .allMatch(bound ->
                        bound.isEmpty()
                                || graph.constant(bound).map(Tensor::elements).orElse(0L) == 1);
    }

    private boolean madeOfCodes(String value) {
        return graph.producer(value)
                .map(producer -> decisions.get(producer.name()))
                .filter(decision -> decision instanceof Quantized || decision instanceof Absorbed)
                .isPresent();
    }

    /** Takes out again, from the back, what no quantized node reads. */
    private void leave() {
        List<Node> backwards = new ArrayList<>(graph.nodes());
        Collections.reverse(backwards);
        for (Node node : backwards) {
            Optional<Kind> kind = target.kind(node);
            boolean idle = node.outputs().stream().noneMatch(this::wanted);
            if (!idle || kind.isEmpty()) {
                continue;
            }
            if (decisions.get(node.name()) instanceof Quantized && kind.get() != Kind.WEIGHTED) {
                decisions.put(node.name(), new KeptFloat("no quantized node reads its result"));
            } else if (decisions.get(node.name()) instanceof Absorbed && !followsCodes(node)) {
                decisions.put(node.name(), new KeptFloat("no quantized node reads its result"));
            }
        }
    }

    /** Whether the node that the activation follows delivers codes even if nobody wants them. */
    private boolean followsCodes(Node activation) {
        return graph.producer(activation.input(0))
                .filter(this::needsCodes)
                .flatMap(target::kind)
                .filter(Kind.WEIGHTED::equals)
                .isPresent();
    }

    private boolean needsCodes(Node node) {
        // integer matrix products can deliver floats; an integer convolution cannot
        return decisions.get(node.name()) instanceof Quantized
                && !node.is("Gemm")
                && !node.is("MatMul");
    }

    private boolean wanted(String value) {
        return graph.consumers(value).stream()
                .anyMatch(reader ->
                        switch (decisions.get(reader.name())) {
                            case Quantized _ -> dataInputs(reader).contains(value);
                            case Absorbed _ -> reader.outputs().stream().anyMatch(this::wanted);
                            case KeptFloat _, WeightOnly _, Dynamic _ -> false;
                            case null -> false;
                        });
    }
}
