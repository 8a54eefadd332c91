package dev.nibble.lower;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.number.Granularity;
import dev.nibble.number.Granularity.PerAxis;
import dev.nibble.number.Granularity.PerBlock;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Tensor;

import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Finds the constants of a graph, and among them the scales and zero points that a node names. */
final class AffineReader {
    private final Graph graph;
    private final Function<String, Optional<Tensor>> outer;
    private final Set<String> ownNames;

    /**
     * @param outer constants of the graphs around this one
     */
    AffineReader(Graph graph, Function<String, Optional<Tensor>> outer) {
        this.graph = graph;
        this.outer = outer;
        this.ownNames = graph.valueNames();
    }

    /** A constant of this graph or of those around it, also behind nodes that do nothing to it. */
    Optional<Tensor> constant(String value) {
        Optional<Node> producer = graph.producer(value);
        if (producer.isPresent() && producer.get().is("Identity")) {
            return constant(producer.get().input(0));
        }
        return ownNames.contains(value) ? graph.constant(value) : outer.apply(value);
    }

    /** The product of a constant number and a constant, as of the scales of input and weights. */
    private Optional<Tensor> product(Node node) {
        if (!node.is("Mul")) {
            return Optional.empty();
        }
        Optional<Tensor> number =
                constant(node.input(0))
                        .filter(tensor -> tensor.elements() == 1)
                        .filter(tensor -> tensor.type() == DataType.FLOAT32);
        Optional<Tensor> factors =
                constant(node.input(1)).filter(tensor -> tensor.type() == DataType.FLOAT32);
        if (number.isEmpty() || factors.isEmpty()) {
            return Optional.empty();
        }
        float[] products = factors.get().floats();
        for (int i = 0; i < products.length; i++) {
            products[i] *= number.get().floats()[0];
        }
        return Optional.of(Tensor.ofFloats(factors.get().shape(), products));
    }

    /**
     * The parameters that a node names.
     *
     * @param axis the one that several scales count along
     * @param block how many codes along the axis share a scale; 0 for one scale to an index
     */
    Affine affine(Node node, int scale, int zeroPoint, int axis, int block) {
        Tensor scales =
                constant(node.input(scale))
                        .or(() -> graph.producer(node.input(scale)).flatMap(this::product))
                        .orElseThrow(() ->
                                FloatRewriting.refusal(
                                        node,
                                        "its scale "
                                                + node.input(scale)
                                                + " is computed while the network runs"));
        if (!FloatConstants.isReal(scales.type())) {
            throw FloatRewriting.refusal(
                    node, "its scale " + node.input(scale) + " is " + scales.type());
        }
        int[] zeroPoints = new int[Math.toIntExact(scales.elements())];
        if (node.hasInput(zeroPoint)) {
            fill(zeroPoints, node, zeroPoint);
        }
        Affine affine = Affine.of(scales, zeroPoints, granularity(node, scales, axis, block));
        if (!affine.hasSoundScales()) {
            throw FloatRewriting.refusal(
                    node,
                    "its scale "
                            + node.input(scale)
                            + " holds something else than finite positive numbers");
        }
        return affine;
    }

    private void fill(int[] zeroPoints, Node node, int input) {
        Tensor given =
                constant(node.input(input))
                        .orElseThrow(() ->
                                FloatRewriting.refusal(
                                        node,
                                        "its zero point "
                                                + node.input(input)
                                                + " is computed while the network runs"));
        if (given.type() != DataType.INT32 && FloatConstants.format(given.type()).isEmpty()) {
            throw FloatRewriting.refusal(
                    node,
                    "its codes are "
                            + given.type()
                            + "; Nibble undoes integers of 4, 8, 16 and 32 bits");
        }
        long[] codes = given.longs();
        if (codes.length != 1 && codes.length != zeroPoints.length) {
            throw FloatRewriting.refusal(
                    node,
                    "it has %d zero points for %d scales"
                            .formatted(codes.length, zeroPoints.length));
        }
        for (int i = 0; i < zeroPoints.length; i++) {
            zeroPoints[i] = Math.toIntExact(codes[codes.length == 1 ? 0 : i]);
        }
    }

    private Granularity granularity(Node node, Tensor scales, int axis, int block) {
        if (block > 0) {
            return new PerBlock(axis, block);
        }
        if (scales.elements() == 1) {
            return Granularity.perTensor();
        }
        if (scales.shape().rank() != 1) {
            throw FloatRewriting.refusal(
                    node,
                    "its scales have shape "
                            + scales.shape()
                            + ", which is neither one"
                            + " for the tensor nor one for each index of an axis");
        }
        return new PerAxis(axis);
    }
}
