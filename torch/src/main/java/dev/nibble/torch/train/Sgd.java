package dev.nibble.torch.train;

import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

import java.util.List;

/** Stochastic gradient descent with Nesterov's momentum, and weight decay on every parameter. */
final class Sgd {
    private static final double MOMENTUM = 0.9;

    private final SGD optimizer;

    Sgd(List<Tensor> parameters, double weightDecay) {
        SGDOptions options = new SGDOptions(0);
        options.momentum().put(MOMENTUM);
        options.nesterov().put(true);
        options.weight_decay().put(weightDecay);
        this.optimizer = new SGD(new TensorVector(parameters.toArray(Tensor[]::new)), options);
    }

    /** Moves every parameter against its gradient, and forgets the gradients. */
    void step(double learningRate) {
        optimizer.param_groups().get(0).options().set_lr(learningRate);
        optimizer.step();
        optimizer.zero_grad();
    }
}
