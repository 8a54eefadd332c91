package dev.nibble.onnxruntime;

import dev.nibble.graph.Attribute.GraphValue;
import dev.nibble.graph.Attribute.IntValue;
import dev.nibble.graph.Extras;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.List;
import java.util.Map;

/** Networks whose one node runs others, for any version of the operator set. */
final class OpsetLoops {
    private OpsetLoops() {}

    /** The network of a name; its inputs are x0 and so on. */
    static Model model(String name, long version) {
        Graph graph =
                switch (name) {
                    case "@if" -> branches();
                    case "@loop" -> loop();
                    case "@scan8" -> scan(true);
                    case "@scan9" -> scan(false);
                    default -> throw new IllegalArgumentException(name);
                };
        return new Model(graph, 8, Map.of("", version), Map.of(), Extras.NONE);
    }

    /** What to feed, in the notation of the cases. */
    static List<String> operands(String name) {
        return switch (name) {
            case "@if" -> List.of("b[1]", "f[2,3]");
            case "@loop" -> List.of("f[2,3]");
            case "@scan8" -> List.of("f[3,2]", "f[3,4,2]");
            default -> List.of("f[2]", "f[4,2]");
        };
    }

    private static ValueInfo floats(String name, Object... dims) {
        return Networks.info(name, DataType.FLOAT32, dims);
    }

    private static Graph branches() {
        Node node =
                Node.of("only", "If", List.of("x0"), List.of("y0"))
                        .with("then_branch", new GraphValue(branch("then", "Relu")))
                        .with("else_branch", new GraphValue(branch("else", "Sigmoid")));
        return Graph.of(
                "g",
                List.of(node),
                List.of(Networks.info("x0", DataType.BOOL, 1), floats("x1", 2, 3)),
                List.of(floats("y0", 2, 3)),
                Map.of());
    }

    private static Graph branch(String name, String opType) {
        return Graph.of(
                name,
                List.of(Node.of(name, opType, List.of("x1"), List.of(name + "_y"))),
                List.of(),
                List.of(floats(name + "_y", 2, 3)),
                Map.of());
    }

    private static Graph loop() {
        Graph body =
                Graph.of(
                        "body",
                        List.of(
                                Node.of("keep", "Identity", List.of("c"), List.of("d")),
                                Node.of("grow", "Add", List.of("a", "a"), List.of("b")),
                                Node.of("show", "Sigmoid", List.of("b"), List.of("e"))),
                        List.of(
                                Networks.info("i", DataType.INT64),
                                Networks.info("c", DataType.BOOL),
                                floats("a", 2, 3)),
                        List.of(
                                Networks.info("d", DataType.BOOL),
                                floats("b", 2, 3),
                                floats("e", 2, 3)),
                        Map.of());
        Node node =
                Node.of("only", "Loop", List.of("count", "on", "x0"), List.of("y0", "y1"))
                        .with("body", new GraphValue(body));
        return Graph.of(
                "g",
                List.of(node),
                List.of(floats("x0", 2, 3)),
                List.of(Networks.untyped("y0"), Networks.untyped("y1")),
                Map.of(
                        "count",
                        Tensor.ofLongs(Shape.scalar(), 3),
                        "on",
                        Tensor.ofBytes(DataType.BOOL, Shape.scalar(), (byte) 1)));
    }

    /** Running sums; in version 8 each example of a batch has its own. */
    private static Graph scan(boolean batched) {
        Graph body =
                Graph.of(
                        "body",
                        List.of(
                                Node.of("sum", "Add", List.of("s", "e"), List.of("t")),
                                Node.of("show", "Sigmoid", List.of("t"), List.of("o"))),
                        List.of(floats("s", 2), floats("e", 2)),
                        List.of(floats("t", 2), floats("o", 2)),
                        Map.of());
        Node node =
                Node.of(
                                "only",
                                "Scan",
                                batched ? List.of("", "x0", "x1") : List.of("x0", "x1"),
                                List.of("y0", "y1"))
                        .with("body", new GraphValue(body))
                        .with("num_scan_inputs", new IntValue(1));
        return Graph.of(
                "g",
                List.of(node),
                batched
                        ? List.of(floats("x0", 3, 2), floats("x1", 3, 4, 2))
                        : List.of(floats("x0", 2), floats("x1", 4, 2)),
                List.of(Networks.untyped("y0"), Networks.untyped("y1")),
                Map.of());
    }
}
