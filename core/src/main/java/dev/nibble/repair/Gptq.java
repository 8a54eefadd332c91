package dev.nibble.repair;

import dev.nibble.calibrate.ClippingSearch;
import dev.nibble.number.Encoding;
import dev.nibble.number.Quantizer;
import dev.nibble.observe.GramMatrix;
import dev.nibble.observe.Patches;
import dev.nibble.pass.Draft;
import dev.nibble.pass.Finding.Applied;
import dev.nibble.pass.Finding.Measured;
import dev.nibble.pass.Finding.Skipped;
import dev.nibble.plan.WeightedNode;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Rounds the weights of a layer together, so that their errors cancel in its output: GPTQ (Frantar
 * et al. 2022, arXiv 2210.17323) with inputs from the quantized network and targets from the float
 * one.
 *
 * <p>Weights are first drawn to those that mend what came before, see {@link
 * RoundingProblem#targets}; scales are searched, weighted by the diagonal of the second moments;
 * codes are found by {@link GptqRounding}; the bias takes out what is left of the means.
 *
 * @param lambda how strongly the weights are held to the float ones, as a share of the mean of the
 *     inputs' variances
 * @param damping what is added to the inputs' variances for rounding, as a share of their mean
 * @param sweeps of descent over all codes after GPTQ
 * @param positions of each sample to look at
 */
public record Gptq(double lambda, double damping, int sweeps, int positions) implements NodeRepair {
    /** What was found to work on 4-bit weights. */
    public static final Gptq STANDARD = new Gptq(1, 1, 3, GramMatrix.DEFAULT_POSITIONS);

    /** The share of the node's output that is not what the float network has there. */
    public static final String ERROR_BEFORE = "relative output error before";

    /** The same afterwards. */
    public static final String ERROR_AFTER = "relative output error after";

    private static final String NAME = "Gptq";

    @Override
    public Draft repair(Draft draft, WeightedNode node, Sight sight) {
        Optional<String> obstacle = LayerProblem.obstacle(draft, node);
        return obstacle.isPresent()
                ? draft.noting(new Skipped(NAME, node.node().name(), obstacle.get()))
                : repair(draft, node, sight.quantizedInput(), sight.floatProduct());
    }

    /**
     * Fits a node.
     *
     * @param inputs what goes into it in the quantized network
     * @param targets what it delivers in the float network, before any activation
     */
    Draft repair(Draft draft, WeightedNode node, List<Tensor> inputs, List<Tensor> targets) {
        String name = node.node().name();
        Patches patches = Patches.of(node.node(), node.weight().shape());
        GramMatrix gram = GramMatrix.of(patches, inputs, targets, positions);
        if (gram.count() == 0) {
            return draft.noting(new Skipped(NAME, name, "no sample has a position to learn from"));
        }
        LayerProblem problem = LayerProblem.of(node, gram);
        if (!problem.isFinite()) {
            return draft.noting(new Skipped(NAME, name, "its inputs or outputs are not finite"));
        }
        Encoding encoding = draft.plan().encoding(node.weightName()).orElseThrow();
        LayerMeans means = new LayerMeans(draft, node, gram);
        Tensor nearest = Quantizer.fakeQuantize(draft.fittedConstant(node.weightName()), encoding);
        Rounded found = round(node, problem.parts(), encoding, means);
        double before = problem.error(nearest);
        double after = problem.error(found.weights());
        if (after >= before || !means.biasFits(found.weights(), found.encoding())) {
            return means.follow(draft, nearest, encoding)
                    .noting(new Skipped(NAME, name, "rounding to nearest is no worse"));
        }
        return means.follow(fit(draft, node, found), found.weights(), found.encoding())
                .noting(
                        List.of(
                                new Applied(NAME, name, "rounded to " + found.encoding()),
                                new Measured(NAME, name, ERROR_BEFORE, before),
                                new Measured(NAME, name, ERROR_AFTER, after)));
    }

    /** Weights on the grid of their encoding. */
    private record Rounded(Tensor weights, Encoding encoding) {}

    private Rounded round(
            WeightedNode node, List<RoundingProblem> problems, Encoding given, LayerMeans means) {
        WeightRows layout = WeightRows.of(node);
        Shape shape = node.weight().shape();
        float[] targets = new float[Math.toIntExact(shape.elements())];
        double[] importances = new double[targets.length];
        List<double[]> wanted =
                problems.parallelStream().map(problem -> problem.targets(lambda)).toList();
        List<GptqRounding> roundings =
                problems.parallelStream()
                        .map(problem ->
                                new GptqRounding(
                                        problem.moments(), problem.columns(), damping, sweeps))
                        .toList();
        for (int group = 0; group < problems.size(); group++) {
            double[] diagonal = roundings.get(group).importances();
            for (int i = 0; i < wanted.get(group).length; i++) {
                int row = group * layout.rowsOfGroup() + i / layout.columns();
                int element = layout.element(row, i % layout.columns());
                targets[element] = (float) wanted.get(group)[i];
                importances[element] = diagonal[i % layout.columns()];
            }
        }
        Encoding searched =
                Encoding.ofRanges(
                        given.scheme(),
                        given.scaleShape(),
                        ClippingSearch.ranges(targets, importances, shape, given.scheme()));
        Encoding wide = means.widened(Tensor.ofFloats(shape, targets), searched);
        RoundingGrid grid = new RoundingGrid(layout, shape, node.outputAxis(), wide);
        float[] rounded = new float[targets.length];
        IntStream.range(0, problems.size())
                .parallel()
                .forEach(group -> {
                    int first = group * layout.rowsOfGroup();
                    double[] rows = roundings.get(group).round(wanted.get(group), grid, first);
                    for (int i = 0; i < rows.length; i++) {
                        int row = first + i / layout.columns();
                        rounded[layout.element(row, i % layout.columns())] = (float) rows[i];
                    }
                });
        return new Rounded(Tensor.ofFloats(shape, rounded), grid.encoding());
    }

    private static Draft fit(Draft draft, WeightedNode node, Rounded rounded) {
        return draft.with(draft.plan().withEncoding(node.weightName(), rounded.encoding()))
                .fit(node.weightName(), rounded.weights());
    }
}
