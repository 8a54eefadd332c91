package dev.nibble.prepare;

import dev.nibble.error.NibbleException;
import dev.nibble.graph.Function;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Puts the nodes of functions that a model defines in the place of their calls, so that the weights
 * in them are seen.
 *
 * <p>A function that uses another version of an operator set than the model is left alone: its
 * nodes would mean something else outside of it.
 */
final class FunctionInlining {
    private static final String STEP = "FunctionInlining";
    private static final int MOST_NODES = 1_000_000;

    private final List<Function> functions;
    private final Map<String, Long> opsets;
    private final Set<String> inlined = new TreeSet<>();
    private final Set<String> left = new TreeSet<>();
    private int nodesMade;

    private FunctionInlining(Model model) {
        this.functions = model.functions();
        this.opsets = new TreeMap<>(model.opsets());
    }

    static Preparation inline(Preparation before) {
        if (before.model().functions().isEmpty()) {
            return before;
        }
        FunctionInlining step = new FunctionInlining(before.model());
        Graph graph = step.in(before.graph(), List.of()).named();
        List<Function> kept = step.left.isEmpty() ? List.of() : before.model().functions();
        Preparation after =
                before.with(before.model().with(graph).withFunctions(kept, step.opsets));
        for (String name : step.inlined) {
            after = after.noting(STEP, name, "a function of the model: its calls became its nodes");
        }
        for (String name : step.left) {
            after = after.noting(STEP, name, step.why(name));
        }
        return after;
    }

    private Graph in(Graph graph, List<Function> calling) {
        return graph.withNodes(in(graph.nodes(), calling));
    }

    private List<Node> in(List<Node> nodes, List<Function> calling) {
        List<Node> flat = new ArrayList<>();
        for (Node node : nodes) {
            Node within = node.mapSubgraphs(inner -> in(inner, calling));
            Optional<Function> function = called(within).filter(this::isOfThisVersion);
            if (function.isEmpty()) {
                flat.add(within);
                continue;
            }
            List<Function> deeper = new ArrayList<>(calling);
            deeper.add(function.get());
            if (calling.contains(function.get())) {
                throw new NibbleException(
                        "function %s of the model calls itself (%s), from node %s; export the model again"
                                .formatted(
                                        function.get(),
                                        deeper.stream()
                                                .map(Function::toString)
                                                .collect(Collectors.joining(" → ")),
                                        node.name()));
            }
            nodesMade += function.get().nodes().size();
            if (nodesMade > MOST_NODES) {
                throw new NibbleException(
                        "the functions of the model call each other so often that they are more than %d nodes; export the model without functions"
                                .formatted(MOST_NODES));
            }
            inlined.add(function.get().toString());
            function.get().opsets().forEach(opsets::putIfAbsent);
            flat.addAll(in(FunctionBody.of(function.get(), within), deeper));
        }
        return flat;
    }

    private Optional<Function> called(Node node) {
        List<Function> found =
                functions.stream().filter(function -> function.isCalledBy(node)).toList();
        if (found.size() > 1) {
            throw new NibbleException(
                    "function %s, which node %s calls, has %d overloads; give them different names"
                            .formatted(found.getFirst(), node.name(), found.size()));
        }
        return found.stream().findFirst();
    }

    private boolean isOfThisVersion(Function function) {
        boolean same = otherVersion(function).isEmpty();
        if (!same) {
            left.add(function.toString());
        }
        return same;
    }

    private Optional<String> otherVersion(Function function) {
        Set<String> used =
                function.nodes().stream()
                        .map(Node::domain)
                        .collect(Collectors.toCollection(HashSet::new));
        return function.opsets().entrySet().stream()
                .filter(entry -> used.contains(entry.getKey()))
                .filter(entry ->
                        !entry.getValue()
                                .equals(opsets.getOrDefault(entry.getKey(), entry.getValue())))
                .map(entry ->
                        "it uses version %d of operator set \"%s\", the model %d"
                                .formatted(
                                        entry.getValue(),
                                        entry.getKey().isEmpty() ? "ai.onnx" : entry.getKey(),
                                        opsets.get(entry.getKey())))
                .findFirst();
    }

    private String why(String name) {
        return functions.stream()
                .filter(function -> function.toString().equals(name))
                .flatMap(function -> otherVersion(function).stream())
                .findFirst()
                .map(why -> "a function of the model, left as it is: " + why)
                .orElseThrow();
    }
}
