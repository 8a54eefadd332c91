package dev.nibble.plan;

import dev.nibble.error.NibbleException;
import dev.nibble.plan.SavedNode.Choice;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Everything that was decided about a network, to be read, edited and replayed: the same plan, data
 * and network give the same bytes.
 *
 * @param network SHA-256 of the files of the float network, in hexadecimal; {@link #UNKNOWN} if
 *     nobody has looked
 * @param samples how the samples were split
 * @param recipe whose formats the network has, those that a search chose included
 * @param passes names of the repairs that were kept, in order
 * @param nodes what became of each node; one that is left out is as the recipe says
 * @param activations how values are encoded; one that is left out is calibrated
 */
public record SavedPlan(
        String network,
        Split samples,
        Recipe recipe,
        List<String> passes,
        List<SavedNode> nodes,
        List<SavedActivation> activations) {
    /** Stands for the hash of a network whose files nobody has looked at. */
    public static final String UNKNOWN = "";

    /**
     * How many samples there were, and what for.
     *
     * @param given all of them
     * @param heldOut those that judged which passes to keep; 0 if others did
     * @param fitted those that the passes saw at last: all, or all but those held out
     */
    public record Split(int given, int heldOut, int fitted) {
        public Split {
            if (given < 0 || heldOut < 0 || heldOut > given) {
                throw new NibbleException(
                        "%d samples cannot be held out of %d".formatted(heldOut, given));
            }
            if (fitted != given && fitted != given - heldOut) {
                throw new NibbleException(
                        "passes were fitted to all %d samples or to the %d not held out, not to %d"
                                .formatted(given, given - heldOut, fitted));
            }
        }

        /** Whether passes saw in the end what had been held out before. */
        public boolean fittedToAll() {
            return heldOut > 0 && fitted == given;
        }
    }

    public SavedPlan {
        passes = List.copyOf(passes);
        nodes = List.copyOf(nodes);
        activations = List.copyOf(activations);
        requireOnce("node", nodes, SavedNode::node);
        requireOnce("value", activations, SavedActivation::value);
    }

    private static <T> void requireOnce(String kind, List<T> entries, Function<T, String> name) {
        Set<String> seen = new HashSet<>();
        for (T entry : entries) {
            if (!seen.add(name.apply(entry))) {
                throw new NibbleException(
                        "the plan says twice what becomes of %s %s; take one out"
                                .formatted(kind, name.apply(entry)));
            }
        }
    }

    /** The same for the network with this hash. */
    public SavedPlan madeFor(String hash) {
        return new SavedPlan(hash, samples, recipe, passes, nodes, activations);
    }

    /**
     * The same with the nodes that match left float: they no longer compute on codes, and what only
     * exists because of them goes with them. What was absorbed stays with what absorbed it.
     *
     * @throws NibbleException if a pattern matches no node of the plan, or only absorbed ones
     */
    public SavedPlan keepingFloat(List<NamePattern> patterns) {
        List<SavedNode> edited = new ArrayList<>(nodes);
        for (NamePattern pattern : patterns) {
            List<SavedNode> matched = nodes.stream().filter(node -> node.matches(pattern)).toList();
            if (matched.isEmpty()) {
                throw new NibbleException(
                        "keep-float pattern \"%s\" matches no node of the plan; its nodes are named like %s"
                                .formatted(
                                        pattern,
                                        nodes.stream().map(SavedNode::node).limit(3).toList()));
            }
            if (matched.stream().allMatch(node -> node.decision() == Choice.ABSORBED)) {
                throw new NibbleException(
                        "keep-float pattern \"%s\" matches %s, which is %s; name the node that it went into"
                                .formatted(
                                        pattern,
                                        matched.getFirst().node(),
                                        matched.getFirst().reason().isEmpty()
                                                ? "absorbed"
                                                : matched.getFirst().reason()));
            }
            edited.replaceAll(node ->
                    node.matches(pattern) && node.decision() != Choice.ABSORBED
                            ? node.deciding(Choice.FLOAT)
                            : node);
        }
        return withNodes(edited);
    }

    /** The same with other entries for nodes. */
    public SavedPlan withNodes(List<SavedNode> others) {
        return new SavedPlan(network, samples, recipe, passes, others, activations);
    }

    /** The same with other entries for values. */
    public SavedPlan withActivations(List<SavedActivation> others) {
        return new SavedPlan(network, samples, recipe, passes, nodes, others);
    }
}
