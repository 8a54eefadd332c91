package dev.nibble.plan;

import dev.nibble.error.NibbleException;
import dev.nibble.graph.Graph;
import dev.nibble.number.Encoding;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The encodings of a saved plan, brought to the values of a network.
 *
 * <p>Where a node was made float or made to compute on codes, values may share codes with others
 * than before; an entry then counts for those values whose numbers made its range.
 *
 * @param entries for each group of values of the plan that has one, by the name of the group
 * @param unused names of entries whose values are codes no longer
 */
public record ActivationEdits(Map<String, SavedActivation> entries, List<String> unused) {
    public ActivationEdits {
        entries = Collections.unmodifiableMap(new TreeMap<>(entries));
        unused = List.copyOf(unused);
    }

    /**
     * Finds for each value what was saved for it.
     *
     * @param base what the saved recipe alone makes of the graph
     * @param planned what it becomes with the decisions that were edited
     * @throws NibbleException if an entry names a value that is not quantized, changes who shares
     *     it, or contradicts another
     */
    public static ActivationEdits of(SavedPlan saved, Graph graph, Plan base, Plan planned) {
        Map<String, SavedActivation> entries = new LinkedHashMap<>();
        List<String> unused = new ArrayList<>();
        for (SavedActivation entry : saved.activations()) {
            requireShared(entry, base);
            List<String> groups =
                    planned.sources().keySet().stream()
                            .filter(group -> graph.constant(group).isEmpty())
                            .filter(group -> isMeant(entry, group, base, planned))
                            .toList();
            if (groups.isEmpty() && !base.values().containsKey(entry.value())) {
                throw unknown(entry, graph, planned);
            }
            if (groups.isEmpty()) {
                unused.add(entry.value());
            }
            for (String group : groups) {
                SavedActivation other = entries.put(group, entry);
                if (other != null && !isSame(other, entry)) {
                    throw new NibbleException(
                            "values %s and %s share their codes in this plan, but have not the same format, scale and zeroPoint; make them the same or take one out"
                                    .formatted(other.value(), entry.value()));
                }
            }
        }
        return new ActivationEdits(entries, unused);
    }

    private static boolean isSame(SavedActivation one, SavedActivation other) {
        return one.format().equals(other.format())
                && one.affine().equals(other.affine())
                && one.calibrated().equals(other.calibrated());
    }

    private static boolean isMeant(SavedActivation entry, String group, Plan base, Plan planned) {
        Set<String> before = base.sources().getOrDefault(entry.value(), Set.of());
        return before.isEmpty()
                ? entry.value().equals(group)
                : !Collections.disjoint(before, planned.sources().get(group));
    }

    private static void requireShared(SavedActivation entry, Plan base) {
        List<String> others = base.others(entry.value());
        if (base.values().containsKey(entry.value()) && !others.equals(entry.sharedWith())) {
            throw new NibbleException(
                    "value %s shares its codes with %s in this network, but the plan says with %s; who shares follows from the nodes between them, which can be made float instead"
                            .formatted(entry.value(), others, entry.sharedWith()));
        }
    }

    private static NibbleException unknown(SavedActivation entry, Graph graph, Plan planned) {
        String group = planned.group(entry.value());
        String why =
                planned.values().containsKey(group) && graph.constant(group).isEmpty()
                        ? "it shares the codes of %s; name that one".formatted(group)
                        : "no node reads or makes codes of it; take it out, or make a node beside"
                                + " it \"quantized\"";
        return new NibbleException(
                "value %s cannot be encoded as the plan says: %s".formatted(entry.value(), why));
    }

    /**
     * A plan with these formats, scales and zero points, from which passes start; what has none
     * remains to be calibrated.
     */
    public Plan begin(Plan planned) {
        Plan at = planned;
        for (Map.Entry<String, SavedActivation> entry : entries.entrySet()) {
            Decision decision =
                    entry.getValue()
                            .first()
                            .<Decision>map(Decision.Quantize::new)
                            .orElseGet(() -> new Decision.Planned(entry.getValue().scheme()));
            at = at.with(entry.getKey(), decision);
        }
        return at;
    }

    /** The groups that a plan encodes otherwise than it is to end, and how they are to end. */
    public Map<String, Encoding> corrections(Plan plan) {
        Map<String, Encoding> corrections = new TreeMap<>();
        entries.forEach((group, entry) -> {
            Optional<Encoding> last = entry.last();
            if (last.isPresent() && !plan.encoding(group).equals(last)) {
                corrections.put(group, last.get());
            }
        });
        return corrections;
    }
}
