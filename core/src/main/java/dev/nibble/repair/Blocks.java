package dev.nibble.repair;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.plan.NodeDecision;
import dev.nibble.plan.Plan;
import dev.nibble.plan.WeightedNode;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where a network can be cut into blocks that are fitted one after the other.
 *
 * <p>A cut is a value through which everything flows: a residual block or a Fire module stays
 * whole. Pieces without weights go with what follows them, a lone layer in front of branches with
 * the branches, and chains of layers are cut after every {@value #LONGEST}. What lies behind the
 * last cut is no block if it ends in several outputs.
 */
public final class Blocks {
    /** How many layers in a row make a block. */
    private static final int LONGEST = 3;

    private final Graph graph;
    private final Plan plan;
    private final Set<String> flowing = new HashSet<>();
    private final Map<String, Integer> lastRead = new HashMap<>();

    private Blocks(Graph graph, Plan plan) {
        this.graph = graph;
        this.plan = plan;
        graph.fedInputs().forEach(input -> flowing.add(input.name()));
        for (int i = 0; i < graph.nodes().size(); i++) {
            Node node = graph.nodes().get(i);
            if (node.reads().anyMatch(flowing::contains)) {
                flowing.addAll(node.outputs());
                int at = i;
                node.reads().forEach(read -> lastRead.put(read, at));
            }
        }
        flowing.remove("");
        graph.outputs().forEach(output -> lastRead.put(output.name(), Integer.MAX_VALUE));
    }

    /** A run of nodes between two cuts. */
    private record Piece(List<Node> nodes, String output, int weights) {
        Piece with(Piece next) {
            List<Node> all = new ArrayList<>(nodes);
            all.addAll(next.nodes);
            return new Piece(all, next.output, weights + next.weights);
        }
    }

    /** The blocks with weights that are to be quantized, in order. */
    public static List<Block> of(Graph graph, Plan plan) {
        Blocks blocks = new Blocks(graph, plan);
        return blocks.chained(blocks.withBranches(blocks.weighted(blocks.pieces()))).stream()
                .map(piece -> blocks.block(piece.nodes, piece.output))
                .toList();
    }

    /** Each node with weights that are to be quantized, with the activations absorbed by it. */
    public static List<Block> layers(Graph graph, Plan plan) {
        Blocks blocks = new Blocks(graph, plan);
        return graph.nodes().stream()
                .filter(blocks::learns)
                .map(node -> blocks.layer(node))
                .toList();
    }

    private Block layer(Node node) {
        List<Node> nodes = new ArrayList<>(List.of(node));
        String value = node.output(0);
        for (Optional<Node> next = absorbed(value); next.isPresent(); next = absorbed(value)) {
            nodes.add(next.get());
            value = next.get().output(0);
        }
        return block(nodes, value);
    }

    private Optional<Node> absorbed(String value) {
        return graph.soleConsumer(value)
                .filter(node -> node.input(0).equals(value))
                .filter(node ->
                        plan.node(node.name()).orElse(null) instanceof NodeDecision.Absorbed);
    }

    private Block block(List<Node> nodes, String output) {
        Set<String> wanted = new HashSet<>();
        nodes.forEach(node -> node.reads().forEach(wanted::add));
        Set<String> chosen = new HashSet<>();
        nodes.forEach(node -> chosen.add(node.name()));
        for (Node node : graph.nodes().reversed()) {
            boolean constant = node.outputs().stream().noneMatch(flowing::contains);
            if (constant && node.outputs().stream().anyMatch(wanted::contains)) {
                chosen.add(node.name());
                node.reads().forEach(wanted::add);
            }
        }
        List<Node> all =
                graph.nodes().stream().filter(node -> chosen.contains(node.name())).toList();
        return Block.of(graph, all, output);
    }

    private boolean learns(Node node) {
        return WeightedNode.of(graph, node).isPresent()
                && plan.node(node.name()).filter(NodeDecision::hasCodes).isPresent();
    }

    private List<Piece> pieces() {
        List<Piece> pieces = new ArrayList<>();
        List<Node> open = new ArrayList<>();
        Set<String> live = new HashSet<>();
        graph.fedInputs().forEach(input -> live.add(input.name()));
        for (int i = 0; i < graph.nodes().size(); i++) {
            Node node = graph.nodes().get(i);
            if (node.outputs().stream().noneMatch(flowing::contains)) {
                continue;
            }
            open.add(node);
            live.addAll(node.outputs());
            int at = i;
            live.removeIf(value -> lastRead.getOrDefault(value, -1) <= at);
            if (isCut(live)) {
                pieces.add(new Piece(List.copyOf(open), live.iterator().next(), weights(open)));
                open.clear();
            }
        }
        return pieces;
    }

    /** Whether everything flows through one value, and it is one that the lowered network has. */
    private boolean isCut(Collection<String> live) {
        return live.size() == 1 && absorbed(live.iterator().next()).isEmpty();
    }

    private int weights(List<Node> nodes) {
        return (int) nodes.stream().filter(this::learns).count();
    }

    /** Puts pieces without weights in front of the next one with, the last ones behind it. */
    private List<Piece> weighted(List<Piece> pieces) {
        List<Piece> joined = new ArrayList<>();
        Optional<Piece> waiting = Optional.empty();
        for (Piece piece : pieces) {
            Piece next = waiting.map(before -> before.with(piece)).orElse(piece);
            if (next.weights == 0) {
                waiting = Optional.of(next);
            } else {
                joined.add(next);
                waiting = Optional.empty();
            }
        }
        if (waiting.isPresent() && !joined.isEmpty()) {
            joined.add(joined.removeLast().with(waiting.get()));
        }
        return joined;
    }

    /** Puts a lone layer together with the branches behind it. */
    private List<Piece> withBranches(List<Piece> pieces) {
        List<Piece> joined = new ArrayList<>();
        for (Piece piece : pieces) {
            boolean follows =
                    piece.weights > 1
                            && !joined.isEmpty()
                            && joined.getLast().weights == 1
                            && piece.weights + 1 <= LONGEST;
            joined.add(follows ? joined.removeLast().with(piece) : piece);
        }
        return joined;
    }

    private List<Piece> chained(List<Piece> pieces) {
        List<Piece> joined = new ArrayList<>();
        boolean open = false;
        for (Piece piece : pieces) {
            boolean alone = piece.weights == 1;
            boolean follows = open && alone && joined.getLast().weights < LONGEST;
            joined.add(follows ? joined.removeLast().with(piece) : piece);
            open = alone;
        }
        return joined;
    }
}
