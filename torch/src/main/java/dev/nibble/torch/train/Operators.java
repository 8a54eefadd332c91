package dev.nibble.torch.train;

import dev.nibble.error.NibbleException;
import dev.nibble.graph.Node;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The operators that can be trained; one line each in {@link #ALL}. */
final class Operators {
    private static final Map<String, Operator> ALL =
            Map.of(
                    "Add", new Operator(Set.of(), (_, in, _) -> torch.add(in.get(0), in.get(1))),
                    "BatchNormalization", new Operator(Set.of(1, 2), Operators::batchNormalization),
                    "Clip", new Operator(Set.of(), Operators::clip),
                    "Conv", new Operator(Set.of(1, 2), Operators::conv),
                    "Flatten", new Operator(Set.of(), Operators::flatten),
                    "Gemm", new Operator(Set.of(1, 2), Operators::gemm),
                    "GlobalAveragePool",
                            new Operator(
                                    Set.of(),
                                    (_, in, _) -> torch.adaptive_avg_pool2d(in.get(0), 1, 1)),
                    "Relu", new Operator(Set.of(), (_, in, _) -> torch.relu(in.get(0))));

    private Operators() {}

    static Operator of(Node node) {
        Operator operator = node.domain().isEmpty() ? ALL.get(node.opType()) : null;
        if (operator == null) {
            throw new NibbleException(
                    "node %s: cannot train through operator %s, only through %s"
                            .formatted(node.name(), node.operator(), new TreeMap<>(ALL).keySet()));
        }
        return operator;
    }

    private static Tensor conv(Node node, List<Tensor> inputs, boolean training) {
        Tensor weight = inputs.get(1);
        int axes = Math.toIntExact(weight.dim()) - 2;
        require(node, axes == 2, "filters have %d spatial axes".formatted(axes), "2");
        String padding = node.text("auto_pad").orElse("NOTSET");
        require(node, padding.equals("NOTSET"), "auto_pad is " + padding, "NOTSET, with pads");
        List<Long> pads = node.integers("pads").orElse(List.of(0L, 0L, 0L, 0L));
        require(
                node,
                pads.subList(0, axes).equals(pads.subList(axes, 2 * axes)),
                "pads are " + pads,
                "as much at the end of an axis as at its start");
        return torch.conv2d(
                inputs.get(0),
                weight,
                inputs.size() > 2 ? new TensorOptional(inputs.get(2)) : new TensorOptional(),
                perAxis(node, "strides", axes),
                longs(pads.subList(0, axes)),
                perAxis(node, "dilations", axes),
                node.integer("group", 1));
    }

    /**
     * ONNX's momentum is what the running statistics keep, libtorch's what they take from the
     * batch.
     */
    private static Tensor batchNormalization(Node node, List<Tensor> inputs, boolean training) {
        double epsilon = node.number("epsilon").orElse(1e-5f);
        double kept = node.number("momentum").orElse(0.9f);
        return torch.batch_norm(
                inputs.get(0),
                new TensorOptional(inputs.get(1)),
                new TensorOptional(inputs.get(2)),
                new TensorOptional(inputs.get(3)),
                new TensorOptional(inputs.get(4)),
                training,
                1 - kept,
                epsilon,
                false);
    }

    private static Tensor clip(Node node, List<Tensor> inputs, boolean training) {
        require(node, inputs.size() == 3, "a bound is missing", "both, as constants");
        return torch.clamp(
                inputs.get(0),
                new ScalarOptional(new Scalar(inputs.get(1).item_float())),
                new ScalarOptional(new Scalar(inputs.get(2).item_float())));
    }

    private static Tensor flatten(Node node, List<Tensor> inputs, boolean training) {
        long axis = node.integer("axis", 1);
        require(node, axis == 1, "axis is " + axis, "1");
        return torch.flatten(inputs.get(0), 1, -1);
    }

    private static Tensor gemm(Node node, List<Tensor> inputs, boolean training) {
        require(node, inputs.size() == 3, "the bias is missing", "present");
        require(node, node.integer("transA", 0) == 0, "transA is set", "0");
        for (String factor : List.of("alpha", "beta")) {
            double value = node.number(factor).orElse(1);
            require(node, value == 1, factor + " is " + value, "1");
        }
        boolean transposed = node.integer("transB", 0) != 0;
        Tensor weight = transposed ? inputs.get(1) : inputs.get(1).t();
        return torch.linear(inputs.get(0), weight, new TensorOptional(inputs.get(2)));
    }

    private static long[] perAxis(Node node, String attribute, int axes) {
        return longs(node.integers(attribute).orElse(Collections.nCopies(axes, 1L)));
    }

    private static long[] longs(List<Long> values) {
        return values.stream().mapToLong(Long::longValue).toArray();
    }

    private static void require(Node node, boolean holds, String given, String allowed) {
        if (!holds) {
            throw new NibbleException(
                    "node %s: %s; training knows %s only with %s"
                            .formatted(node.name(), given, node.opType(), allowed));
        }
    }
}
