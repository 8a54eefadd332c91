package dev.nibble.report;

import dev.nibble.error.NibbleException;
import dev.nibble.graph.Graph;
import dev.nibble.graph.ValueInfo;
import dev.nibble.graph.ValueInfo.OtherType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which output of a network answers to which of the baseline.
 *
 * @param baseline file of the baseline, for messages
 * @param file file of the network, for messages
 * @param names the network's output for each of the baseline, in the order of the latter
 */
record OutputPairs(Path baseline, Path file, Map<String, String> names) {
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
        return new OutputPairs(baselineFile, file, pairs);
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
     * The outputs of the network under the names and shapes of the baseline's.
     *
     * @throws NibbleException if shapes differ in more than extents of 1
     */
    Map<String, Tensor> align(
            String sample, Map<String, Tensor> reference, Map<String, Tensor> outputs) {
        Map<String, Tensor> aligned = new LinkedHashMap<>();
        names.forEach((name, own) -> {
            Tensor expected = handedOver(baseline, name, reference);
            Tensor actual = handedOver(file, own, outputs);
            if (!significant(expected.shape()).equals(significant(actual.shape()))) {
                throw new NibbleException(
                        "on %s, output %s of %s is %s, but output %s of the baseline %s is %s; only equal shapes can be compared"
                                .formatted(sample, own, file, actual, name, baseline, expected));
            }
            aligned.put(name, actual.reshape(expected.shape()));
        });
        return aligned;
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
