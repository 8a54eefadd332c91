package dev.nibble.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.nibble.engine.Session;
import dev.nibble.graph.Model;
import dev.nibble.lower.Dequantization;
import dev.nibble.plan.QuantizedModels;
import dev.nibble.tensor.Tensor;

import java.util.List;
import java.util.Map;

/** A network before and after its dequantization, both run by ONNX Runtime. */
record Undone(Map<String, Tensor> quantized, Map<String, Tensor> floats, Model model) {
    static Undone of(Sketch sketch, Map<String, Tensor> inputs) {
        Model quantized = sketch.model();
        Model floats = Dequantization.undo(quantized).model();
        assertThat(QuantizedModels.evidence(floats.graph())).isEmpty();
        return new Undone(run(quantized, inputs), run(floats, inputs), floats);
    }

    static Undone of(Sketch sketch, Tensor x) {
        return of(sketch, Map.of("x", x));
    }

    private static Map<String, Tensor> run(Model model, Map<String, Tensor> inputs) {
        try (Session session = Networks.open(model)) {
            return Networks.run(session, inputs);
        }
    }

    /** Checks that output y moved by no more than this, anywhere. */
    Undone isWithin(double tolerance) {
        Tensor before = Networks.get(quantized, "y");
        Tensor after = Networks.get(floats, "y");
        assertThat(after.type()).isEqualTo(before.type());
        assertThat(after.shape()).isEqualTo(before.shape());
        float[] expected = before.floats();
        float[] actual = after.floats();
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).as("y[%d]", i).isCloseTo(expected[i], within((float) tolerance));
        }
        return this;
    }

    /** The standard operators left, in order. */
    List<String> operators() {
        return model.graph().nodes().stream().map(node -> node.operator()).toList();
    }
}
