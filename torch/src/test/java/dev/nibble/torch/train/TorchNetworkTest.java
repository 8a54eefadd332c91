package dev.nibble.torch.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.error.NibbleException;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.ValueInfo;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class TorchNetworkTest {
    @Test
    void givesBackTheModelItWasMadeOf() {
        Model model =
                Models.of(
                                Map.of("c", Tensor.ofFloats(Shape.of(2), 0.1f, -3e-30f)),
                                Models.node("Add", "x", "c"))
                        .withMetadata("key", "value");

        try (TorchNetwork network = TorchNetwork.of(model)) {
            Model back = network.model();
            assertThat(back.graph().constants()).isEqualTo(model.graph().constants());
            assertThat(back.graph().nodes()).isEqualTo(model.graph().nodes());
            assertThat(back.metadata()).isEqualTo(model.metadata());
        }
    }

    @Test
    void refusesWeightsThatAreNotFloat32() {
        Model model =
                Models.of(
                        Map.of("c", Tensor.ofInts(Shape.of(1, 1), 1)),
                        Models.node("MatMul", "x", "c"));

        assertThatThrownBy(() -> TorchNetwork.of(model))
                .isInstanceOf(NibbleException.class)
                .hasMessage(
                        "weight c is int32 [1×1]; training takes float32, so dequantize or convert"
                                + " it first");
    }

    @Test
    void refusesSeveralOutputs() {
        Model one = Models.of(Map.of(), Models.node("Relu", "x"));
        ValueInfo output = one.graph().outputs().getFirst();
        Model two = one.map(graph -> withOutputs(graph, List.of(output, output)));

        assertThatThrownBy(() -> TorchNetwork.of(two))
                .isInstanceOf(NibbleException.class)
                .hasMessage("network test has 1 inputs and 2 outputs; training takes one of each");
    }

    private static Graph withOutputs(Graph graph, List<ValueInfo> outputs) {
        return graph.edit(editor -> editor.outputs(outputs));
    }
}
