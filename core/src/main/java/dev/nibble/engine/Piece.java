package dev.nibble.engine;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;
import dev.nibble.graph.ValueInfo.Dimension;
import dev.nibble.graph.ValueInfo.OtherType;
import dev.nibble.graph.ValueInfo.RankedTensor;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The part of a network between values that are known on every sample and values that are wanted.
 *
 * @param model has the known values as inputs, beside those inputs of the network that it still
 *     needs
 * @param known one tensor for each sample, by value
 * @param fed inputs of the network that are taken from the samples
 */
record Piece(Model model, Map<String, List<Tensor>> known, Set<String> fed) {

    /**
     * Cuts the part out.
     *
     * @param known values that need not be computed
     */
    static Piece between(Model model, Map<String, List<Tensor>> known, Collection<String> wanted) {
        Graph graph = model.graph();
        Set<String> reached = reached(graph, known.keySet(), wanted);
        List<ValueInfo> inputs = new ArrayList<>();
        known.forEach((name, tensors) -> {
            if (reached.contains(name)) {
                inputs.add(ValueInfo.of(name, type(tensors)));
            }
        });
        Set<String> fed = new HashSet<>();
        for (ValueInfo input : graph.fedInputs()) {
            if (reached.contains(input.name()) && !known.containsKey(input.name())) {
                inputs.add(input);
                fed.add(input.name());
            }
        }
        List<Node> nodes =
                graph.nodes().stream()
                        .filter(node ->
                                node.outputs().stream()
                                        .anyMatch(output ->
                                                reached.contains(output)
                                                        && !known.containsKey(output)))
                        .toList();
        Map<String, Tensor> constants = new HashMap<>(graph.constants());
        constants.keySet().retainAll(reached);
        // an inner value is left untyped: the engine infers its type
        List<ValueInfo> outputs =
                wanted.stream().map(name -> ValueInfo.of(name, new OtherType("untyped"))).toList();
        Graph piece = Graph.of(graph.name(), nodes, inputs, outputs, constants);
        return new Piece(model.with(piece), known, fed);
    }

    /** All values that the wanted ones are computed from, up to those that are known. */
    static Set<String> reached(Graph graph, Set<String> known, Collection<String> wanted) {
        Set<String> reached = new HashSet<>(wanted);
        for (Node node : graph.nodes().reversed()) {
            if (node.outputs().stream()
                    .anyMatch(output -> reached.contains(output) && !known.contains(output))) {
                node.reads().forEach(reached::add);
            }
        }
        return reached;
    }

    private static RankedTensor type(List<Tensor> tensors) {
        Tensor first = tensors.getFirst();
        long[] dims = first.shape().dims();
        boolean[] fixed = new boolean[dims.length];
        for (int axis = 0; axis < dims.length; axis++) {
            int at = axis;
            fixed[axis] =
                    tensors.stream()
                            .map(Tensor::shape)
                            .allMatch(shape -> extent(shape, at) == dims[at]);
        }
        List<Dimension> types = new ArrayList<>();
        for (int axis = 0; axis < dims.length; axis++) {
            types.add(fixed[axis] ? Dimension.of(dims[axis]) : Dimension.of(""));
        }
        return new RankedTensor(first.type(), types);
    }

    private static long extent(Shape shape, int axis) {
        return axis < shape.rank() ? shape.dim(axis) : -1;
    }

    /** What to feed to the piece for each of the samples. */
    Samples samples(Samples all) {
        return new Continued(all, known, fed);
    }

    /** The samples with what is known of them in the place of what it was computed from. */
    private record Continued(Samples all, Map<String, List<Tensor>> known, Set<String> fed)
            implements Samples {
        @Override
        public int size() {
            return all.size();
        }

        @Override
        public Sample get(int index) {
            Map<String, Tensor> inputs = new HashMap<>();
            if (!fed.isEmpty()) {
                all.get(index)
                        .inputs()
                        .forEach((name, tensor) -> {
                            if (fed.contains(name)) {
                                inputs.put(name, tensor);
                            }
                        });
            }
            known.forEach((name, tensors) -> inputs.put(name, tensors.get(index)));
            return new Sample("sample " + index, inputs, Sample.UNLABELLED);
        }

        @Override
        public boolean labelled() {
            return false;
        }

        @Override
        public String description() {
            return all.description();
        }
    }
}
