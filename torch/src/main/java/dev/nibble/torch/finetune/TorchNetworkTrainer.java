package dev.nibble.torch.finetune;

import dev.nibble.error.NibbleException;
import dev.nibble.train.NetworkTrainer;
import dev.nibble.train.TrainingListener;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch;

/** Trains with libtorch, on the CPU. */
public final class TorchNetworkTrainer implements NetworkTrainer {
    @Override
    public Outcome train(Task task, TrainingListener listener) {
        torch.set_num_threads(task.settings().threads());
        torch.manual_seed(task.settings().seed());
        try (PointerScope _ = new PointerScope();
                FineTuning training = new FineTuning(task, listener)) {
            return training.run();
        } catch (RuntimeException e) {
            throw refusal(e);
        }
    }

    /** What libtorch itself throws is a plain RuntimeException; all else passes as it is. */
    private static RuntimeException refusal(RuntimeException e) {
        return e.getClass() == RuntimeException.class
                ? new NibbleException(
                        "libtorch cannot train the network: "
                                + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
                        e)
                : e;
    }
}
