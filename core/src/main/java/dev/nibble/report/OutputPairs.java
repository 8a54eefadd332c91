package dev.nibble.report;

import dev.nibble.error.NibbleException;
import dev.nibble.graph.Graph;
import dev.nibble.graph.ValueInfo;
import dev.nibble.graph.ValueInfo.Fixed;
import dev.nibble.graph.ValueInfo.OtherType;
import dev.nibble.graph.ValueInfo.RankedTensor;
import dev.nibble.graph.ValueInfo.UnrankedTensor;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Which output of a network answers to which of the baseline.
 *
 * @param baseline file of the baseline, for messages
 * @param file file of the network, for messages
 * @param names the network's output for each of the baseline, in the order of the latter
 * @param declared for each output of the baseline, what both networks declare about it
 */
record OutputPairs(
        Path baseline,
        Path file,
        Map<String, String> names,
        Map<String, List<ValueInfo>> declared) {
    /**
     * Pairs outputs of the same name, and what is then left by position. Only outputs that are
     * tensors count.
     *
     * @throws NibbleException if the network has nothing in the place of an output of the baseline
     */
    static OutputPairs of(Path baselineFile, Graph baseline, Path file, Graph network) {
        List<String> wanted = names(baselineFile, baseline);
        List<String> given = names(file, network);
        Map<String, String> pairs = new LinkedHashMap<>();
        for (int i = 0; i < wanted.size(); i++) {
            String name = wanted.get(i);
            if (given.contains(name)) {
                pairs.put(name, name);
            } else if (i < given.size() && !wanted.contains(given.get(i))) {
                pairs.put(name, given.get(i));
            } else {
                throw new NibbleException(
                        "%s has no output for %s of the baseline %s, neither by name nor by position: it has %s, the baseline %s; evaluate networks with the same outputs"
                                .formatted(file, name, baselineFile, given, wanted));
            }
        }
        Map<String, List<ValueInfo>> declared = new HashMap<>();
        pairs.forEach((name, own) ->
                declared.put(name, List.of(output(baseline, name), output(network, own))));
        return new OutputPairs(baselineFile, file, pairs, declared);
    }

    private static ValueInfo output(Graph graph, String name) {
        return graph.outputs().stream()
                .filter(output -> output.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> names(Path file, Graph graph) {
        List<String> tensors =
                graph.outputs().stream()
                        .filter(output -> !(output.type() instanceof OtherType))
                        .map(ValueInfo::name)
                        .toList();
        if (tensors.isEmpty()) {
            throw new NibbleException(
                    "%s has no output that is a tensor (it has %s); evaluate a network that has one"
                            .formatted(
                                    file, graph.outputs().stream().map(ValueInfo::name).toList()));
        }
        return tensors;
    }

    /** The name of the baseline's output whose scores are ranked: the first. */
    String first() {
        return names.keySet().iterator().next();
    }

    /**
     * The outputs of the network under the names and shapes of the baseline's. One whose extents
     * are left open, as the number of boxes is, keeps its shape where that is another one.
     *
     * @throws NibbleException if shapes differ in more than extents of 1 and those left open
     */
    Map<String, Tensor> align(
            String sample, Map<String, Tensor> reference, Map<String, Tensor> outputs) {
        Map<String, Tensor> aligned = new LinkedHashMap<>();
        names.forEach((name, own) -> {
            Tensor expected = handedOver(baseline, name, reference);
            Tensor actual = handedOver(file, own, outputs);
            boolean equal = significant(expected.shape()).equals(significant(actual.shape()));
            if (!equal && !mayDiffer(name, expected.shape(), actual.shape())) {
                throw new NibbleException(
                        "on %s, output %s of %s is %s, but output %s of the baseline %s is %s; only equal shapes can be compared, but for extents that both networks leave open"
                                .formatted(sample, own, file, actual, name, baseline, expected));
            }
            aligned.put(name, equal ? actual.reshape(expected.shape()) : actual);
        });
        return aligned;
    }

    /** Whether two shapes differ along axes only whose extent neither network declares. */
    private boolean mayDiffer(String name, Shape one, Shape other) {
        return declared.getOrDefault(name, List.of()).stream()
                .allMatch(info ->
                        switch (info.type()) {
                            case UnrankedTensor _ -> true;
                            case OtherType _ -> false;
                            case RankedTensor(var _, var dims) ->
                                    dims.size() == one.rank()
                                            && dims.size() == other.rank()
                                            && IntStream.range(0, dims.size())
                                                    .allMatch(axis ->
                                                            one.dim(axis) == other.dim(axis)
                                                                    || !(dims.get(axis)
                                                                            instanceof Fixed));
                        });
    }

    private static Tensor handedOver(Path file, String name, Map<String, Tensor> outputs) {
        Tensor tensor = outputs.get(name);
        if (tensor == null) {
            throw new NibbleException(
                    "the engine cannot hand over output %s of %s; evaluate a network that gives it as float or 8-bit integers"
                            .formatted(name, file));
        }
        return tensor;
    }

    /** The extents that are not 1. */
    private static List<Long> significant(Shape shape) {
        List<Long> dims = new ArrayList<>();
        Arrays.stream(shape.dims()).filter(dim -> dim != 1).forEach(dims::add);
        return dims;
    }
}
