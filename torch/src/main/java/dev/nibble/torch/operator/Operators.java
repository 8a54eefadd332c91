package dev.nibble.torch.operator;

import dev.nibble.error.NibbleException;
import dev.nibble.graph.Node;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** The operators that gradients flow through; one line each in {@link #ALL}. */
public final class Operators {
    private static final Map<String, Operator> ALL =
            Map.ofEntries(
                    Map.entry("Add", Operator.of(c -> torch.add(c.input(0), c.input(1)))),
                    Map.entry("AveragePool", Operator.of(Windows::averagePool)),
                    Map.entry(
                            "BatchNormalization",
                            Operator.learning(Set.of(1, 2), Operators::batchNormalization)),
                    Map.entry("Cast", Operator.of(Shapes::cast)),
                    Map.entry("Clip", Operator.of(Operators::clip)),
                    Map.entry("Concat", Operator.of(Shapes::concat)),
                    Map.entry("ConstantOfShape", Operator.of(Shapes::constantOfShape)),
                    Map.entry("Conv", Operator.learning(Set.of(1, 2), Windows::conv)),
                    Map.entry("Div", Operator.of(c -> torch.div(c.input(0), c.input(1)))),
                    Map.entry("Dropout", Operator.of(Operators::dropout)),
                    Map.entry("Flatten", Operator.of(Shapes::flatten)),
                    Map.entry("Gather", Operator.of(Shapes::gather)),
                    Map.entry("Gemm", Operator.learning(Set.of(1, 2), Operators::gemm)),
                    Map.entry("GlobalAveragePool", Operator.of(Windows::globalAveragePool)),
                    Map.entry("Identity", Operator.of(c -> c.input(0))),
                    Map.entry("LeakyRelu", Operator.of(Operators::leakyRelu)),
                    Map.entry(
                            "MatMul",
                            Operator.learning(
                                    Set.of(1), c -> torch.matmul(c.input(0), c.input(1)))),
                    Map.entry("MaxPool", Operator.of(Windows::maxPool)),
                    Map.entry("Mul", Operator.of(c -> torch.mul(c.input(0), c.input(1)))),
                    Map.entry("Pad", Operator.of(Shapes::pad)),
                    Map.entry("ReduceMean", Operator.of(Operators::reduceMean)),
                    Map.entry("Relu", Operator.of(c -> torch.relu(c.input(0)))),
                    Map.entry("Reshape", Operator.of(Shapes::reshape)),
                    Map.entry("Shape", Operator.of(Shapes::shape)),
                    Map.entry("Sigmoid", Operator.of(c -> torch.sigmoid(c.input(0)))),
                    Map.entry("Slice", Operator.of(Shapes::slice)),
                    Map.entry("Squeeze", Operator.of(Shapes::squeeze)),
                    Map.entry("Sub", Operator.of(c -> torch.sub(c.input(0), c.input(1)))),
                    Map.entry("Transpose", Operator.of(Shapes::transpose)),
                    Map.entry("Unsqueeze", Operator.of(Shapes::unsqueeze)));

    private Operators() {}

    /** The operator of a node, if it is in the table. */
    public static Optional<Operator> find(Node node) {
        return node.domain().isEmpty()
                ? Optional.ofNullable(ALL.get(node.opType()))
                : Optional.empty();
    }

    /**
     * The operator of a node.
     *
     * @throws NibbleException if it is not in the table
     */
    public static Operator of(Node node) {
        return find(node)
                .orElseThrow(() ->
                        new NibbleException(
                                "node %s: cannot train through operator %s, only through %s"
                                        .formatted(
                                                node.name(),
                                                node.operator(),
                                                new TreeMap<>(ALL).keySet())));
    }

    /**
     * Computes a node, and hands on each output that has a name.
     *
     * @throws NibbleException if the operator is not in the table, or knows fewer outputs than the
     *     node asks for
     */
    public static void compute(Call call, BiConsumer<String, Tensor> made) {
        Node node = call.node();
        List<Tensor> outputs = of(node).computation().apply(call);
        for (int i = 0; i < node.outputs().size(); i++) {
            String name = node.output(i);
            if (name.isEmpty()) {
                continue;
            }
            call.require(
                    i < outputs.size(),
                    "it asks for output %d, \"%s\"".formatted(i, name),
                    "its first %d outputs".formatted(outputs.size()));
            made.accept(name, outputs.get(i));
        }
    }

    /**
     * ONNX's momentum is what the running statistics keep, libtorch's what they take from the
     * batch.
     */
    private static Tensor batchNormalization(Call call) {
        double epsilon = call.node().number("epsilon").orElse(1e-5f);
        double kept = call.node().number("momentum").orElse(0.9f);
        return torch.batch_norm(
                call.input(0),
                call.optional(1),
                call.optional(2),
                call.optional(3),
                call.optional(4),
                call.training(),
                1 - kept,
                epsilon,
                false);
    }

    private static Tensor clip(Call call) {
        return torch.clamp(
                call.input(0),
                new ScalarOptional(new Scalar(call.number("min", 1, Double.NEGATIVE_INFINITY))),
                new ScalarOptional(new Scalar(call.number("max", 2, Double.POSITIVE_INFINITY))));
    }

    private static Tensor dropout(Call call) {
        call.require(!call.training(), "it would drop values at random", "inference");
        return call.input(0);
    }

    private static Tensor leakyRelu(Call call) {
        return torch.leaky_relu(
                call.input(0), new Scalar(call.node().number("alpha").orElse(0.01f)));
    }

    private static Tensor gemm(Call call) {
        Node node = call.node();
        call.require(node.integer("transA", 0) == 0, "transA is set", "0");
        double alpha = node.number("alpha").orElse(1);
        call.require(alpha == 1, "alpha is " + alpha, "1");
        double beta = node.number("beta").orElse(1);
        call.require(!call.has(2) || beta == 1, "beta is " + beta, "1");
        Tensor matrix = call.input(1);
        Tensor weight = node.integer("transB", 0) != 0 ? matrix : matrix.t();
        if (call.has(2) && call.input(2).dim() != 1) {
            return torch.add(
                    torch.linear(call.input(0), weight, new TensorOptional()), call.input(2));
        }
        return torch.linear(call.input(0), weight, call.optional(2));
    }

    private static Tensor reduceMean(Call call) {
        Tensor input = call.input(0);
        long[] axes = call.longs("axes", 1).orElse(new long[0]);
        boolean same = axes.length == 0 && call.node().integer("noop_with_empty_axes", 0) != 0;
        if (same) {
            return input;
        }
        boolean keep = call.node().integer("keepdims", 1) != 0;
        return torch.mean(
                input,
                axes.length == 0 ? Shapes.allAxes(input) : axes,
                keep,
                new org.bytedeco.pytorch.ScalarTypeOptional());
    }
}
