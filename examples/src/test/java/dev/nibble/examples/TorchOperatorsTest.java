package dev.nibble.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.nibble.engine.EngineOptions;
import dev.nibble.engine.Outputs;
import dev.nibble.engine.Session;
import dev.nibble.examples.OperatorRows.Row;
import dev.nibble.formats.onnx.OnnxFormat;
import dev.nibble.graph.Extras;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;
import dev.nibble.graph.ValueInfo.Dimension;
import dev.nibble.graph.ValueInfo.OtherType;
import dev.nibble.graph.ValueInfo.RankedTensor;
import dev.nibble.onnxruntime.OnnxRuntimeEngine;
import dev.nibble.tensor.Tensor;
import dev.nibble.torch.graph.Tap;
import dev.nibble.torch.graph.TorchGraph;
import dev.nibble.torch.operator.Operators;
import dev.nibble.torch.operator.TorchTensors;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Each operator in libtorch against ONNX Runtime, and its gradient against differences. */
class TorchOperatorsTest {
    private static final double TOLERANCE = 2e-5;
    private static final double STEP = 1e-5;

    @BeforeAll
    static void oneThread() {
        torch.set_num_threads(1);
    }

    static Stream<Row> rows() {
        return OperatorRows.all();
    }

    static Stream<Row> smooth() {
        return rows().filter(Row::smooth);
    }

    /** Branches and loops have tests of their own; ONNX Runtime does not know Swish yet. */
    @Test
    void everyOperatorHasARow() {
        Set<String> left = new TreeSet<>(Operators.names());
        rows().forEach(row -> left.remove(row.node().opType()));

        assertThat(left).containsExactly("If", "Loop", "Swish");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void computesWhatOnnxRuntimeComputes(Row row) {
        try (TorchGraph network = TorchGraph.of(model(row, List.of()))) {
            Map<String, Tensor> ours = network.infer(fed(row));
            Model declared = model(row, List.copyOf(ours.values()));
            try (Session session =
                            new OnnxRuntimeEngine()
                                    .open(
                                            declared,
                                            Set.of(),
                                            new OnnxFormat(),
                                            EngineOptions.SINGLE_THREAD);
                    Outputs theirs = session.run(fed(row))) {
                theirs.tensors()
                        .forEach((name, expected) ->
                                compare(Objects.requireNonNull(ours.get(name)), expected));
            }
        }
    }

    private static void compare(Tensor ours, Tensor expected) {
        assertThat(ours.shape()).isEqualTo(expected.shape());
        float[] values = ours.floats();
        float[] wanted = expected.floats();
        for (int i = 0; i < wanted.length; i++) {
            double allowed = TOLERANCE * Math.max(1, Math.abs(wanted[i]));
            if (Float.isInfinite(wanted[i]) || Float.isNaN(wanted[i])) {
                assertThat(values[i]).as("element %d", i).isEqualTo(wanted[i]);
            } else {
                assertThat((double) values[i])
                        .as("element %d", i)
                        .isCloseTo(wanted[i], within(allowed));
            }
        }
    }

    /** In float64, where differences are exact enough. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("smooth")
    void differentiatesAsDifferencesSay(Row row) {
        try (PointerScope _ = new PointerScope();
                TorchGraph network = TorchGraph.of(model(row, List.of()))) {
            Map<String, org.bytedeco.pytorch.Tensor> inputs = new LinkedHashMap<>();
            fed(row).forEach((name, tensor) ->
                    inputs.put(name, TorchTensors.toTorch(tensor).toType(ScalarType.Double)));
            inputs.values().forEach(input -> input.set_requires_grad(true));
            loss(network, inputs).backward();
            inputs.forEach((name, input) -> check(network, inputs, name, input.grad()));
        }
    }

    /** Every seventh number, so that large tensors do not take long. */
    private static void check(
            TorchGraph network,
            Map<String, org.bytedeco.pytorch.Tensor> inputs,
            String name,
            org.bytedeco.pytorch.Tensor gradient) {
        try (NoGradGuard _ = new NoGradGuard()) {
            org.bytedeco.pytorch.Tensor input = Objects.requireNonNull(inputs.get(name));
            org.bytedeco.pytorch.Tensor flat = input.reshape(-1);
            for (long i = 0; i < flat.numel(); i += 7) {
                org.bytedeco.pytorch.Tensor one = flat.narrow(0, i, 1);
                one.add_(new Scalar(STEP));
                double above = loss(network, inputs).item_double();
                one.sub_(new Scalar(2 * STEP));
                double below = loss(network, inputs).item_double();
                one.add_(new Scalar(STEP));
                double expected = (above - below) / (2 * STEP);
                assertThat(gradient.reshape(-1).narrow(0, i, 1).item_double())
                        .as("element %d of %s", i, name)
                        .isCloseTo(expected, within(1e-4 * Math.max(1, Math.abs(expected))));
            }
        }
    }

    /** Weighs the outputs differently, so that errors do not cancel. */
    private static org.bytedeco.pytorch.Tensor loss(
            TorchGraph network, Map<String, org.bytedeco.pytorch.Tensor> inputs) {
        org.bytedeco.pytorch.Tensor total = torch.zeros(1).toType(ScalarType.Double);
        for (org.bytedeco.pytorch.Tensor output : network.run(inputs, false, Tap.NONE).values()) {
            if (output.is_floating_point()) {
                org.bytedeco.pytorch.Tensor weights =
                        torch.arange(new Scalar(output.numel())).toType(ScalarType.Double).cos();
                total = total.add(output.reshape(-1).mul(weights).sum());
            }
        }
        return total;
    }

    private static Map<String, Tensor> fed(Row row) {
        Map<String, Tensor> fed = new LinkedHashMap<>();
        row.inputs()
                .forEach((name, tensor) -> {
                    if (row.isFed(name)) {
                        fed.put(name, tensor);
                    }
                });
        return fed;
    }

    /** Outputs are declared as what they turned out to be. */
    private static Model model(Row row, List<Tensor> results) {
        Node node = row.node();
        List<ValueInfo> inputs = new ArrayList<>();
        Map<String, Tensor> constants = new LinkedHashMap<>();
        row.inputs()
                .forEach((name, tensor) -> {
                    if (row.isFed(name)) {
                        inputs.add(ValueInfo.of(name, type(tensor)));
                    } else {
                        constants.put(name, tensor);
                    }
                });
        List<ValueInfo> outputs = new ArrayList<>();
        List<String> names = node.outputs().stream().filter(name -> !name.isEmpty()).toList();
        for (int i = 0; i < names.size(); i++) {
            outputs.add(
                    results.isEmpty()
                            ? ValueInfo.of(names.get(i), new OtherType("not known yet"))
                            : ValueInfo.of(names.get(i), type(results.get(i))));
        }
        Graph graph = Graph.of("one", List.of(node), inputs, outputs, constants);
        return new Model(graph, 8, Map.of("", row.opset()), Map.of(), Extras.NONE);
    }

    private static RankedTensor type(Tensor tensor) {
        return new RankedTensor(
                tensor.type(), Collections.nCopies(tensor.shape().rank(), Dimension.of("")));
    }
}
