package dev.nibble.repair;

import dev.nibble.graph.Graph;
import dev.nibble.observe.GramMatrix;
import dev.nibble.pass.Draft;
import dev.nibble.plan.WeightedNode;
import dev.nibble.tensor.Tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The weights of a layer to be chosen anew: one {@link RoundingProblem} for each group of channels.
 */
record LayerProblem(WeightedNode node, WeightRows layout, List<RoundingProblem> parts) {
    /** Why the weights of a node are not to be chosen anew; empty if they are. */
    static Optional<String> obstacle(Draft draft, WeightedNode node) {
        Graph graph = draft.graph();
        String weight = node.weightName();
        if (draft.plan().encoding(weight).isEmpty()) {
            return Optional.of("its weights " + weight + " have no encoding");
        }
        int readers = graph.consumers(weight).size();
        if (readers > 1 || graph.isOutput(weight)) {
            return Optional.of(
                    "its weights "
                            + weight
                            + " are read by "
                            + (readers > 1 ? readers + " nodes" : "the network's caller"));
        }
        if (node.weight().shape().rank() < 2
                || (node.node().is("MatMul") && node.weight().shape().rank() > 2)) {
            return Optional.of("its weights have shape " + node.weight().shape());
        }
        return Optional.empty();
    }

    /** What samples say; centred where a bias takes care of the means. */
    static LayerProblem of(WeightedNode node, GramMatrix gram) {
        WeightRows layout = WeightRows.of(node);
        boolean centred = !node.node().is("MatMul");
        float[] weights = node.weight().floats();
        List<RoundingProblem> parts = new ArrayList<>();
        for (int group = 0; group < layout.groups(); group++) {
            double[] squares = gram.targetSquares(group);
            double[] means = gram.targetMean(group);
            for (int row = 0; centred && row < squares.length; row++) {
                squares[row] -= means[row] * means[row];
            }
            parts.add(
                    new RoundingProblem(
                            layout.rowsOfGroup(),
                            layout.columns(),
                            layout.rowsOf(weights, group),
                            centred ? gram.covariance(group) : gram.moments(group),
                            centred ? gram.crossCovariance(group) : gram.crossMoments(group),
                            squares));
        }
        return new LayerProblem(node, layout, parts);
    }

    boolean isFinite() {
        return parts.stream().allMatch(RoundingProblem::isFinite);
    }

    /** The share of the layer's output that weights get wrong. */
    double error(Tensor weights) {
        float[] values = weights.floats();
        double error = 0;
        double signal = 0;
        for (int group = 0; group < parts.size(); group++) {
            error += parts.get(group).error(layout.rowsOf(values, group));
            signal += parts.get(group).signal();
        }
        return signal == 0 ? 0 : error / signal;
    }

    /**
     * The mean square of what each weight is multiplied with, centred like the moments, in the
     * order of the weights.
     */
    double[] inputSquares() {
        double[] squares = new double[Math.toIntExact(node.weight().elements())];
        int columns = layout.columns();
        for (int row = 0; row < layout.rows(); row++) {
            double[] moments = parts.get(row / layout.rowsOfGroup()).moments();
            for (int column = 0; column < columns; column++) {
                squares[layout.element(row, column)] = moments[column * columns + column];
            }
        }
        return squares;
    }
}
