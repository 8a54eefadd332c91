package dev.nibble.onnxruntime;

import dev.nibble.engine.EngineOptions;
import dev.nibble.engine.ModelFormat;
import dev.nibble.engine.Outputs;
import dev.nibble.engine.Session;
import dev.nibble.formats.onnx.OnnxFormat;
import dev.nibble.graph.Extras;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;
import dev.nibble.graph.ValueInfo.Dimension;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Small networks and short ways to run them. */
final class Networks {
    static final ModelFormat ONNX = new OnnxFormat();
    static final OnnxRuntimeEngine ENGINE = new OnnxRuntimeEngine();

    private Networks() {}

    static Model of(
            List<Node> nodes,
            List<ValueInfo> inputs,
            List<ValueInfo> outputs,
            Map<String, Tensor> constants) {
        Graph graph = Graph.of("small", nodes, inputs, outputs, constants);
        return new Model(graph, 10, Map.of("", 21L), Map.of(), Extras.NONE);
    }

    static ValueInfo info(String name, DataType type, Object... dims) {
        Dimension[] extents = new Dimension[dims.length];
        for (int i = 0; i < dims.length; i++) {
            extents[i] =
                    dims[i] instanceof Integer size
                            ? Dimension.of((long) size)
                            : Dimension.of((String) dims[i]);
        }
        return ValueInfo.ofTensor(name, type, extents);
    }

    static ValueInfo untyped(String name) {
        return ValueInfo.of(name, new ValueInfo.OtherType("untyped"));
    }

    /**
     * {@code y = relu(x) · 10 + c} for rows of two; the inner values r and m have no declared type.
     */
    static Model affine() {
        return of(
                List.of(
                        Node.of("relu", "Relu", List.of("x"), List.of("r")),
                        Node.of("mul", "Mul", List.of("r", "ten"), List.of("m")),
                        Node.of("add", "Add", List.of("m", "c"), List.of("y"))),
                List.of(info("x", DataType.FLOAT32, "N", 2)),
                List.of(info("y", DataType.FLOAT32, "N", 2)),
                Map.of("ten", floats(10), "c", floats(1, 2)));
    }

    /** One operator from x to y. */
    static Model single(String opType, ValueInfo input, ValueInfo output) {
        return of(
                List.of(Node.of("only", opType, List.of("x"), List.of("y"))),
                List.of(input),
                List.of(output),
                Map.of());
    }

    static Tensor floats(float... values) {
        return Tensor.ofFloats(Shape.of(values.length), values);
    }

    static Tensor rows(float... values) {
        return Tensor.ofFloats(Shape.of(values.length / 2, 2), values);
    }

    static Session open(Model model, String... fetch) {
        return ENGINE.open(model, Set.of(fetch), ONNX, EngineOptions.SINGLE_THREAD);
    }

    /** What a run brings back, copied so that it outlives the run. */
    static Map<String, Tensor> run(Session session, Map<String, Tensor> inputs) {
        try (Outputs outputs = session.run(inputs)) {
            Map<String, Tensor> copies = new HashMap<>();
            outputs.tensors().forEach((name, tensor) -> copies.put(name, copy(tensor)));
            return copies;
        }
    }

    static Tensor run(Session session, Tensor x) {
        return get(run(session, Map.of("x", x)), "y");
    }

    static Tensor get(Map<String, Tensor> tensors, String name) {
        return Objects.requireNonNull(tensors.get(name), name);
    }

    static Tensor copy(Tensor tensor) {
        MemorySegment copy =
                MemorySegment.ofArray(new byte[Math.toIntExact(tensor.data().byteSize())]);
        return new Tensor(tensor.type(), tensor.shape(), copy.copyFrom(tensor.data()));
    }

    /** The same tensor in native memory, {@code offset} bytes after an aligned address. */
    static Tensor inNativeMemory(Tensor tensor, long offset) {
        long bytes = tensor.data().byteSize();
        MemorySegment memory = Arena.ofAuto().allocate(bytes + offset, 64).asSlice(offset, bytes);
        return new Tensor(tensor.type(), tensor.shape(), memory.copyFrom(tensor.data()));
    }
}
