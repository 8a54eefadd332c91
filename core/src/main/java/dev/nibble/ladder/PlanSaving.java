package dev.nibble.ladder;

import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.number.Encoding;
import dev.nibble.number.Granularity;
import dev.nibble.pass.Draft;
import dev.nibble.plan.Grouping;
import dev.nibble.plan.NodeDecision;
import dev.nibble.plan.Plan;
import dev.nibble.plan.SavedActivation;
import dev.nibble.plan.SavedNode;
import dev.nibble.plan.SavedNode.Choice;
import dev.nibble.plan.SavedPlan;
import dev.nibble.plan.SavedPlan.Split;
import dev.nibble.plan.WeightOperand;
import dev.nibble.plan.Weights;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Writes down what was decided about a network. */
final class PlanSaving {
    private PlanSaving() {}

    /**
     * The plan of a place on the ladder.
     *
     * @param original the float network as it was given
     * @param passes names of the repairs that were kept
     */
    static SavedPlan of(Model original, State state, Split samples, List<String> passes) {
        return new SavedPlan(
                SavedPlan.UNKNOWN,
                samples,
                state.recipe(),
                passes,
                nodes(original, state.draft()),
                activations(state));
    }

    private static List<SavedNode> nodes(Model original, Draft draft) {
        Map<String, Node> now =
                draft.graph().allNodes().collect(Collectors.toMap(Node::name, Function.identity()));
        Map<String, Node> before =
                original.graph()
                        .allNodes()
                        .collect(Collectors.toMap(Node::name, Function.identity()));
        List<String> names = new ArrayList<>(before.keySet().size());
        original.graph().allNodes().forEach(node -> names.add(node.name()));
        draft.graph()
                .allNodes()
                .map(Node::name)
                .filter(name -> !before.containsKey(name))
                .forEach(names::add);
        List<SavedNode> nodes = new ArrayList<>();
        for (String name : names) {
            Node node = Optional.ofNullable(now.get(name)).orElseGet(() -> before.get(name));
            draft.plan().node(name).ifPresent(decision -> nodes.add(node(draft, node, decision)));
        }
        return nodes;
    }

    private static SavedNode node(Draft draft, Node node, NodeDecision decision) {
        Optional<Weights> weights =
                decision.hasCodes()
                        ? WeightOperand.of(draft.graph(), node).stream()
                                .findFirst()
                                .flatMap(operand -> weights(draft.plan(), operand))
                        : Optional.empty();
        String reason =
                switch (decision) {
                    case NodeDecision.Quantized _, NodeDecision.Dynamic _ -> "";
                    case NodeDecision.WeightOnly(String why) -> why;
                    case NodeDecision.Absorbed(String into) -> "absorbed by " + into;
                    case NodeDecision.KeptFloat(String why) -> why;
                };
        return new SavedNode(node.name(), node.operator(), Choice.of(decision), weights, reason);
    }

    /** How a node stores its weights; empty if another that shares them decides. */
    private static Optional<Weights> weights(Plan plan, WeightOperand operand) {
        return plan.encoding(operand.name())
                .map(Encoding::scheme)
                .flatMap(scheme -> {
                    Weights channels = Weights.perChannel(scheme.format());
                    Weights weights =
                            channels.scheme(operand).equals(scheme)
                                    ? channels
                                    : new Weights(scheme.format(), grouping(scheme.granularity()));
                    return weights.scheme(operand).equals(scheme)
                            ? Optional.of(weights)
                            : Optional.empty();
                });
    }

    private static Grouping grouping(Granularity granularity) {
        return switch (granularity) {
            case Granularity.PerTensor() -> new Grouping.PerTensor();
            case Granularity.PerAxis _ -> new Grouping.PerChannel();
            case Granularity.PerBlock(_, int size) -> new Grouping.PerBlock(size);
        };
    }

    private static List<SavedActivation> activations(State state) {
        Draft draft = state.draft();
        List<SavedActivation> activations = new ArrayList<>();
        for (String group : draft.plan().values().keySet()) {
            boolean calibrated =
                    draft.plan().sources().containsKey(group)
                            && draft.graph().constant(group).isEmpty();
            Optional<Encoding> last = draft.plan().encoding(group);
            if (calibrated && last.isPresent()) {
                activations.add(
                        SavedActivation.of(
                                group,
                                draft.plan().others(group),
                                state.calibrated().encoding(group).orElseThrow(),
                                last.get()));
            }
        }
        return activations;
    }
}
