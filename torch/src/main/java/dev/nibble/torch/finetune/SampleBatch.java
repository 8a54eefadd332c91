package dev.nibble.torch.finetune;

import dev.nibble.engine.Sample;
import dev.nibble.error.NibbleException;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Tensor;
import dev.nibble.torch.operator.TorchTensors;

import org.bytedeco.pytorch.global.torch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Samples that go through the network together.
 *
 * @param indices which they are
 * @param samples the same, loaded
 */
record SampleBatch(List<Integer> indices, List<Sample> samples) {
    int size() {
        return samples.size();
    }

    /** The inputs by name, joined along the first axis. */
    Map<String, org.bytedeco.pytorch.Tensor> inputs() {
        Map<String, org.bytedeco.pytorch.Tensor> joined = new HashMap<>();
        for (String name : samples.getFirst().inputs().keySet()) {
            List<Tensor> tensors = new ArrayList<>();
            for (Sample sample : samples) {
                tensors.add(input(sample, name));
            }
            joined.put(name, joined(name, tensors));
        }
        return joined;
    }

    private Tensor input(Sample sample, String name) {
        Tensor tensor = sample.inputs().get(name);
        Tensor first = samples.getFirst().inputs().get(name);
        if (tensor == null || first == null) {
            throw new NibbleException("sample " + sample.name() + " has no input " + name);
        }
        if (!tensor.shape().equals(first.shape())) {
            throw new NibbleException(
                    "input %s has shape %s in %s and %s in %s; samples of one batch need the same, so give --batch 1 with --accumulate"
                            .formatted(
                                    name,
                                    first.shape(),
                                    samples.getFirst().name(),
                                    tensor.shape(),
                                    sample.name()));
        }
        return tensor;
    }

    private org.bytedeco.pytorch.Tensor joined(String name, List<Tensor> tensors) {
        Tensor first = tensors.getFirst();
        if (tensors.size() == 1) {
            return TorchTensors.toTorch(first);
        }
        if (first.shape().rank() == 0 || first.shape().dim(0) != 1) {
            throw new NibbleException(
                    "input %s has shape %s in a sample, without a batch axis of extent 1 in front; give --batch 1 with --accumulate"
                            .formatted(name, first.shape()));
        }
        if (first.type() == DataType.FLOAT32) {
            return TorchTensors.joined(tensors);
        }
        org.bytedeco.pytorch.Tensor[] parts =
                tensors.stream()
                        .map(TorchTensors::toTorch)
                        .toArray(org.bytedeco.pytorch.Tensor[]::new);
        return torch.cat(new org.bytedeco.pytorch.TensorVector(parts), 0);
    }

    /** The right classes, int64 {@code [samples]}; for labelled samples. */
    org.bytedeco.pytorch.Tensor labels() {
        long[] labels = samples.stream().mapToLong(Sample::label).toArray();
        return org.bytedeco.pytorch.Tensor.create(labels, labels.length);
    }
}
