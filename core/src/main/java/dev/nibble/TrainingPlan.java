package dev.nibble;

import dev.nibble.engine.Samples;
import dev.nibble.graph.Model;
import dev.nibble.ladder.Goal;
import dev.nibble.plan.Recipe;
import dev.nibble.train.TrainingSettings;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What {@link Nibble#train} is to do.
 *
 * @param recipe the formats to train for; empty to train in float
 * @param samples to learn from
 * @param validation to choose the best epoch by
 * @param teacher the float network to learn from; empty for the network itself
 * @param settings how to train
 * @param start how to quantize before training
 * @param checkpoint where to write down how far training is; it goes on from one that is there.
 *     Empty for none
 */
public record TrainingPlan(
        Optional<Recipe> recipe,
        Samples samples,
        Samples validation,
        Optional<Model> teacher,
        TrainingSettings settings,
        Goal start,
        Optional<Path> checkpoint) {
    /** Trains for a recipe, with the network itself as teacher. */
    public static TrainingPlan of(
            Recipe recipe, Samples samples, Samples validation, TrainingSettings settings) {
        return new TrainingPlan(
                Optional.of(recipe),
                samples,
                validation,
                Optional.empty(),
                settings,
                Goal.QUICK,
                Optional.empty());
    }
}
