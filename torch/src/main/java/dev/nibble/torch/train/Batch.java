package dev.nibble.torch.train;

import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Tensor;

/**
 * The labelled samples of one training step.
 *
 * @param inputs what is fed to the network, float32 {@code [samples × …]}
 * @param labels index of the right class of each sample, int64 {@code [samples]}
 */
public record Batch(Tensor inputs, Tensor labels) {
    public Batch {
        if (inputs.type() != DataType.FLOAT32 || inputs.shape().rank() == 0) {
            throw new IllegalArgumentException(
                    "inputs must be float32 with a batch axis, not " + inputs);
        }
        long samples = inputs.shape().dim(0);
        if (labels.type() != DataType.INT64
                || labels.shape().rank() != 1
                || labels.shape().dim(0) != samples) {
            throw new IllegalArgumentException(
                    "labels must be int64 [%d], one for each input, not %s"
                            .formatted(samples, labels));
        }
    }
}
