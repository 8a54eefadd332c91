package dev.nibble.torch.finetune;

import dev.nibble.graph.Model;
import dev.nibble.pass.Draft;
import dev.nibble.torch.finetune.Loss.Taught;
import dev.nibble.torch.simulate.Simulation;
import dev.nibble.train.TrainingSettings.Ranges;

import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A float network that says what outputs should be. Does not learn. */
final class Teacher implements AutoCloseable {
    private final Simulation network;
    private final Scores scores;
    private final List<String> features;

    /**
     * A teacher.
     *
     * @param features names of values that it is asked for besides its outputs
     */
    Teacher(Model model, List<String> features) {
        this.network = new Simulation(Draft.of(model), Ranges.FIXED, false);
        this.scores = Scores.of(model.graph());
        this.features = List.copyOf(features);
    }

    Taught teach(Map<String, Tensor> inputs) {
        List<String> wanted = new ArrayList<>(scores.names());
        wanted.addAll(features);
        try (NoGradGuard _ = new NoGradGuard()) {
            Map<String, Tensor> values = network.run(inputs, false, wanted);
            Map<String, Tensor> inside = new HashMap<>();
            features.forEach(name -> inside.put(name, Loss.value(values, name)));
            return new Taught(
                    scores.names().stream().map(name -> Loss.value(values, name)).toList(), inside);
        }
    }

    @Override
    public void close() {
        network.close();
    }
}
