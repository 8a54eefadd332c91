package dev.nibble.train;

import dev.nibble.engine.Samples;
import dev.nibble.error.NibbleException;
import dev.nibble.graph.Model;
import dev.nibble.pass.Draft;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * What trains a network with gradients. Found through {@link ServiceLoader}; the module {@code
 * torch} provides one.
 */
public interface NetworkTrainer {
    /**
     * Trains the constants of a network, and the encodings that its plan has.
     *
     * <p>Law: the result depends on the task alone, wherever a checkpoint interrupted it.
     *
     * @throws NibbleException if the network cannot be trained; the message names node and reason
     */
    Outcome train(Task task, TrainingListener listener);

    /**
     * What is to be done.
     *
     * @param draft the network; quantized as its plan says, float where it says nothing
     * @param samples to learn from
     * @param validation to judge epochs on
     * @param teacher the network to learn from; empty for labels alone
     * @param settings how
     * @param checkpoint where to write down what has been learnt, to go on from there; empty for
     *     nowhere
     */
    record Task(
            Draft draft,
            Samples samples,
            Samples validation,
            Optional<Model> teacher,
            TrainingSettings settings,
            Optional<Path> checkpoint) {}

    /**
     * What came out.
     *
     * @param draft the network of the best epoch: weights on the grid of their encodings, float
     *     ones among the constants of the model
     * @param start how good the network was before
     * @param epochs all of them, in order
     * @param best the one whose network this is, counted from 1; 0 if none was better than the
     *     start
     */
    record Outcome(Draft draft, EpochResult start, List<EpochResult> epochs, int best) {
        public Outcome {
            epochs = List.copyOf(epochs);
        }
    }

    /**
     * The one on the class path.
     *
     * @throws NibbleException if there is none; names the artifact to add
     */
    static NetworkTrainer find() {
        return ServiceLoader.load(NetworkTrainer.class)
                .findFirst()
                .orElseThrow(() ->
                        new NibbleException(
                                "training needs gradients, and nothing on the class path computes"
                                        + " them; add the artifact dev.nibble:nibble-torch and the"
                                        + " native libraries of its dependencies for this"
                                        + " platform"));
    }
}
