package dev.nibble.torch.reconstruct;

import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

import java.util.List;
import java.util.Optional;

/** Adam (Kingma and Ba 2014, arXiv 1412.6980) on parameters that may be none. */
final class Adam {
    private final double rate;
    private final Optional<org.bytedeco.pytorch.Adam> optimizer;

    Adam(List<Tensor> parameters, double rate) {
        this.rate = rate;
        this.optimizer =
                parameters.isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                new org.bytedeco.pytorch.Adam(
                                        new TensorVector(parameters.toArray(Tensor[]::new)),
                                        new AdamOptions(rate)));
    }

    /** Moves every parameter against its gradient, and forgets the gradients. */
    void step(double share) {
        optimizer.ifPresent(adam -> {
            adam.param_groups().get(0).options().set_lr(rate * share);
            adam.step();
            adam.zero_grad();
        });
    }
}
