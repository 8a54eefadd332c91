package dev.nibble.pass;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.observe.ValueStatistic;
import dev.nibble.plan.Plan;
import dev.nibble.tensor.Tensor;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * A network on its way: the float model, the decisions beside it, what was observed, and what the
 * passes have to say.
 *
 * @param model the float network that the quantized one is to match; passes that preserve its
 *     function change it
 * @param fitted the constants of the quantized network that are not those of the float one: weights
 *     rounded onto the grid of their encoding, corrected biases; by constant name
 * @param plan what is to be quantized and how
 * @param observed statistics of the float model's values over the calibration samples, by value
 *     name
 * @param findings in the order of the passes
 */
public record Draft(
        Model model,
        Map<String, Tensor> fitted,
        Plan plan,
        Map<String, ValueStatistic> observed,
        List<Finding> findings) {
    public Draft {
        fitted = Collections.unmodifiableMap(new TreeMap<>(fitted));
        observed = Map.copyOf(observed);
        findings = List.copyOf(findings);
    }

    /** A model of which nothing is known or decided. */
    public static Draft of(Model model) {
        return new Draft(model, Map.of(), Plan.NONE, Map.of(), List.of());
    }

    public Graph graph() {
        return model.graph();
    }

    public Draft with(Model other) {
        return new Draft(other, fitted, plan, observed, findings);
    }

    public Draft with(Plan other) {
        return new Draft(model, fitted, other, observed, findings);
    }

    public Draft mapGraph(UnaryOperator<Graph> edit) {
        return with(model.map(edit));
    }

    /** Gives a constant another value in the quantized network; the float one keeps its own. */
    public Draft fit(String constant, Tensor value) {
        Map<String, Tensor> changed = new TreeMap<>(fitted);
        changed.put(constant, value);
        return new Draft(model, changed, plan, observed, findings);
    }

    /**
     * A constant as the quantized network has it, before rounding to its encoding.
     *
     * @throws IllegalArgumentException if there is no such constant
     */
    public Tensor fittedConstant(String name) {
        Tensor own = fitted.get(name);
        return own != null
                ? own
                : graph().constant(name)
                        .orElseThrow(
                                () -> new IllegalArgumentException("there is no constant " + name));
    }

    /** The float model with the constants of the quantized network. */
    public Model fittedModel() {
        return fitted.isEmpty()
                ? model
                : model.map(graph -> graph.edit(editor -> fitted.forEach(editor::constant)));
    }

    public Draft observing(Map<String, ValueStatistic> statistics) {
        return new Draft(model, fitted, plan, statistics, findings);
    }

    public Draft noting(Finding finding) {
        return noting(List.of(finding));
    }

    public Draft noting(List<Finding> more) {
        List<Finding> all = new ArrayList<>(findings);
        all.addAll(more);
        return new Draft(model, fitted, plan, observed, all);
    }

    /** With what was found before the passes in front of their findings. */
    public Draft preparedBy(List<Finding> earlier) {
        List<Finding> all = new ArrayList<>(earlier);
        all.addAll(findings);
        return new Draft(model, fitted, plan, observed, all);
    }
}
