package dev.nibble.torch.train;

import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

import java.util.List;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2017, arXiv 1711.05101): matrices and
 * filters decay, vectors do not.
 */
final class AdamW {
    private final List<org.bytedeco.pytorch.AdamW> groups;

    AdamW(TorchNetwork network, double weightDecay) {
        groups =
                List.of(
                        group(network.parameters(true), weightDecay),
                        group(network.parameters(false), 0));
    }

    /** Moves every parameter against its gradient, and forgets the gradients. */
    void step(double learningRate) {
        for (org.bytedeco.pytorch.AdamW group : groups) {
            group.param_groups().get(0).options().set_lr(learningRate);
            group.step();
            group.zero_grad();
        }
    }

    private static org.bytedeco.pytorch.AdamW group(List<Tensor> parameters, double weightDecay) {
        AdamWOptions options = new AdamWOptions();
        options.weight_decay().put(weightDecay);
        return new org.bytedeco.pytorch.AdamW(
                new TensorVector(parameters.toArray(Tensor[]::new)), options);
    }
}
