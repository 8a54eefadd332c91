package dev.nibble.onnxruntime;

import static dev.nibble.onnxruntime.Networks.ENGINE;
import static dev.nibble.onnxruntime.Networks.ONNX;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.engine.LocalLab;
import dev.nibble.engine.Progress;
import dev.nibble.engine.Sample;
import dev.nibble.engine.Samples;
import dev.nibble.engine.Walk;
import dev.nibble.graph.Model;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Inner values, computed piece by piece. */
class WalkTest {
    private final AtomicInteger loads = new AtomicInteger();
    private final Rows samples = new Rows(9, loads);
    private final LocalLab lab = new LocalLab(samples, ENGINE, ONNX, 2, 1, Progress.NONE);
    private final Model model = Networks.affine();

    /** Rows (i, −i). */
    private record Rows(int size, AtomicInteger loads) implements Samples {
        @Override
        public Sample get(int index) {
            loads.incrementAndGet();
            Tensor row = Networks.floats(index, -index);
            return new Sample(
                    "row " + index,
                    Map.of("x", row.reshape(dev.nibble.tensor.Shape.of(1, 2))),
                    Sample.UNLABELLED);
        }

        @Override
        public boolean labelled() {
            return false;
        }

        @Override
        public String description() {
            return size + " rows";
        }
    }

    @Test
    void valuesComeInSampleOrder() {
        try (Walk walk = new Walk("walking", lab)) {
            List<Tensor> outputs = walk.values(model, "y");
            assertThat(outputs).hasSize(9);
            for (int i = 0; i < 9; i++) {
                assertThat(outputs.get(i).floats()).containsExactly(10f * i + 1, 2);
            }
        }
    }

    @Test
    void whatIsKeptIsNotComputedAgain() {
        try (Walk walk = new Walk("walking", lab)) {
            walk.values(model, "m");
            int loaded = loads.get();
            // a model that computes m otherwise: what was kept counts
            Model other =
                    model.map(graph ->
                            graph.edit(editor -> editor.constant("ten", Networks.floats(1000))));
            assertThat(walk.values(other, "y").get(3).floats()).containsExactly(31, 2);
            assertThat(loads.get()).isEqualTo(loaded);
        }
    }

    @Test
    void whatNothingNeedsIsLetGo() {
        try (Walk walk = new Walk("walking", lab)) {
            walk.values(model, "r");
            walk.values(model, "m");
            walk.keepFor(model, List.of("y"));
            int loaded = loads.get();
            walk.values(model, "y");
            assertThat(loads.get()).as("m was kept").isEqualTo(loaded);
            walk.values(model, "r");
            assertThat(loads.get()).as("r was let go").isGreaterThan(loaded);
        }
    }
}
