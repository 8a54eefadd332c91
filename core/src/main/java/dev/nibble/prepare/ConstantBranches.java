package dev.nibble.prepare;

import dev.nibble.graph.Attribute.GraphValue;
import dev.nibble.graph.Extras;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;
import dev.nibble.tensor.Tensor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Puts the nodes of the branch that is always taken in the place of an {@code If} whose condition
 * is constant, so that their values are observed and become codes.
 *
 * <p>Values of the branch keep their names unless something else in the network has the same one.
 */
final class ConstantBranches {
    private static final String STEP = "ConstantBranches";

    /** How many values of the whole network have a name. */
    private final Map<String, Integer> uses = new HashMap<>();

    /** The branch that is always taken, by the name of the node. */
    private final Map<String, String> taken = new TreeMap<>();

    private ConstantBranches() {}

    static Preparation inline(Preparation before) {
        if (before.graph().allNodes().noneMatch(node -> node.is("If"))) {
            return before;
        }
        ConstantBranches step = new ConstantBranches();
        step.count(before.graph());
        Graph graph = step.in(before.graph(), List.of());
        Preparation after = step.taken.isEmpty() ? before : before.map(_ -> graph);
        for (Map.Entry<String, String> entry : step.taken.entrySet()) {
            after =
                    after.noting(
                            STEP,
                            entry.getKey(),
                            "its condition is constant: the nodes of its %s stand in its place"
                                    .formatted(entry.getValue()));
        }
        return after;
    }

    private void count(Graph graph) {
        graph.valueNames().forEach(name -> uses.merge(name, 1, Integer::sum));
        graph.nodes().stream().flatMap(Node::subgraphs).forEach(this::count);
    }

    /** What a graph consists of once branches are put into it. */
    private record Parts(
            List<Node> nodes,
            Map<String, Tensor> constants,
            Map<String, Extras> constantExtras,
            Map<String, ValueInfo> values) {
        static Parts of(Graph graph) {
            return new Parts(
                    new ArrayList<>(),
                    new LinkedHashMap<>(graph.constants()),
                    new HashMap<>(graph.constantExtras()),
                    new LinkedHashMap<>(graph.values()));
        }

        Graph in(Graph graph) {
            return new Graph(
                    graph.name(),
                    nodes,
                    graph.inputs(),
                    graph.outputs(),
                    constants,
                    constantExtras,
                    values,
                    graph.extras());
        }
    }

    /**
     * The graph with branches in the place of nodes.
     *
     * @param around the graphs around it, the nearest first
     */
    private Graph in(Graph graph, List<Graph> around) {
        List<Graph> scopes = new ArrayList<>(List.of(graph));
        scopes.addAll(around);
        Parts parts = Parts.of(graph);
        for (Node node : graph.nodes()) {
            Node within = node.mapSubgraphs(inner -> in(inner, scopes));
            Optional<Graph> branch = branch(within, scopes);
            if (branch.isEmpty()) {
                parts.nodes().add(within);
            } else {
                splice(within, branch.get(), parts, graph);
            }
        }
        return parts.in(graph);
    }

    private Optional<Graph> branch(Node node, List<Graph> scopes) {
        if (!node.is("If")) {
            return Optional.empty();
        }
        Optional<String> name =
                new ConstantCondition(scopes)
                        .of(node.input(0))
                        .map(condition -> condition ? "then_branch" : "else_branch");
        Optional<Graph> branch =
                name.map(node.attributes()::get)
                        .flatMap(attribute ->
                                attribute instanceof GraphValue(Graph graph)
                                        ? Optional.of(graph)
                                        : Optional.empty());
        branch.ifPresent(_ -> taken.put(node.name(), name.orElseThrow()));
        return branch;
    }

    private void splice(Node node, Graph branch, Parts parts, Graph outside) {
        Map<String, String> names = new HashMap<>();
        branch.valueNames().forEach(name -> names.put(name, unique(node, name)));
        List<Node> handedOver = new ArrayList<>();
        Set<String> made = new HashSet<>();
        branch.nodes().forEach(inner -> made.addAll(inner.outputs()));
        for (int i = 0; i < branch.outputs().size(); i++) {
            String from = branch.outputs().get(i).name();
            String to = node.output(i);
            if (!to.isEmpty() && made.remove(from)) {
                names.put(from, to);
            } else if (!to.isEmpty()) {
                // a constant, a value from outside, or one value under two names
                String own = node.name() + "/Identity_" + i;
                handedOver.add(
                        Node.of(
                                own,
                                "Identity",
                                List.of(names.getOrDefault(from, from)),
                                List.of(to)));
            }
        }
        Renaming renaming = new Renaming(names);
        branch.nodes().forEach(inner -> parts.nodes().add(renaming.all(inner)));
        parts.nodes().addAll(handedOver);
        branch.constants()
                .forEach((name, tensor) -> parts.constants().put(renaming.of(name), tensor));
        branch.constantExtras()
                .forEach((name, extras) -> parts.constantExtras().put(renaming.of(name), extras));
        List<ValueInfo> infos = new ArrayList<>(branch.values().values());
        infos.addAll(branch.outputs());
        renaming.infos(infos).stream()
                .filter(info -> !outside.isOutput(info.name()))
                .forEach(info -> parts.values().putIfAbsent(info.name(), info));
    }

    private String unique(Node node, String name) {
        if (uses.getOrDefault(name, 0) <= 1) {
            return name;
        }
        String wanted = node.name() + "/" + name;
        String free = wanted;
        for (int count = 1; uses.containsKey(free); count++) {
            free = wanted + "_" + count;
        }
        uses.put(free, 1);
        return free;
    }
}
