package dev.nibble.pass;

import dev.nibble.engine.Lab;
import dev.nibble.graph.Graph;
import dev.nibble.graph.GraphEditor;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo.RankedTensor;
import dev.nibble.pass.Finding.Applied;
import dev.nibble.pass.Finding.Skipped;
import dev.nibble.plan.NamePattern;
import dev.nibble.plan.NodeDecision.Absorbed;
import dev.nibble.plan.NodeScheme;
import dev.nibble.plan.NodeScheme.StayFloat;
import dev.nibble.plan.Recipe;
import dev.nibble.tensor.Tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Folds batch normalization into the convolution or matrix product before it, or else into those
 * behind it.
 *
 * <p>With {@code f = gamma / sqrt(var + epsilon)} and {@code t = beta − mean·f} for each channel:
 * before it, {@code W' = W·f}, {@code b' = b·f + t} along the outputs; behind it, {@code W' = W·f},
 * {@code b' = b + W·t} along the inputs. The function stays the same up to float rounding; integer
 * kernels then need no normalization at all. (Jacob et al. 2018, arXiv 1712.05877, section 3.2.)
 *
 * @param kept nodes that the user wants to stay as they are
 */
public record BatchNormFolding(List<NamePattern> kept) implements Pass {
    private static final String NAME = "BatchNormFolding";
    private static final String SUFFIX = "_folded";

    public BatchNormFolding {
        kept = List.copyOf(kept);
    }

    /** Folds all that can be. */
    public BatchNormFolding() {
        this(List.of());
    }

    /** Folds all but what a recipe keeps float. */
    public static BatchNormFolding sparing(Recipe recipe) {
        return new BatchNormFolding(
                Stream.concat(
                                recipe.keepFloat().stream(),
                                recipe.schemes().stream()
                                        .filter(scheme -> scheme.choice() instanceof StayFloat)
                                        .map(NodeScheme::pattern))
                        .toList());
    }

    @Override
    public Draft apply(Draft draft, Lab lab) {
        Draft at = draft;
        for (Node node : draft.graph().nodes()) {
            if (node.is("BatchNormalization")) {
                Optional<NamePattern> pattern =
                        kept.stream().filter(name -> name.matches(node)).findFirst();
                at =
                        pattern.isPresent()
                                ? skip(at, node, "kept float as asked by \"" + pattern.get() + "\"")
                                : fold(at, node);
            }
        }
        return at.mapGraph(UnusedConstants::removeFrom);
    }

    private static Draft fold(Draft draft, Node norm) {
        Graph graph = draft.graph();
        Optional<ChannelAffine> affine = ChannelAffine.of(graph, norm);
        if (affine.isEmpty()) {
            return skip(
                    draft,
                    norm,
                    norm.integer("training_mode", 0) != 0 || norm.outputs().size() > 1
                            ? "it is in training mode"
                            : "its parameters are not constant float32 vectors");
        }
        Optional<Node> before = graph.producer(norm.input(0)).filter(BatchNormFolding::isLinear);
        if (before.isPresent()) {
            Optional<String> obstacle = obstacleBefore(graph, norm, before.get(), affine.get());
            return obstacle.isPresent()
                    ? skip(draft, norm, obstacle.get())
                    : intoWriter(draft, norm, before.get(), affine.get());
        }
        Optional<AddedBias> added = AddedBias.before(graph, norm.input(0));
        if (added.isPresent() && isMatrix(graph, norm.input(0))) {
            return intoSum(draft, norm, added.get(), affine.get());
        }
        return forward(draft, norm, affine.get());
    }

    private static boolean isLinear(Node node) {
        return node.is("Conv") || node.is("ConvTranspose") || node.is("Gemm") || node.is("MatMul");
    }

    private static Optional<String> obstacleBefore(
            Graph graph, Node norm, Node before, ChannelAffine affine) {
        if (graph.soleConsumer(norm.input(0)).isEmpty()) {
            return Optional.of("others read the result of " + before.name() + " too");
        }
        return obstacle(graph, before, norm.input(0))
                .or(() ->
                        LinearNode.of(graph, before)
                                .filter(linear -> linear.channels().outputs() != affine.channels())
                                .map(linear ->
                                        "its parameters are not constant float32 vectors of "
                                                + linear.channels().outputs()));
    }

    /** Why nothing can be folded into a node beside a value; empty if it can. */
    private static Optional<String> obstacle(Graph graph, Node node, String value) {
        Optional<LinearNode> linear = LinearNode.of(graph, node);
        if (linear.isEmpty()) {
            return Optional.of(
                    "the weights or bias of " + node.name() + " are no float32 constants that fit");
        }
        if (linear.get().scalesProduct()) {
            return Optional.of(node.name() + " scales its product or bias (alpha, beta)");
        }
        if (node.is("MatMul") && !isMatrix(graph, value)) {
            return Optional.of(
                    "the products of "
                            + node.name()
                            + " are not known to be a matrix, whose second axis is that of the"
                            + " channels");
        }
        return Optional.empty();
    }

    private static boolean isMatrix(Graph graph, String value) {
        return graph.producer(value)
                        .filter(node -> node.is("Gemm") || node.is("Flatten"))
                        .isPresent()
                || graph.info(value)
                        .filter(info ->
                                info.type() instanceof RankedTensor ranked
                                        && ranked.dims().size() == 2)
                        .isPresent();
    }

    private static Draft intoWriter(Draft draft, Node norm, Node before, ChannelAffine affine) {
        Graph graph = draft.graph();
        LinearNode linear = LinearNode.of(graph, before).orElseThrow();
        return absorbed(
                draft.mapGraph(same ->
                        same.edit(editor -> {
                            linear.setWeights(editor, affine.scaleOutputs(linear), SUFFIX);
                            linear.setBias(editor, affine.of(linear.biases()), SUFFIX);
                            takeOver(editor, before, norm);
                        })),
                norm,
                before.name());
    }

    /** The node makes the result of the normalization, which goes. */
    private static void takeOver(GraphEditor editor, Node before, Node norm) {
        editor.update(before, node -> node.withOutputs(List.of(norm.output(0))));
        editor.removeValue(norm.input(0));
        editor.remove(norm);
    }

    private static Draft intoSum(Draft draft, Node norm, AddedBias added, ChannelAffine affine) {
        return absorbed(
                draft.mapGraph(same ->
                        same.edit(editor -> {
                            LinearNode product = added.product();
                            product.setWeights(editor, affine.scaleOutputs(product), SUFFIX);
                            added.setBias(editor, affine.of(added.bias().floats()), SUFFIX);
                            takeOver(editor, added.sum(), norm);
                        })),
                norm,
                added.product().node().name());
    }

    private static Draft forward(Draft draft, Node norm, ChannelAffine affine) {
        Graph graph = draft.graph();
        String value = norm.output(0);
        List<Node> readers = graph.consumers(value);
        if (readers.isEmpty() || graph.isOutput(value)) {
            return skip(
                    draft, norm, "no convolution or product with constant weights is beside it");
        }
        List<LinearNode> behind = new ArrayList<>();
        for (Node reader : readers) {
            Optional<String> obstacle = obstacleBehind(graph, norm, reader, affine);
            if (obstacle.isPresent()) {
                return skip(draft, norm, obstacle.get());
            }
            behind.add(LinearNode.of(graph, reader).orElseThrow());
        }
        return absorbed(
                draft.mapGraph(same ->
                        same.edit(editor -> {
                            behind.forEach(linear -> intoReader(editor, linear, affine));
                            editor.redirect(value, norm.input(0));
                            editor.removeValue(value);
                            editor.remove(norm);
                        })),
                norm,
                readers.stream().map(Node::name).collect(Collectors.joining(", ")));
    }

    private static Optional<String> obstacleBehind(
            Graph graph, Node norm, Node reader, ChannelAffine affine) {
        if (!isLinear(reader) || !reader.input(0).equals(norm.output(0))) {
            return Optional.of(
                    "its input does not come from a convolution or product with constant weights,"
                            + " and "
                            + reader.name()
                            + " behind it is none");
        }
        Optional<String> obstacle = obstacle(graph, reader, norm.input(0));
        if (obstacle.isPresent()) {
            return obstacle;
        }
        LinearNode linear = LinearNode.of(graph, reader).orElseThrow();
        if (linear.channels().inputs() != affine.channels()) {
            return Optional.of(
                    reader.name() + " reads " + linear.channels().inputs() + " channels");
        }
        return linear.seesBorders() && affine.shifts()
                ? Optional.of(
                        reader.name()
                                + " behind it reads zeros beyond the border, which a folded shift"
                                + " would move")
                : Optional.empty();
    }

    private static void intoReader(GraphEditor editor, LinearNode linear, ChannelAffine affine) {
        if (affine.shifts()) {
            float[] bias = linear.biases();
            double[] shift = linear.through(affine.offsets());
            for (int channel = 0; channel < bias.length; channel++) {
                bias[channel] = (float) (bias[channel] + shift[channel]);
            }
            linear.setBias(editor, bias, SUFFIX);
        }
        linear.setWeights(editor, affine.scaleInputs(linear), SUFFIX);
    }

    private static Draft absorbed(Draft draft, Node norm, String into) {
        return draft.with(draft.plan().withNode(norm.name(), new Absorbed(into)))
                .noting(new Applied(NAME, norm.name(), "folded into " + into));
    }

    private static Draft skip(Draft draft, Node norm, String why) {
        return draft.noting(new Skipped(NAME, norm.name(), why));
    }

    /** An Add of a constant row to a matrix product, which has no bias of its own. */
    private record AddedBias(Node sum, int operand, Tensor bias, LinearNode product) {
        static Optional<AddedBias> before(Graph graph, String value) {
            return graph.producer(value)
                    .filter(node -> node.is("Add") && graph.soleConsumer(value).isPresent())
                    .flatMap(sum -> of(graph, sum, 0).or(() -> of(graph, sum, 1)));
        }

        private static Optional<AddedBias> of(Graph graph, Node sum, int operand) {
            String other = sum.input(1 - operand);
            Optional<LinearNode> product =
                    graph.soleConsumer(other)
                            .flatMap(_ -> graph.producer(other))
                            .filter(node -> node.is("MatMul"))
                            .flatMap(node -> LinearNode.of(graph, node));
            Optional<Tensor> bias = graph.constant(sum.input(operand)).filter(LinearNode::isFloat);
            boolean fits =
                    product.isPresent()
                            && bias.isPresent()
                            && LinearNode.isRow(bias.get(), product.get().channels().outputs());
            return fits
                    ? Optional.of(new AddedBias(sum, operand, bias.get(), product.get()))
                    : Optional.empty();
        }

        void setBias(GraphEditor editor, float[] values, String suffix) {
            String name = editor.fresh(sum.input(operand) + suffix);
            editor.constant(name, Tensor.ofFloats(bias.shape(), values));
            editor.update(
                    sum,
                    at -> {
                        List<String> inputs = new ArrayList<>(at.inputs());
                        inputs.set(operand, name);
                        return at.withInputs(inputs);
                    });
        }
    }
}
