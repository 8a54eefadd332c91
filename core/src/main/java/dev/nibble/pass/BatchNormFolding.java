package dev.nibble.pass;

import dev.nibble.engine.Lab;
import dev.nibble.graph.Graph;
import dev.nibble.graph.GraphEditor;
import dev.nibble.graph.Node;
import dev.nibble.pass.Finding.Applied;
import dev.nibble.pass.Finding.Skipped;
import dev.nibble.plan.NodeDecision.Absorbed;
import dev.nibble.plan.WeightedNode;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.List;
import java.util.Optional;

/**
 * Folds batch normalization into the convolution or matrix product before it.
 *
 * <p>With {@code f = gamma / sqrt(var + epsilon)} for each output channel: {@code W' = W·f}, {@code
 * b' = (b − mean)·f + beta}. The function stays the same up to float rounding; integer kernels then
 * need no normalization at all. (Jacob et al. 2018, arXiv 1712.05877, section 3.2.)
 */
public record BatchNormFolding() implements Pass {
    private static final String NAME = "BatchNormFolding";
    private static final float DEFAULT_EPSILON = 1e-5f;

    @Override
    public Draft apply(Draft draft, Lab lab) {
        Draft at = draft;
        for (Node node : draft.graph().nodes()) {
            if (node.is("BatchNormalization")) {
                at = fold(at, node);
            }
        }
        return at.mapGraph(UnusedConstants::removeFrom);
    }

    private static Draft fold(Draft draft, Node norm) {
        Graph graph = draft.graph();
        Optional<WeightedNode> before =
                graph.producer(norm.input(0)).flatMap(node -> WeightedNode.of(graph, node));
        if (before.isEmpty()) {
            return skip(
                    draft,
                    norm,
                    "its input does not come from a convolution or product with constant weights");
        }
        WeightedNode weighted = before.get();
        if (graph.soleConsumer(weighted.output()).isEmpty()) {
            return skip(
                    draft, norm, "others read the result of " + weighted.node().name() + " too");
        }
        Optional<String> obstacle = obstacle(graph, norm, weighted);
        if (obstacle.isPresent()) {
            return skip(draft, norm, obstacle.get());
        }
        List<float[]> parameters =
                norm.inputs().subList(1, 5).stream()
                        .map(name -> graph.constant(name).orElseThrow().floats())
                        .toList();
        double epsilon = norm.number("epsilon").orElse(DEFAULT_EPSILON);
        return draft.mapGraph(same ->
                        same.edit(editor ->
                                rewrite(
                                        same,
                                        editor,
                                        norm,
                                        weighted,
                                        new Affine(parameters, epsilon))))
                .with(draft.plan().withNode(norm.name(), new Absorbed(weighted.node().name())))
                .noting(new Applied(NAME, norm.name(), "folded into " + weighted.node().name()));
    }

    private static Optional<String> obstacle(Graph graph, Node norm, WeightedNode weighted) {
        if (weighted.node().is("MatMul")) {
            return Optional.of("MatMul has no bias to fold into");
        }
        if (norm.integer("training_mode", 0) != 0 || norm.outputs().size() > 1) {
            return Optional.of("it is in training mode");
        }
        if (weighted.obstacle(graph).isPresent()) {
            return weighted.obstacle(graph);
        }
        boolean constant =
                norm.inputs().size() == 5
                        && norm.inputs().stream()
                                .skip(1)
                                .allMatch(name ->
                                        graph.constant(name)
                                                .filter(tensor ->
                                                        tensor.type() == DataType.FLOAT32
                                                                && tensor.elements()
                                                                        == weighted
                                                                                .outputChannels())
                                                .isPresent());
        return constant
                ? Optional.empty()
                : Optional.of(
                        "its parameters are not constant float32 vectors of "
                                + weighted.outputChannels());
    }

    private static void rewrite(
            Graph graph, GraphEditor editor, Node norm, WeightedNode weighted, Affine affine) {
        float[] weights = weighted.weight().floats();
        Shape shape = weighted.weight().shape();
        int inner = Math.toIntExact(shape.product(weighted.outputAxis() + 1, shape.rank()));
        int channels = weighted.outputChannels();
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) (weights[i] * affine.factor[i / inner % channels]);
        }
        float[] bias =
                weighted.hasBias()
                        ? graph.constant(weighted.biasName()).orElseThrow().floats()
                        : new float[channels];
        for (int c = 0; c < channels; c++) {
            bias[c] = (float) (bias[c] * affine.factor[c] + affine.offset[c]);
        }
        // fresh names: the old constants may have other readers
        String weightName = editor.fresh(weighted.weightName() + "_folded");
        String biasName = editor.fresh(weighted.node().name() + "_bias_folded");
        editor.constant(weightName, Tensor.ofFloats(shape, weights));
        editor.constant(biasName, Tensor.ofFloats(Shape.of(channels), bias));
        editor.update(
                weighted.node(),
                node ->
                        node.withInputs(List.of(node.input(0), weightName, biasName))
                                .withOutputs(List.of(norm.output(0))));
        editor.removeValue(weighted.output());
        editor.remove(norm);
    }

    private static Draft skip(Draft draft, Node norm, String why) {
        return draft.noting(new Skipped(NAME, norm.name(), why));
    }

    /** What a normalization does to each channel: {@code x·factor + offset}. */
    private static final class Affine {
        private final double[] factor;
        private final double[] offset;

        private Affine(List<float[]> parameters, double epsilon) {
            float[] gamma = parameters.get(0);
            float[] beta = parameters.get(1);
            float[] mean = parameters.get(2);
            float[] variance = parameters.get(3);
            factor = new double[gamma.length];
            offset = new double[gamma.length];
            for (int c = 0; c < gamma.length; c++) {
                factor[c] = gamma[c] / Math.sqrt(variance[c] + epsilon);
                offset[c] = beta[c] - mean[c] * factor[c];
            }
        }
    }
}
