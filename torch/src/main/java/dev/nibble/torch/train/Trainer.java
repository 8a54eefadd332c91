package dev.nibble.torch.train;

import dev.nibble.error.NibbleException;
import dev.nibble.graph.Model;
import dev.nibble.torch.operator.TorchTensors;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Teaches a network to classify, with softmax cross entropy and stochastic gradient descent.
 *
 * <p>The same model, batches and settings give the same weights on the same kind of machine.
 */
public final class Trainer {
    private final TrainingSettings settings;
    private final TrainingListener listener;

    public Trainer(TrainingSettings settings, TrainingListener listener) {
        this.settings = settings;
        this.listener = listener;
    }

    /**
     * The model with what it learnt: weights, biases, normalization parameters and running
     * statistics.
     *
     * @throws NibbleException if the model cannot be trained or the loss stops being a number
     */
    public Model train(Model model, Batches batches) {
        torch.set_num_threads(settings.threads());
        try (TorchNetwork network = TorchNetwork.of(model)) {
            Sgd optimizer = new Sgd(network.parameters(), settings.weightDecay());
            for (int step = 0; step < settings.steps(); step++) {
                double loss = step(network, optimizer, batches.at(step), step);
                if (!Double.isFinite(loss)) {
                    throw new NibbleException(
                            "the loss is %s at step %d; lower the peak learning rate, %s"
                                    .formatted(loss, step, settings.peakLearningRate()));
                }
                listener.stepDone(step, loss);
            }
            return network.model();
        }
    }

    private double step(TorchNetwork network, Sgd optimizer, Batch batch, int step) {
        try (PointerScope _ = new PointerScope()) {
            Tensor outputs = network.forward(TorchTensors.toTorch(batch.inputs()), true);
            Tensor loss = torch.cross_entropy_loss(outputs, TorchTensors.toTorch(batch.labels()));
            loss.backward();
            optimizer.step(settings.learningRate(step));
            return loss.item_float();
        }
    }
}
