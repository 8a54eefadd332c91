package dev.nibble.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.graph.Model;
import dev.nibble.onnxruntime.Quantizing.Given;
import dev.nibble.plan.Recipes;
import dev.nibble.prepare.Preparation;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.util.Map;

/** Weights that are put together from constants before a layer reads them. */
class ComputedWeightsTest {
    @TempDir private Path folder;

    /** A product with what some lines make of constants w and v: {@code [4 × 6]}. */
    private static Model product(String... lines) {
        Sketch sketch =
                new Sketch()
                        .input("x", DataType.FLOAT32, "N", 6)
                        .output("y", DataType.FLOAT32)
                        .constant("w", Preserved.random(Shape.of(4, 6), 1, 1))
                        .constant("v", Preserved.random(Shape.of(1, 2, 6), 2, 1))
                        .constant("zero", Tensor.ofLongs(Shape.of(1), 0))
                        .constant("one", Tensor.ofLongs(Shape.of(1), 1))
                        .constant("minus", Tensor.ofLongs(Shape.of(1), -1))
                        .constant("two", Tensor.ofLongs(Shape.of(1), 2))
                        .constant("far", Tensor.ofLongs(Shape.of(1), Long.MAX_VALUE))
                        .constant("dims", Tensor.ofLongs(Shape.of(2), 6, -1))
                        .constant("same", Tensor.ofLongs(Shape.of(2), 0, -1));
        for (String line : lines) {
            sketch.node(line);
        }
        return sketch.node("y = MatMul(x, m)").model();
    }

    private static Given samples() {
        return Given.of(3, i -> Map.of("x", Preserved.random(Shape.of(2, 6), 9 + i, 1)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "m = Transpose(w)",
                "m = Reshape(w, dims)",
                "t = Transpose(w); m = Reshape(t, same)",
                "s = Squeeze(v, zero); m = Transpose(s)",
                "s = Squeeze(v); m = Transpose(s)",
                "u = Unsqueeze(w, minus); s = Squeeze(u, minus); m = Transpose(s)",
                "s = Slice(w, one, far, zero); m = Transpose(s)",
                "s = Slice(w, zero, far, zero, two); m = Transpose(s)",
                "s = Slice(w, minus, far); m = Transpose(s)",
                "s = Slice(w, zero, minus, minus); r = Slice(w, minus, far, one); m = Reshape(w,"
                        + " dims)",
                "i = Identity(w); m = Transpose(i)",
            })
    void areWhatTheRuntimeMakesOfThem(String lines) {
        Model model = product(lines.split("; "));

        Preparation prepared = Quantizing.prepared(model, samples(), 0);

        assertThat(prepared.model().graph().constants()).containsKey("m");
        assertThat(prepared.model().graph().nodes()).hasSize(1);
    }

    @Test
    void areJoinedAlongAnAxis() {
        Model model =
                new Sketch()
                        .input("x", DataType.FLOAT32, "N", 4)
                        .output("y", DataType.FLOAT32)
                        .constant("a", Preserved.random(Shape.of(4, 3), 1, 1))
                        .constant("b", Preserved.random(Shape.of(4, 2), 2, 1))
                        .node("m = Concat(a, b)", Map.of("axis", Sketch.integer(-1)))
                        .node("y = MatMul(x, m)")
                        .model();
        Given samples = Given.of(3, i -> Map.of("x", Preserved.random(Shape.of(2, 4), 9 + i, 1)));

        Preparation prepared = Quantizing.prepared(model, samples, 0);

        assertThat(prepared.model().graph().constants()).containsOnlyKeys("m");
    }

    @Test
    void becomeCodes() {
        Quantizing done =
                Quantizing.of(folder, product("m = Transpose(w)"), Recipes.INT8_WEIGHTS, samples());

        assertThat(done.decision("make y")).isEqualTo("weights");
        assertThat(done.sqnrDb()).isGreaterThan(30);
        assertThat(done.applied("ComputedWeights"))
                .containsExactly("nodes that only move weights about: 1, computed in advance");
    }
}
