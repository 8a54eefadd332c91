package dev.nibble.lower;

import dev.nibble.error.NibbleException;
import dev.nibble.graph.Attribute;
import dev.nibble.graph.Attribute.GraphList;
import dev.nibble.graph.Attribute.GraphValue;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.pass.UnusedConstants;
import dev.nibble.plan.QuantizedModels;
import dev.nibble.tensor.Tensor;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Turns a quantized network back into a float one: Q/DQ pairs, QOperator and dynamic form.
 *
 * <p>Constants become the real numbers of their codes; the rounding that made the codes is not
 * undone. Activations are no longer rounded, but still bounded to the range of their codes, since
 * quantizing drops activations such as Relu that this range implies. Inputs and outputs keep their
 * types: those that are codes are converted in plain arithmetic.
 *
 * <p>All or nothing: what cannot be undone is refused, with the name of its node.
 */
public final class Dequantization {
    private static final String RECIPE = "nibble.recipe";
    private static final long IR_OF_HIDDEN_CONSTANTS = 4;
    private static final int NAMED_AT_ONCE = 5;

    private final long opset;
    private final Set<String> everyName = new HashSet<>();
    private final Map<String, Long> undone = new TreeMap<>();
    private final List<String> codesAtInterface = new ArrayList<>();
    private long saturations;

    private Dequantization(long opset) {
        this.opset = opset;
    }

    /**
     * A float network and what was done for it.
     *
     * @param undone how many nodes of each quantized operator are gone
     * @param saturations Clip nodes that stand for the ends of a range of codes
     * @param codesAtInterface inputs and outputs that are still codes, converted in plain
     *     arithmetic
     */
    public record Result(
            Model model,
            Map<String, Long> undone,
            long saturations,
            List<String> codesAtInterface) {
        public Result {
            undone = Collections.unmodifiableMap(new TreeMap<>(undone));
            codesAtInterface = List.copyOf(codesAtInterface);
        }
    }

    /**
     * Undoes the quantization of a network.
     *
     * @throws NibbleException if the network is not quantized, or a node cannot be undone
     */
    public static Result undo(Model quantized) {
        Model model = quantized.map(Graph::named);
        if (QuantizedModels.evidence(model.graph()).isEmpty()) {
            throw new NibbleException(
                    "the model is not quantized: none of its %d nodes computes on codes or converts to them"
                            .formatted(model.graph().nodes().size()));
        }
        Dequantization dequantization = new Dequantization(model.opset());
        dequantization.collectNames(model.graph());
        Graph graph = dequantization.undo(model.graph(), _ -> Optional.empty());
        Map<String, String> metadata = new LinkedHashMap<>(model.metadata());
        metadata.remove(RECIPE);
        Model result =
                new Model(
                        graph,
                        Math.max(model.irVersion(), IR_OF_HIDDEN_CONSTANTS),
                        model.opsets(),
                        metadata,
                        model.functions(),
                        model.extras());
        return new Result(
                result,
                dequantization.undone,
                dequantization.saturations,
                dequantization.codesAtInterface.stream().distinct().toList());
    }

    private void collectNames(Graph graph) {
        everyName.addAll(graph.valueNames());
        graph.nodes().stream().flatMap(Node::subgraphs).forEach(this::collectNames);
    }

    private Graph undo(Graph graph, Function<String, Optional<Tensor>> outer) {
        List<FloatRewriting> used = new ArrayList<>();
        Graph rewritten =
                graph.edit(editor -> {
                    FloatRewriting rewriting =
                            new FloatRewriting(graph, editor, opset, outer, everyName);
                    used.add(rewriting);
                    rewrite(rewriting, outer);
                });
        FloatRewriting rewriting = used.getFirst();
        saturations += rewriting.saturations();
        codesAtInterface.addAll(rewriting.codesAtInterface());
        Graph united = Aliases.unite(rewritten, rewriting.aliases(), rewriting.namelessValues());
        Graph swept = UnusedConstants.removeFrom(sweep(united, rewriting.expendable()));
        requireWhole(graph, swept);
        return swept;
    }

    private void rewrite(FloatRewriting rewriting, Function<String, Optional<Tensor>> outer) {
        Map<String, Consumer<Node>> operators = operators(rewriting);
        requireKnown(rewriting.graph(), operators.keySet());
        CodeMovement movement = new CodeMovement(rewriting);
        FoldedForm folded = new FoldedForm(rewriting);
        for (Node node : rewriting.graph().nodes()) {
            if (rewriting.isSettled(node)) {
                continue;
            }
            if (QuantizedModels.isOfCodes(node)) {
                Objects.requireNonNull(operators.get(node.opType())).accept(node);
                undone.merge(node.operator(), 1L, Long::sum);
                rewriting.replace(node);
            } else if (folded.undo(node)) {
                undone.merge(node.operator(), 1L, Long::sum);
            } else if (movement.undo(node)) {
                rewriting.replace(node);
            } else {
                keep(node, rewriting, outer);
            }
        }
    }

    private static Map<String, Consumer<Node>> operators(FloatRewriting rewriting) {
        Map<String, Consumer<Node>> operators = new HashMap<>();
        List.of(
                        new QdqForm(rewriting),
                        new OperatorForm(rewriting),
                        new MatrixForm(rewriting),
                        new DynamicForm(rewriting),
                        new BlockForm(rewriting),
                        new RecurrentForm(rewriting))
                .forEach(form -> operators.putAll(form.operators()));
        return operators;
    }

    private static void requireKnown(Graph graph, Set<String> operators) {
        List<String> unknown =
                graph.nodes().stream()
                        .filter(QuantizedModels::isOfCodes)
                        .filter(node -> !operators.contains(node.opType()) || !isKnownDomain(node))
                        .map(node -> node.name() + " (" + node.operator() + ")")
                        .toList();
        if (!unknown.isEmpty()) {
            throw new NibbleException(
                    "cannot dequantize %s%s: Nibble does not know what such operators are in float"
                            .formatted(
                                    unknown.stream()
                                            .limit(NAMED_AT_ONCE)
                                            .collect(Collectors.joining(", ")),
                                    unknown.size() > NAMED_AT_ONCE
                                            ? " and " + (unknown.size() - NAMED_AT_ONCE) + " more"
                                            : ""));
        }
    }

    private static boolean isKnownDomain(Node node) {
        return node.domain().isEmpty() || node.domain().equals("com.microsoft");
    }

    /** A node that knows nothing of codes stays, unless it reads some. */
    private void keep(
            Node node, FloatRewriting rewriting, Function<String, Optional<Tensor>> outer) {
        node.reads()
                .filter(read -> rewriting.source(read).isPresent())
                .findFirst()
                .ifPresent(codes -> {
                    throw FloatRewriting.refusal(
                            node,
                            "it computes on the codes "
                                    + codes
                                    + ", and Nibble does not know what that is in float");
                });
        if (node.subgraphs().findAny().isPresent()) {
            Function<String, Optional<Tensor>> inner =
                    name -> rewriting.constant(name).or(() -> outer.apply(name));
            rewriting.emit(withSubgraphs(node, inner));
            rewriting.replace(node);
        } else {
            rewriting.bounds().learn(node);
        }
    }

    private Node withSubgraphs(Node node, Function<String, Optional<Tensor>> outer) {
        Node changed = node;
        for (Map.Entry<String, Attribute> entry : node.attributes().entrySet()) {
            if (entry.getValue() instanceof GraphValue(Graph graph)) {
                changed = changed.with(entry.getKey(), new GraphValue(undo(graph, outer)));
            } else if (entry.getValue() instanceof GraphList(List<Graph> graphs)) {
                List<Graph> floats = graphs.stream().map(graph -> undo(graph, outer)).toList();
                changed = changed.with(entry.getKey(), new GraphList(floats));
            }
        }
        return changed;
    }

    /** The graph without the nodes that make the given values, where nobody reads them any more. */
    private static Graph sweep(Graph graph, Set<String> expendable) {
        Set<String> read = new HashSet<>();
        graph.outputs().forEach(output -> read.add(output.name()));
        List<Node> backwards = graph.nodes().reversed();
        return graph.edit(editor -> {
            for (Node node : backwards) {
                boolean idle = node.outputs().stream().noneMatch(read::contains);
                if (idle && expendable.containsAll(node.outputs())) {
                    editor.remove(node);
                    node.outputs().forEach(editor::removeValue);
                } else {
                    node.reads().forEach(read::add);
                }
            }
        });
    }

    /** Checks that every node still gets what it reads. */
    private static void requireWhole(Graph before, Graph after) {
        Set<String> made = after.valueNames();
        for (Node node : after.nodes()) {
            for (String read : node.reads().toList()) {
                if (!made.contains(read) && before.valueNames().contains(read)) {
                    throw FloatRewriting.refusal(
                            node,
                            "it reads "
                                    + read
                                    + ", which exists only as long as "
                                    + before.producer(read).map(Node::name).orElse("the model")
                                    + " makes codes");
                }
            }
        }
    }
}
