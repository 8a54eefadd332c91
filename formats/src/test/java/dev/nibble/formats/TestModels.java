package dev.nibble.formats;

import dev.nibble.graph.Extras;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.ValueInfo;
import dev.nibble.graph.ValueInfo.Dimension;
import dev.nibble.tensor.DataType;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Networks that do nothing but declare inputs. */
public final class TestModels {
    private TestModels() {}

    /** A network with an input called {@code x}; extents are numbers or names. */
    public static Model input(DataType type, Object... dims) {
        return inputs(info("x", type, dims));
    }

    public static Model inputs(ValueInfo... inputs) {
        Graph graph = Graph.of("g", List.of(), List.of(inputs), List.of(), Map.of());
        return new Model(graph, 8, Map.of("", 13L), Map.of(), Extras.NONE);
    }

    public static ValueInfo info(String name, DataType type, Object... dims) {
        return ValueInfo.ofTensor(
                name,
                type,
                Stream.of(dims)
                        .map(dim ->
                                dim instanceof Number size
                                        ? Dimension.of(size.longValue())
                                        : Dimension.of(dim.toString()))
                        .toArray(Dimension[]::new));
    }
}
