package dev.nibble.pass;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.observe.ValueStatistic;
import dev.nibble.plan.Plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A network on its way: the float model, the decisions beside it, what was observed, and what the
 * passes have to say.
 *
 * @param model still float; passes may change its constants and fold nodes away
 * @param plan what is to be quantized and how
 * @param observed statistics of the float model's values over the calibration samples, by value
 *     name
 * @param findings in the order of the passes
 */
public record Draft(
        Model model, Plan plan, Map<String, ValueStatistic> observed, List<Finding> findings) {
    public Draft {
        observed = Map.copyOf(observed);
        findings = List.copyOf(findings);
    }

    /** A model of which nothing is known or decided. */
    public static Draft of(Model model) {
        return new Draft(model, Plan.NONE, Map.of(), List.of());
    }

    public Graph graph() {
        return model.graph();
    }

    public Draft with(Model other) {
        return new Draft(other, plan, observed, findings);
    }

    public Draft with(Plan other) {
        return new Draft(model, other, observed, findings);
    }

    public Draft mapGraph(UnaryOperator<Graph> edit) {
        return with(model.map(edit));
    }

    public Draft observing(Map<String, ValueStatistic> statistics) {
        return new Draft(model, plan, statistics, findings);
    }

    public Draft noting(Finding finding) {
        return noting(List.of(finding));
    }

    public Draft noting(List<Finding> more) {
        List<Finding> all = new ArrayList<>(findings);
        all.addAll(more);
        return new Draft(model, plan, observed, all);
    }
}
