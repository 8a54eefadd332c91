package dev.nibble.plan;

import dev.nibble.error.NibbleException;
import dev.nibble.error.Spelling;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a {@link SavedPlan} says of a node.
 *
 * @param node its name
 * @param operator its type, as in {@code Conv}
 * @param decision what becomes of it
 * @param weights how its weights are stored; empty if it has none or they stay as the recipe says
 * @param reason why it stays float or what absorbed it: for people to read, nothing follows from it
 */
public record SavedNode(
        String node, String operator, Choice decision, Optional<Weights> weights, String reason) {
    /** What becomes of a node, without the reason. */
    public enum Choice {
        /** It computes on codes whose ranges are known in advance. */
        QUANTIZED,

        /** It computes on codes, those of its input found with their range at run time. */
        DYNAMIC,

        /** Its weights are stored as codes; it computes in float. */
        WEIGHTS,

        /** It disappears into another node or into the clipping of a value's range. */
        ABSORBED,

        /** It stays as it was. */
        FLOAT;

        /**
         * The choice of a name, as in {@code quantized}.
         *
         * @throws NibbleException if there is none; the message lists them
         */
        public static Choice named(String name) {
            List<String> known = Arrays.stream(values()).map(Choice::toString).toList();
            return Arrays.stream(values())
                    .filter(choice -> choice.toString().equals(name))
                    .findFirst()
                    .orElseThrow(() ->
                            new NibbleException(
                                    "there is no decision \"%s\"; known are %s%s"
                                            .formatted(
                                                    name,
                                                    String.join(", ", known),
                                                    Spelling.hint(name, known))));
        }

        /** The choice that a decision stands for. */
        public static Choice of(NodeDecision decision) {
            return switch (decision) {
                case NodeDecision.Quantized _ -> QUANTIZED;
                case NodeDecision.Dynamic _ -> DYNAMIC;
                case NodeDecision.WeightOnly _ -> WEIGHTS;
                case NodeDecision.Absorbed _ -> ABSORBED;
                case NodeDecision.KeptFloat _ -> FLOAT;
            };
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Whether its name or its operator is meant. */
    public boolean matches(NamePattern pattern) {
        return pattern.matchesName(node) || pattern.matchesType(operator);
    }

    /** The same node with another decision. */
    public SavedNode deciding(Choice other) {
        return new SavedNode(node, operator, other, weights, reason);
    }

    /** The same node with its weights stored otherwise. */
    public SavedNode storing(Weights others) {
        return new SavedNode(node, operator, decision, Optional.of(others), reason);
    }
}
