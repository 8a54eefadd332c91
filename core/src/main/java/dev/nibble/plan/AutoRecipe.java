package dev.nibble.plan;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;

import java.util.Set;
import java.util.stream.Stream;

/**
 * The recipe for who names none: by whether there are samples, and by what kind of network it is.
 *
 * @param recipe what was chosen
 * @param why and why, with how to get another
 */
public record AutoRecipe(Recipe recipe, String why) {
    /** How a user asks for it. */
    public static final String NAME = "auto";

    private static final Set<String> RECURRENT = Set.of("LSTM", "GRU", "RNN");
    private static final Set<String> CONVOLUTIONS = Set.of("Conv", "ConvTranspose");
    private static final Set<String> PRODUCTS = Set.of("MatMul", "Gemm");

    /**
     * Chooses.
     *
     * @param samples whether ranges can be measured
     */
    public static AutoRecipe of(Graph graph, boolean samples) {
        if (samples) {
            return new AutoRecipe(Recipes.INT8, "there are samples to measure ranges on");
        }
        long recurrent = nodes(graph).filter(node -> RECURRENT.contains(node.opType())).count();
        long products = weights(graph, PRODUCTS);
        long convolutions = weights(graph, CONVOLUTIONS);
        if (recurrent > 0 || products > convolutions) {
            String kind =
                    recurrent > 0
                            ? "the network is recurrent"
                            : "most weights are in matrix products";
            return new AutoRecipe(
                    Recipes.INT8_DYNAMIC,
                    "there are no samples and %s: ranges are found at run time; --data gives int8, --recipe int8-weights smaller weights alone"
                            .formatted(kind));
        }
        return new AutoRecipe(
                Recipes.INT8_WEIGHTS,
                "there are no samples to measure the ranges of convolutions on: only weights become"
                        + " smaller; --data gives int8, which is faster too");
    }

    private static Stream<Node> nodes(Graph graph) {
        return graph.nodes().stream()
                .flatMap(node ->
                        Stream.concat(
                                Stream.of(node), node.subgraphs().flatMap(AutoRecipe::nodes)));
    }

    /** Elements of the constant operands of some operators. */
    private static long weights(Graph graph, Set<String> operators) {
        return graph.nodes().stream()
                .mapToLong(node -> {
                    long inside = node.subgraphs().mapToLong(sub -> weights(sub, operators)).sum();
                    boolean counts = node.domain().isEmpty() && operators.contains(node.opType());
                    return inside
                            + (counts
                                    ? node.inputs().stream()
                                            .flatMap(input -> graph.constant(input).stream())
                                            .mapToLong(constant -> constant.elements())
                                            .sum()
                                    : 0);
                })
                .sum();
    }
}
