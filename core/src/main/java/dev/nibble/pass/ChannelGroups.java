package dev.nibble.pass;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.pass.ChannelGroup.Channels;
import dev.nibble.pass.ChannelGroup.Limit;
import dev.nibble.pass.ChannelGroup.Port;
import dev.nibble.plan.WeightChannels;
import dev.nibble.tensor.Tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Finds where the channels of a network's values could be scaled without changing its function.
 *
 * <p>Nodes with weights begin groups and end them; additions and concatenations join what they
 * read; pooling, reshaping and activations that are linear for positive factors carry channels on.
 * Whatever else reads a channel pins its group.
 */
final class ChannelGroups {
    private final Graph graph;
    private final Map<String, Channels> known = new HashMap<>();
    private final List<Channels> values = new ArrayList<>();
    private final List<Port> writers = new ArrayList<>();
    private final List<Port> readers = new ArrayList<>();
    private final List<Limit> limits = new ArrayList<>();
    private final Map<Integer, String> pins = new HashMap<>();
    private final List<Integer> groupOfSlot = new ArrayList<>();
    private final Ties slots = new Ties();
    private final Ties groups = new Ties();

    private ChannelGroups(Graph graph) {
        this.graph = graph;
    }

    /** All groups of a graph, in the order in which their first values are made. */
    static List<ChannelGroup> of(Graph graph) {
        ChannelGroups found = new ChannelGroups(graph);
        graph.nodes().forEach(found::visit);
        graph.outputs().forEach(output -> found.pin(output.name(), "it is an output of the graph"));
        return found.assemble();
    }

    private void visit(Node node) {
        if (node.is("Constant")) {
            return;
        }
        boolean understood =
                node.domain().isEmpty()
                        && node.subgraphs().findAny().isEmpty()
                        && switch (node.opType()) {
                            case "Conv", "ConvTranspose", "Gemm", "MatMul" -> linear(node);
                            case "LayerNormalization", "BatchNormalization" -> normalize(node);
                            case "Add", "Sub" -> add(node);
                            case "Concat" -> concat(node);
                            case "Clip" -> clip(node);
                            default -> carry(node);
                        };
        if (!understood) {
            node.reads()
                    .forEach(
                            value -> pin(value, node.operator() + " " + node.name() + " reads it"));
        }
    }

    private boolean carry(Node node) {
        Optional<Channels> carried =
                input(node, 0).flatMap(from -> new Carriers(graph).carry(node, from));
        carried.ifPresent(channels -> remember(channels));
        return carried.isPresent();
    }

    private boolean linear(Node node) {
        Optional<LinearNode> linear = LinearNode.of(graph, node);
        if (linear.isEmpty()) {
            return false;
        }
        WeightChannels channels = linear.get().channels();
        Optional<Channels> from = input(node, 0);
        boolean reads =
                from.isPresent()
                        && from.get().count() == channels.inputs()
                        && (node.is("Gemm") || from.get().axis() == linear.get().axis());
        if (reads) {
            readers.add(new Port(node, from.get().slots()));
        }
        begin(node, channels.outputs(), linear.get().axis());
        return reads || from.isEmpty();
    }

    private boolean normalize(Node node) {
        Optional<Tensor> scale = graph.constant(node.input(1)).filter(LinearNode::isFloat);
        boolean constant =
                scale.isPresent()
                        && scale.get().shape().rank() == 1
                        && (!node.hasInput(2)
                                || graph.constant(node.input(2))
                                        .filter(LinearNode::isFloat)
                                        .filter(bias -> bias.shape().equals(scale.get().shape()))
                                        .isPresent());
        boolean layer = node.is("LayerNormalization");
        if (constant && (!layer || node.integer("axis", -1) == -1)) {
            begin(node, Math.toIntExact(scale.get().elements()), layer ? -1 : 1);
        }
        return false;
    }

    private void begin(Node node, int channels, int axis) {
        int group = groups.add();
        int[] fresh = IntStream.range(0, channels).map(_ -> slots.add()).toArray();
        groupOfSlot.addAll(Collections.nCopies(channels, group));
        writers.add(new Port(node, fresh));
        remember(new Channels(node.output(0), axis, fresh));
    }

    private boolean add(Node node) {
        Optional<Channels> first = input(node, 0);
        Optional<Channels> second = input(node, 1);
        if (first.isPresent() && second.isPresent()) {
            return tie(node, first.get(), second.get());
        }
        Channels some = first.or(() -> second).orElse(null);
        if (some == null) {
            return false;
        }
        Optional<Tensor> constant = graph.constant(node.input(first.isPresent() ? 1 : 0));
        boolean row =
                some.axis() == -1
                        && constant.filter(LinearNode::isFloat)
                                .filter(tensor ->
                                        tensor.elements() == some.count()
                                                && tensor.shape().dim(-1) == some.count())
                                .isPresent();
        if (row) {
            writers.add(new Port(node, some.slots()));
            remember(new Channels(node.output(0), some.axis(), some.slots()));
        }
        return row;
    }

    private boolean tie(Node node, Channels first, Channels second) {
        if (first.count() != second.count() || first.axis() != second.axis()) {
            return false;
        }
        join(first, second);
        for (int i = 0; i < first.count(); i++) {
            slots.join(first.slots()[i], second.slots()[i]);
        }
        remember(new Channels(node.output(0), first.axis(), first.slots()));
        return true;
    }

    private boolean concat(Node node) {
        List<Channels> parts = node.inputs().stream().map(known::get).toList();
        long axis = node.integer("axis", 1);
        if (parts.stream().anyMatch(part -> part == null || part.axis() != axis)) {
            return false;
        }
        parts.forEach(part -> join(parts.getFirst(), part));
        int[] all = parts.stream().flatMapToInt(part -> Arrays.stream(part.slots())).toArray();
        remember(new Channels(node.output(0), (int) axis, all));
        return true;
    }

    private boolean clip(Node node) {
        Optional<Channels> from = input(node, 0);
        Optional<float[]> bounds = Carriers.bounds(graph, node);
        boolean scalable =
                from.isPresent()
                        && bounds.isPresent()
                        && bounds.get()[0] <= 0
                        && bounds.get()[1] >= 0;
        if (scalable) {
            limits.add(new Limit(node, from.get(), bounds.get()[0], bounds.get()[1]));
            remember(new Channels(node.output(0), from.get().axis(), from.get().slots()));
        }
        return scalable;
    }

    private Optional<Channels> input(Node node, int index) {
        return Optional.ofNullable(known.get(node.input(index)));
    }

    private void remember(Channels channels) {
        known.put(channels.value(), channels);
        values.add(channels);
    }

    private void join(Channels first, Channels second) {
        groups.join(group(first.slots()), group(second.slots()));
    }

    private void pin(String value, String why) {
        Channels channels = known.get(value);
        if (channels != null) {
            pins.putIfAbsent(groupOfSlot.get(channels.slots()[0]), why);
        }
    }

    private int group(int[] some) {
        return groups.find(groupOfSlot.get(some[0]));
    }

    private List<ChannelGroup> assemble() {
        Map<Integer, String> reasons = new HashMap<>();
        pins.forEach((group, why) -> reasons.putIfAbsent(groups.find(group), why));
        List<ChannelGroup> all = new ArrayList<>();
        values.stream()
                .map(channels -> group(channels.slots()))
                .distinct()
                .forEach(
                        group -> all.add(assemble(group, Optional.ofNullable(reasons.get(group)))));
        return all;
    }

    private ChannelGroup assemble(int group, Optional<String> why) {
        Map<Integer, Integer> numbers = new HashMap<>();
        List<Channels> own =
                values.stream()
                        .filter(channels -> group(channels.slots()) == group)
                        .map(channels -> number(channels, numbers))
                        .toList();
        return new ChannelGroup(
                numbers.size(),
                own,
                ports(writers, group, numbers),
                ports(readers, group, numbers),
                limits.stream()
                        .filter(limit -> group(limit.input().slots()) == group)
                        .map(limit ->
                                new Limit(
                                        limit.node(),
                                        number(limit.input(), numbers),
                                        limit.low(),
                                        limit.high()))
                        .toList(),
                why);
    }

    private List<Port> ports(List<Port> of, int group, Map<Integer, Integer> numbers) {
        return of.stream()
                .filter(port -> group(port.slots()) == group)
                .map(port -> new Port(port.node(), number(port.slots(), numbers)))
                .toList();
    }

    private Channels number(Channels channels, Map<Integer, Integer> numbers) {
        return new Channels(channels.value(), channels.axis(), number(channels.slots(), numbers));
    }

    /** Counts the slots of a group from 0, those that are tied as one. */
    private int[] number(int[] of, Map<Integer, Integer> numbers) {
        return Arrays.stream(of)
                .map(slot -> {
                    int root = slots.find(slot);
                    Integer number = numbers.putIfAbsent(root, numbers.size());
                    return number == null ? numbers.size() - 1 : number;
                })
                .toArray();
    }
}
