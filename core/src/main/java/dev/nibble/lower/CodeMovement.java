package dev.nibble.lower;

import dev.nibble.graph.Node;
import dev.nibble.lower.CodeSource.Static;
import dev.nibble.tensor.Tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Standard operators that move numbers about without computing on them, or only compare them: with
 * codes they do the same as with floats.
 */
record CodeMovement(FloatRewriting rewriting) {
    private static final Set<String> MOVING =
            Set.of(
                    "Identity",
                    "MaxPool",
                    "Reshape",
                    "Flatten",
                    "Transpose",
                    "Squeeze",
                    "Unsqueeze",
                    "Slice",
                    "Split",
                    "Gather",
                    "GatherElements",
                    "GatherND",
                    "Expand",
                    "Tile",
                    "Pad",
                    "Resize",
                    "DepthToSpace",
                    "SpaceToDepth",
                    "Concat");

    /** Their results say nothing of codes. */
    private static final Set<String> INDIFFERENT = Set.of("Shape", "Size", "ArgMax", "ArgMin");

    private static final long OPSET_OF_PAD_INPUTS = 11;

    /** Lets a node work on floats if it worked on codes; tells whether it did. */
    boolean undo(Node node) {
        if (!node.domain().isEmpty()) {
            return false;
        }
        if (node.is("Max")
                && node.inputs().size() == 1
                && rewriting.source(node.input(0)).isEmpty()) {
            // the greatest of one is that one
            rewriting.alias(node.input(0), node.output(0));
            return true;
        }
        if (node.is("Clip") && rewriting.source(node.input(0)).isPresent()) {
            narrow(node);
            return true;
        }
        boolean indifferent = INDIFFERENT.contains(node.opType());
        if (!MOVING.contains(node.opType()) && !indifferent) {
            return false;
        }
        Optional<CodeSource> source = source(node);
        if (source.isEmpty()) {
            return false;
        }
        if (indifferent) {
            rewriting.emit(withData(node, source.get()));
        } else {
            move(node, source.get());
        }
        return true;
    }

    /** Codes between two of them are numbers between two. */
    private void narrow(Node node) {
        if (!(rewriting.source(node.input(0)).orElseThrow()
                        instanceof Static(String real, var format, Affine affine))
                || !affine.isPerTensor()) {
            throw FloatRewriting.refusal(node, "it clips codes that have several scales");
        }
        float low = bound(node, 1, format.min(), affine);
        float high = bound(node, 2, format.max(), affine);
        String narrow = rewriting.standIn(node.output(0));
        rewriting.emit(CodeArithmetic.clip(rewriting, real, low, high, affine.real(), narrow));
        rewriting.stands(node.output(0), new Static(narrow, format, affine));
        rewriting.deliver(node, node.output(0), narrow, format, affine);
    }

    private float bound(Node node, int input, int otherwise, Affine affine) {
        long code =
                node.hasInput(input)
                        ? rewriting
                                .constant(node.input(input))
                                .orElseThrow(() ->
                                        FloatRewriting.refusal(node, "its bounds are no constants"))
                                .longs()[0]
                        : otherwise;
        return (code - affine.zeroPoint()) * affine.scale();
    }

    private Optional<CodeSource> source(Node node) {
        List<Optional<CodeSource>> sources = data(node).map(rewriting::source).toList();
        if (sources.stream().allMatch(Optional::isEmpty)) {
            return ofConstant(node);
        }
        for (int i = 0; i < sources.size(); i++) {
            if (sources.get(i).isEmpty() || !same(sources.getFirst(), sources.get(i))) {
                throw FloatRewriting.refusal(
                        node,
                        "it puts codes together that do not have the same scale and zero point");
            }
        }
        return sources.getFirst();
    }

    private static Stream<String> data(Node node) {
        return node.is("Concat") ? node.inputs().stream() : Stream.of(node.input(0));
    }

    private static boolean same(Optional<CodeSource> one, Optional<CodeSource> other) {
        return one.map(source -> source.movedTo(""))
                .equals(other.map(source -> source.movedTo("")));
    }

    /** Constant codes that are moved before anybody reads them as real numbers, like embeddings. */
    private Optional<CodeSource> ofConstant(Node node) {
        Optional<Tensor> codes = rewriting.constant(node.input(0));
        if (codes.isEmpty()
                || node.is("Concat")
                || FloatConstants.format(codes.get().type()).isEmpty()
                || !MOVING.contains(node.opType())) {
            return Optional.empty();
        }
        Optional<Affine> affine = MovedConstants.affine(rewriting, node, MOVING);
        if (affine.isEmpty()) {
            return Optional.empty();
        }
        String name = node.input(0);
        String real =
                rewriting.makeConstant(
                        name, rewriting.floats(node, name, codes.get(), affine.get()));
        return Optional.of(
                new Static(
                        real,
                        FloatConstants.format(codes.get().type()).orElseThrow(),
                        affine.get()));
    }

    private void move(Node node, CodeSource source) {
        if (source instanceof Static(_, _, Affine affine)
                && !affine.isPerTensor()
                && !node.is("Identity")) {
            throw FloatRewriting.refusal(node, "it moves codes that have several scales");
        }
        if (node.is("Resize")
                && node.text("coordinate_transformation_mode")
                        .orElse("")
                        .equals("tf_crop_and_resize")) {
            throw FloatRewriting.refusal(
                    node, "it extrapolates with a number that depends on the codes");
        }
        boolean second = node.is("MaxPool");
        List<String> outputs = new ArrayList<>(node.outputs());
        for (int i = 0; i < (second ? 1 : outputs.size()); i++) {
            outputs.set(i, rewriting.standIn(node.output(i)));
        }
        Node moved = withData(node, source).withOutputs(outputs);
        rewriting.emit(node.is("Pad") ? padded(node, moved, source) : moved);
        for (int i = 0; i < (second ? 1 : outputs.size()); i++) {
            CodeSource itsSource = source.movedTo(outputs.get(i));
            rewriting.stands(node.output(i), itsSource);
            if (itsSource instanceof Static(String real, var format, Affine affine)) {
                rewriting.deliver(node, node.output(i), real, format, affine);
            }
        }
    }

    private Node withData(Node node, CodeSource source) {
        List<String> inputs = new ArrayList<>(node.inputs());
        if (node.is("Concat")) {
            inputs.replaceAll(input -> rewriting.source(input).orElseThrow().real());
        } else {
            inputs.set(0, source.real());
        }
        return node.withInputs(inputs);
    }

    /** What is padded with was a code too. */
    private Node padded(Node node, Node moved, CodeSource source) {
        if (!node.text("mode").orElse("constant").equals("constant")) {
            return moved;
        }
        if (!(source instanceof Static(_, _, Affine affine))) {
            throw FloatRewriting.refusal(node, "it pads codes whose scale is computed");
        }
        if (rewriting.opset() < OPSET_OF_PAD_INPUTS) {
            throw FloatRewriting.refusal(node, "before opset 11, Pad takes no codes");
        }
        long code =
                node.hasInput(2)
                        ? rewriting
                                .constant(node.input(2))
                                .orElseThrow(() ->
                                        FloatRewriting.refusal(
                                                node, "what it pads with is no constant"))
                                .longs()[0]
                        : 0;
        float real = (code - affine.zeroPoint()) * affine.scale();
        List<String> inputs = new ArrayList<>(moved.inputs());
        while (inputs.size() < 3) {
            inputs.add("");
        }
        inputs.set(2, rewriting.scalar(real, affine.real()));
        return moved.withInputs(inputs);
    }
}
