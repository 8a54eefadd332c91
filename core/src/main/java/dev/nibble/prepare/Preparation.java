package dev.nibble.prepare;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A network made ready for quantization, and what was done for it.
 *
 * @param model every node has a unique name; it computes what the given one does and takes and
 *     gives the same types
 * @param notes in the order of the steps
 */
public record Preparation(Model model, List<Note> notes) {
    public Preparation {
        notes = List.copyOf(notes);
    }

    /**
     * What a step did.
     *
     * @param step the class that did it
     * @param subject the node or value that it speaks of
     */
    public record Note(String step, String subject, String what) {}

    /**
     * Prepares a network for quantization.
     *
     * @throws dev.nibble.error.NibbleException if the network contradicts itself; the message names
     *     the nodes
     */
    public static Preparation of(Model given) {
        return unified(given).then(SinglePrecision::convert).then(ConstantAliases::resolve);
    }

    /**
     * The same in the types that the network has: for looking at it.
     *
     * @throws dev.nibble.error.NibbleException as above
     */
    public static Preparation flat(Model given) {
        return unified(given).then(ConstantAliases::resolve);
    }

    private static Preparation unified(Model given) {
        return new Preparation(given, List.of())
                .map(Graph::named)
                .then(FunctionInlining::inline)
                .then(InputDefaults::fix)
                .then(ConstantNodes::unify)
                .then(ConstantBranches::inline)
                .then(ComputedWeights::compute)
                .then(SubgraphConstants::hoist);
    }

    private Preparation then(UnaryOperator<Preparation> step) {
        return step.apply(this);
    }

    Graph graph() {
        return model.graph();
    }

    Preparation with(Model other) {
        return new Preparation(other, notes);
    }

    Preparation map(UnaryOperator<Graph> edit) {
        return with(model.map(edit));
    }

    Preparation noting(String step, String subject, String what) {
        List<Note> more = new ArrayList<>(notes);
        more.add(new Note(step, subject, what));
        return new Preparation(model, more);
    }
}
