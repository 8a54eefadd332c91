package dev.nibble.lower;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.number.Granularity;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What constant codes stand for that are moved before anybody reads them as real numbers, as the
 * rows of an embedding: the readers at the end of the way tell.
 */
final class MovedConstants {
    private final FloatRewriting rewriting;
    private final Set<String> moving;
    private final Set<Affine> told = new LinkedHashSet<>();
    private final Set<Affine> guessed = new LinkedHashSet<>();

    private MovedConstants(FloatRewriting rewriting, Set<String> moving) {
        this.rewriting = rewriting;
        this.moving = moving;
    }

    /**
     * The one meaning that all readers give to the codes that a node moves; empty if they do not
     * agree or one of them is unknown.
     *
     * @param moving the operators that move codes
     */
    static Optional<Affine> affine(FloatRewriting rewriting, Node node, Set<String> moving) {
        MovedConstants constants = new MovedConstants(rewriting, moving);
        if (!constants.follow(node)) {
            return Optional.empty();
        }
        Set<Affine> affines = constants.told.isEmpty() ? constants.guessed : constants.told;
        return affines.size() == 1
                ? affines.stream().filter(Affine::isPerTensor).findFirst()
                : Optional.empty();
    }

    private boolean follow(Node mover) {
        String codes = mover.output(0);
        Graph graph = rewriting.graph();
        if (mover.outputs().size() != 1 || graph.isOutput(codes)) {
            return false;
        }
        for (Node reader : graph.consumers(codes)) {
            boolean known =
                    switch (reader.opType()) {
                        case "DequantizeLinear" -> tells(reader);
                        case "MatMulInteger", "ConvInteger" ->
                                reader.input(0).equals(codes) && guess(reader);
                        default ->
                                moving.contains(reader.opType())
                                        && !reader.is("Concat")
                                        && reader.input(0).equals(codes)
                                        && follow(reader);
                    };
            if (!known) {
                return false;
            }
        }
        return !graph.consumers(codes).isEmpty();
    }

    private boolean tells(Node dequantize) {
        told.add(rewriting.affine(dequantize, 1, 2));
        return dequantize.integer("block_size", 0) == 0;
    }

    /**
     * An integer product names no scale. Any will do, since its weights take what is left of the
     * scale of its result; the first scale that is a single constant is the one that was meant.
     */
    private boolean guess(Node product) {
        Optional<Tensor> zeroPoint =
                product.hasInput(2)
                        ? rewriting.constant(product.input(2))
                        : Optional.of(Tensor.ofInts(Shape.scalar(), 0));
        Optional<Tensor> scale =
                rewriting
                        .graph()
                        .soleConsumer(product.output(0))
                        .flatMap(cast -> rewriting.graph().soleConsumer(cast.output(0)))
                        .filter(mul -> mul.is("Mul"))
                        .flatMap(mul ->
                                mul.inputs().stream()
                                        .flatMap(
                                                input -> rewriting.graph().producer(input).stream())
                                        .filter(producer -> producer.is("Mul"))
                                        .findFirst())
                        .flatMap(scales -> rewriting.constant(scales.input(0)))
                        .filter(tensor -> tensor.elements() == 1 && tensor.floats()[0] > 0);
        if (zeroPoint.isEmpty() || zeroPoint.get().elements() != 1) {
            return false;
        }
        guessed.add(
                Affine.of(
                        scale.orElse(Tensor.ofFloats(Shape.scalar(), 1)),
                        new int[] {Math.toIntExact(zeroPoint.get().longs()[0])},
                        Granularity.perTensor()));
        return true;
    }
}
