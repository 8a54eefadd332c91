package dev.nibble.torch.train;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;

class BatchTest {
    private static final Tensor INPUTS = Tensor.ofFloats(Shape.of(2, 1), 1, 2);

    @Test
    void refusesFewerLabelsThanInputs() {
        Tensor labels = Tensor.ofLongs(Shape.of(1), 0);

        assertThatThrownBy(() -> new Batch(INPUTS, labels))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("labels must be int64 [2], one for each input, not int64 [1]");
    }

    @Test
    void refusesInputsWithoutABatchAxis() {
        Tensor labels = Tensor.ofLongs(Shape.of(1), 0);

        assertThatThrownBy(() -> new Batch(Tensor.ofFloats(Shape.scalar(), 1), labels))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("inputs must be float32 with a batch axis, not float32 []");
    }
}
