package dev.nibble.prepare;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.ValueInfo;

import java.util.List;

/**
 * Makes constants of the inputs that have a default.
 *
 * <p>Up to version 3 the file format lists every initializer as an input; from version 4 on that
 * means that a caller may give another value, and then no runtime can fold it.
 */
final class InputDefaults {
    private static final String STEP = "InputDefaults";
    private static final long CONSTANT_INITIALIZERS = 4;

    private InputDefaults() {}

    static Preparation fix(Preparation before) {
        Graph graph = before.graph();
        List<ValueInfo> fed = graph.fedInputs();
        int defaults = graph.inputs().size() - fed.size();
        if (defaults == 0) {
            return before;
        }
        Model model = before.model().map(same -> same.edit(editor -> editor.inputs(fed)));
        boolean old = model.irVersion() < CONSTANT_INITIALIZERS;
        Preparation fixed =
                before.with(
                        new Model(
                                model.graph(),
                                Math.max(model.irVersion(), CONSTANT_INITIALIZERS),
                                model.opsets(),
                                model.metadata(),
                                model.functions(),
                                model.extras()));
        // in the old format it is a matter of form
        return old
                ? fixed
                : fixed.noting(
                        STEP,
                        graph.inputs().stream()
                                .map(ValueInfo::name)
                                .filter(graph.constants()::containsKey)
                                .findFirst()
                                .orElseThrow(),
                        "of the inputs %d have a default: they are constants from now on"
                                .formatted(defaults));
    }
}
