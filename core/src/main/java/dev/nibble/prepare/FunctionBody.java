package dev.nibble.prepare;

import dev.nibble.graph.Attribute;
import dev.nibble.graph.Attribute.Reference;
import dev.nibble.graph.Extras;
import dev.nibble.graph.Function;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;
import dev.nibble.tensor.Tensor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The nodes of a function as one call of it computes them.
 *
 * <p>What is inside is called after the call, as in {@code call/relu}; names within the body cannot
 * meet others then.
 */
final class FunctionBody {
    private final Function function;
    private final Node call;
    private final String prefix;

    private FunctionBody(Function function, Node call) {
        this.function = function;
        this.call = call;
        this.prefix = call.name() + "/";
    }

    /** The nodes that stand in the place of a call. */
    static List<Node> of(Function function, Node call) {
        return new FunctionBody(function, call).nodes();
    }

    private List<Node> nodes() {
        Map<String, String> names = new HashMap<>();
        for (int i = 0; i < function.inputs().size(); i++) {
            names.put(function.inputs().get(i), call.input(i));
        }
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < function.outputs().size(); i++) {
            String output = function.outputs().get(i);
            String outside = call.output(i);
            if (outside.isEmpty()) {
                continue;
            }
            if (names.containsKey(output)) {
                // an input handed through, or one value under two names
                nodes.add(
                        Node.of(
                                prefix + "Identity_" + i,
                                "Identity",
                                List.of(names.getOrDefault(output, "")),
                                List.of(outside)));
            } else {
                names.put(output, outside);
            }
        }
        nodes.addAll(0, renamed(function.nodes(), names));
        return nodes;
    }

    private List<Node> renamed(List<Node> body, Map<String, String> names) {
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < body.size(); i++) {
            Node node = body.get(i);
            String own = node.name().isEmpty() ? node.opType() + "_" + i : node.name();
            nodes.add(
                    node.withName(prefix + own)
                            .withInputs(
                                    node.inputs().stream().map(name -> of(name, names)).toList())
                            .withOutputs(
                                    node.outputs().stream().map(name -> of(name, names)).toList())
                            .withAttributes(attributes(node))
                            .mapSubgraphs(inner -> inside(inner, names)));
        }
        return nodes;
    }

    /** The name of a value of the body: that which the call gives, or one of its own. */
    private String of(String name, Map<String, String> names) {
        return name.isEmpty() ? "" : names.getOrDefault(name, prefix + name);
    }

    private Map<String, Attribute> attributes(Node node) {
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        node.attributes()
                .forEach((name, attribute) ->
                        resolved(attribute).ifPresent(value -> attributes.put(name, value)));
        return attributes;
    }

    /** An attribute, or that of the call which it stands for; one that is not given is left out. */
    private Optional<Attribute> resolved(Attribute attribute) {
        if (!(attribute instanceof Reference(String wanted, Extras _))) {
            return Optional.of(attribute);
        }
        return Optional.ofNullable(call.attributes().get(wanted))
                .or(() -> Optional.ofNullable(function.defaults().get(wanted)));
    }

    /** A subgraph of the body, whose own values hide those around it. */
    private Graph inside(Graph graph, Map<String, String> around) {
        Map<String, String> names = new HashMap<>(around);
        names.keySet().removeAll(graph.valueNames());
        Map<String, Tensor> constants = new LinkedHashMap<>();
        graph.constants().forEach((name, tensor) -> constants.put(of(name, names), tensor));
        Map<String, Extras> extras = new HashMap<>();
        graph.constantExtras().forEach((name, more) -> extras.put(of(name, names), more));
        return new Graph(
                graph.name(),
                renamed(graph.nodes(), names),
                infos(graph.inputs(), names),
                infos(graph.outputs(), names),
                constants,
                extras,
                Map.of(),
                graph.extras());
    }

    private List<ValueInfo> infos(List<ValueInfo> infos, Map<String, String> names) {
        return infos.stream()
                .map(info -> new ValueInfo(of(info.name(), names), info.type(), info.extras()))
                .toList();
    }
}
