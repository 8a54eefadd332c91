package dev.nibble.graph;

import dev.nibble.tensor.Tensor;

import java.util.List;

/** The value of one attribute of a {@link Node}. */
public sealed interface Attribute {
    /** One integer. */
    record IntValue(long value) implements Attribute {}

    /** One float. */
    record FloatValue(float value) implements Attribute {}

    /** One text. */
    record StringValue(String value) implements Attribute {}

    /** One tensor. */
    record TensorValue(Tensor value) implements Attribute {}

    /** One subgraph, as the branches of {@code If} and the body of {@code Loop}. */
    record GraphValue(Graph value) implements Attribute {}

    /** Several integers. */
    record IntList(List<Long> values) implements Attribute {
        public IntList {
            values = List.copyOf(values);
        }
    }

    /** Several floats. */
    record FloatList(List<Float> values) implements Attribute {
        public FloatList {
            values = List.copyOf(values);
        }
    }

    /** Several texts. */
    record StringList(List<String> values) implements Attribute {
        public StringList {
            values = List.copyOf(values);
        }
    }

    /** Several subgraphs. */
    record GraphList(List<Graph> values) implements Attribute {
        public GraphList {
            values = List.copyOf(values);
        }
    }

    /**
     * In the body of a {@link Function}: the attribute of this name of its call.
     *
     * @param encoded the reference as the file has it
     */
    record Reference(String attribute, Extras encoded) implements Attribute {}

    /** Anything else (tensor lists, sparse tensors, types), kept as the file has it. */
    record Opaque(Extras encoded) implements Attribute {}
}
