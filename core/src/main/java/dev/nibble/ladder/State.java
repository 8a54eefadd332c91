package dev.nibble.ladder;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.pass.Draft;
import dev.nibble.plan.Plan;
import dev.nibble.plan.Recipe;
import dev.nibble.report.Score;

import java.util.List;
import java.util.stream.Stream;

/**
 * A place on the ladder.
 *
 * @param recipe whose formats the network has
 * @param calibrated the plan before the passes that fit codes
 * @param lowered the quantized model of the draft
 * @param score on the samples that judge
 */
record State(Recipe recipe, Plan calibrated, Draft draft, Model lowered, Score score) {
    /** What tags, lengths, types and extents take beside a name and the data, roughly. */
    private static final int FRAME_BYTES = 16;

    double sqnrDb() {
        return score.comparison().sqnrDb();
    }

    /** About how large a file of a model is: constants, and the names that hold them together. */
    static long bytes(Model model) {
        Graph graph = model.graph();
        long constants =
                graph.constants().keySet().stream()
                        .mapToLong(name -> name.length() + FRAME_BYTES)
                        .sum();
        long nodes = graph.nodes().stream().mapToLong(State::bytes).sum();
        return graph.constantBytes() + constants + nodes;
    }

    private static long bytes(Node node) {
        long names =
                Stream.of(List.of(node.name(), node.opType()), node.inputs(), node.outputs())
                        .flatMap(List::stream)
                        .mapToLong(name -> name.length() + 2)
                        .sum();
        return names + FRAME_BYTES * (1L + node.attributes().size());
    }
}
