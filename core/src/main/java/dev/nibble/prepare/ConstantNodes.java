package dev.nibble.prepare;

import dev.nibble.graph.Attribute;
import dev.nibble.graph.Attribute.FloatList;
import dev.nibble.graph.Attribute.FloatValue;
import dev.nibble.graph.Attribute.IntList;
import dev.nibble.graph.Attribute.IntValue;
import dev.nibble.graph.Attribute.TensorValue;
import dev.nibble.graph.Node;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lets every {@code Constant} node of numbers hold a tensor, in whatever form it came. */
final class ConstantNodes {
    private ConstantNodes() {}

    static Preparation unify(Preparation before) {
        boolean some = before.graph().allNodes().anyMatch(node -> tensor(node).isPresent());
        return some
                ? before.map(graph ->
                        graph.edit(editor ->
                                graph.allNodes()
                                        .filter(node -> tensor(node).isPresent())
                                        .forEach(node ->
                                                editor.update(node, ConstantNodes::unified))))
                : before;
    }

    private static Node unified(Node node) {
        return tensor(node)
                .map(tensor -> node.withAttributes(Map.of("value", new TensorValue(tensor))))
                .orElse(node);
    }

    /** The numbers of a node that are no tensor yet. */
    private static Optional<Tensor> tensor(Node node) {
        if (!node.is("Constant") || node.attributes().size() != 1) {
            return Optional.empty();
        }
        Map.Entry<String, Attribute> only = node.attributes().entrySet().iterator().next();
        return switch (only.getValue()) {
            case FloatValue(float value) when only.getKey().equals("value_float") ->
                    Optional.of(Tensor.ofFloats(Shape.scalar(), value));
            case IntValue(long value) when only.getKey().equals("value_int") ->
                    Optional.of(Tensor.ofLongs(Shape.scalar(), value));
            case FloatList(List<Float> values) when only.getKey().equals("value_floats") -> {
                float[] floats = new float[values.size()];
                for (int i = 0; i < floats.length; i++) {
                    floats[i] = values.get(i);
                }
                yield Optional.of(Tensor.ofFloats(Shape.of(floats.length), floats));
            }
            case IntList(List<Long> values) when only.getKey().equals("value_ints") ->
                    Optional.of(
                            Tensor.ofLongs(
                                    Shape.of(values.size()),
                                    values.stream().mapToLong(Long::longValue).toArray()));
            default -> Optional.empty();
        };
    }
}
