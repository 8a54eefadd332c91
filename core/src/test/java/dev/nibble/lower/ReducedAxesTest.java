package dev.nibble.lower;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.graph.Model;
import dev.nibble.graph.TestGraphs;

import org.junit.jupiter.api.Test;

import java.util.List;

/** Reductions whose axes become an input. */
class ReducedAxesTest {
    private static TestGraphs reduction(String type) {
        return TestGraphs.graph()
                .input("x")
                .node("mean: " + type + "(x) -> y")
                .with("axes", List.of(2L, 3L))
                .with("keepdims", 0)
                .output("y");
    }

    @Test
    void theAxesBecomeAConstant() {
        Model raised = Opsets.raise(reduction("ReduceMean").model(17), 21);
        assertThat(raised.opset()).isEqualTo(21);
        assertThat(TestGraphs.text(raised.graph())).isEqualTo("mean: ReduceMean(x, y_axes) -> y\n");
        assertThat(raised.graph().constant("y_axes").orElseThrow().longs()).containsExactly(2, 3);
        assertThat(raised.graph().nodes().getFirst().attributes()).containsOnlyKeys("keepdims");
    }

    @Test
    void nothingChangesBelowTheVersionThatChangedIt() {
        Model raised = Opsets.raise(reduction("ReduceMean").model(11), 13);
        assertThat(TestGraphs.text(raised.graph())).isEqualTo("mean: ReduceMean(x) -> y\n");
    }

    @Test
    void aSumChangedEarlier() {
        Model raised = Opsets.raise(reduction("ReduceSum").model(11), 13);
        assertThat(TestGraphs.text(raised.graph())).isEqualTo("mean: ReduceSum(x, y_axes) -> y\n");
    }

    @Test
    void aReductionOfEverythingStaysAsItIs() {
        Model all =
                TestGraphs.graph().input("x").node("m: ReduceMax(x) -> y").output("y").model(17);
        assertThat(TestGraphs.text(Opsets.raise(all, 21).graph()))
                .isEqualTo("m: ReduceMax(x) -> y\n");
    }
}
