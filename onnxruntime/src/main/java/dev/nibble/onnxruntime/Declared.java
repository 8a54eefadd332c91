package dev.nibble.onnxruntime;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.TensorInfo;

import dev.nibble.error.NibbleException;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a session says its inputs are, to hold against what it is given.
 *
 * @param network the network's name for messages
 * @param inputs by name, in the order of the session
 */
record Declared(String network, Map<String, Input> inputs) {

    /**
     * One input.
     *
     * @param anyShape whether not even the rank is known
     * @param dims extents; −1 for one that is open
     */
    record Input(DataType type, boolean anyShape, List<Long> dims) {
        boolean accepts(Tensor tensor) {
            if (tensor.type() != type) {
                return false;
            }
            if (anyShape) {
                return true;
            }
            if (tensor.shape().rank() != dims.size()) {
                return false;
            }
            for (int axis = 0; axis < dims.size(); axis++) {
                if (dims.get(axis) >= 0 && dims.get(axis) != tensor.shape().dim(axis)) {
                    return false;
                }
            }
            return true;
        }

        /** As in {@code float32 [?×3×224×224]}. */
        @Override
        public String toString() {
            if (anyShape) {
                return type + " of any shape";
            }
            return type
                    + dims.stream()
                            .map(dim -> dim < 0 ? "?" : Long.toString(dim))
                            .collect(Collectors.joining("×", " [", "]"));
        }
    }

    /**
     * What a session says. It says no extents of an input of undeclared rank, as of a scalar.
     *
     * @param scalars the inputs that are known to be scalars
     */
    static Declared of(String network, Map<String, NodeInfo> infos, Set<String> scalars) {
        Map<String, Input> inputs = new LinkedHashMap<>();
        infos.forEach((name, info) -> {
            if (!(info.getInfo() instanceof TensorInfo tensor)) {
                throw new NibbleException(
                        "input \"%s\" of %s is %s; Nibble feeds tensors only"
                                .formatted(name, network, info.getInfo()));
            }
            DataType type =
                    ElementTypes.of(tensor)
                            .filter(known -> ElementTypes.fed(known).isPresent())
                            .orElseThrow(() ->
                                    new NibbleException(
                                            "input \"%s\" of %s holds %s, which ONNX Runtime for Java cannot be fed; make the network take another type and convert it inside"
                                                    .formatted(name, network, tensor.onnxType)));
            List<Long> dims = Arrays.stream(tensor.getShape()).boxed().toList();
            inputs.put(name, new Input(type, dims.isEmpty() && !scalars.contains(name), dims));
        });
        return new Declared(network, inputs);
    }

    /**
     * The shapes of the given tensors in the order of the session.
     *
     * @throws NibbleException if one is missing, unknown, or of another type or shape than declared
     */
    List<Shape> check(Map<String, Tensor> given) {
        for (String name : given.keySet()) {
            if (!inputs.containsKey(name)) {
                throw new NibbleException(
                        "%s has no input \"%s\"; it takes %s, so name the arrays so"
                                .formatted(network, name, inputs));
            }
        }
        return inputs.entrySet().stream()
                .map(entry -> check(entry.getKey(), entry.getValue(), given.get(entry.getKey())))
                .toList();
    }

    private Shape check(String name, Input input, @Nullable Tensor tensor) {
        if (tensor == null) {
            throw new NibbleException(
                    "%s needs its input \"%s\" (%s), and nothing was given for it; give samples that have it"
                            .formatted(network, name, input));
        }
        if (!input.accepts(tensor)) {
            throw new NibbleException(
                    "input \"%s\" of %s is to be %s, and %s was given; give samples of that type and shape"
                            .formatted(name, network, input, tensor));
        }
        return tensor.shape();
    }
}
