package dev.nibble.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.graph.TestGraphs;
import dev.nibble.pass.Finding.Applied;
import dev.nibble.pass.Finding.Skipped;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class HighBiasAbsorptionTest {
    /** The first of two channels never falls below 3. */
    private static final FixedLab LAB =
            new FixedLab(Map.of("y", Tensor.ofFloats(Shape.of(1, 2, 1, 2), 3, 7, -1, 4)));

    private static TestGraphs pair(String activation) {
        return TestGraphs.graph()
                .input("x")
                .constant("w", Shape.of(2, 1, 1, 1), 1, 2)
                .constant("b", Shape.of(2), 5, 1)
                .constant("v", Shape.of(1, 2, 1, 1), 10, 20)
                .node("first: Conv(x, w, b) -> y")
                .node("act: " + activation)
                .node("second: Conv(z, v) -> u")
                .output("u");
    }

    @Test
    void movesWhatAChannelAlwaysHasIntoTheNextBias() {
        Draft draft = new HighBiasAbsorption().apply(Draft.of(pair("Relu(y) -> z").model()), LAB);

        assertThat(TestGraphs.text(draft.graph()))
                .isEqualTo(
                        """
                        first: Conv(x, w, first_bias_absorbed) -> y
                        act: Relu(y) -> z
                        second: Conv(z, v, second_bias_absorbed) -> u
                        """);
        assertThat(draft.graph().constant("first_bias_absorbed").orElseThrow().floats())
                .containsExactly(2, 1);
        assertThat(draft.graph().constant("second_bias_absorbed").orElseThrow().floats())
                .containsExactly(30);
        assertThat(draft.findings())
                .containsExactly(
                        new Applied(
                                "HighBiasAbsorption",
                                "act",
                                "moved the observed minimum of 1 of 2 channels on"));
    }

    @Test
    void aClipDoesNotMoveWithTheChannels() {
        Draft draft = new HighBiasAbsorption().apply(Draft.of(pair("Clip(y) -> z").model()), LAB);

        assertThat(draft.findings())
                .containsExactly(
                        new Skipped(
                                "HighBiasAbsorption",
                                "act",
                                "its upper bound does not move with the channels"));
    }

    @Test
    void bordersOfZerosHaveNoBiasInThem() {
        Draft draft =
                new HighBiasAbsorption()
                        .apply(
                                Draft.of(
                                        pair("Relu(y) -> z")
                                                .with("pads", List.of(1L, 1L, 1L, 1L))
                                                .model()),
                                LAB);

        assertThat(draft.findings())
                .containsExactly(
                        new Skipped(
                                "HighBiasAbsorption",
                                "act",
                                "second reads zeros beyond the border, which have no bias in"
                                        + " them"));
    }

    @Test
    void aReaderThatTakesNoBiasIsNamed() {
        Draft draft =
                new HighBiasAbsorption()
                        .apply(
                                Draft.of(
                                        pair("Relu(y) -> z")
                                                .node("pool: MaxPool(z) -> p")
                                                .output("p")
                                                .model()),
                                LAB);

        assertThat(draft.findings())
                .containsExactly(
                        new Skipped(
                                "HighBiasAbsorption",
                                "act",
                                "MaxPool pool reads it and takes no bias"));
    }
}
