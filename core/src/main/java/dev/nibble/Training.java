package dev.nibble;

import dev.nibble.engine.EvenlySpaced;
import dev.nibble.engine.Lab;
import dev.nibble.error.NibbleException;
import dev.nibble.graph.Model;
import dev.nibble.ladder.Climb;
import dev.nibble.ladder.Ladder;
import dev.nibble.ladder.Refinement;
import dev.nibble.lower.Dequantization;
import dev.nibble.pass.BatchNormFolding;
import dev.nibble.pass.Draft;
import dev.nibble.plan.QuantizedModels;
import dev.nibble.plan.Recipe;
import dev.nibble.prepare.Preparation;
import dev.nibble.train.NetworkTrainer;
import dev.nibble.train.NetworkTrainer.Outcome;
import dev.nibble.train.NetworkTrainer.Task;
import dev.nibble.train.TrainingListener;

import java.util.Optional;

/**
 * The steps from a network to a trained one, top-down: quantize as a start, train, look at the
 * result beside the float network.
 *
 * @param quantization what quantizes, over no samples yet
 */
record Training(Quantization quantization, TrainingPlan plan, TrainingListener listener) {
    /** Samples that ranges are measured on before training. */
    private static final int CALIBRATING = 512;

    private static final double NANOS = 1e9;
    private static final String NAME = "QuantizationAwareTraining";

    Trained run(Model given) {
        boolean before = QuantizedModels.evidence(given.graph()).isPresent();
        Preparation prepared = Preparation.of(before ? Dequantization.undo(given).model() : given);
        requireSamples();
        return plan.recipe()
                .map(recipe -> quantized(prepared, recipe))
                .orElseGet(() -> floating(prepared));
    }

    private void requireSamples() {
        if (plan.samples().size() == 0 || plan.validation().size() == 0) {
            throw new NibbleException(
                    "training needs samples to learn from and others to judge on; there are %d and %d"
                            .formatted(plan.samples().size(), plan.validation().size()));
        }
    }

    private Trained floating(Preparation prepared) {
        Lab lab = quantization.lab().over(plan.samples());
        Draft draft = new BatchNormFolding().apply(Draft.of(prepared.model()), lab);
        Outcome outcome = train(prepared, draft, lab);
        return new Trained(
                outcome.draft().model(),
                Optional.empty(),
                outcome.start(),
                outcome.epochs(),
                outcome.best(),
                quantization.format());
    }

    private Trained quantized(Preparation prepared, Recipe recipe) {
        Lab lab = quantization.lab().over(EvenlySpaced.atMost(CALIBRATING, plan.samples()));
        Climb start = Ladder.climb(prepared.model(), recipe, plan.start(), lab);
        long begun = System.nanoTime();
        Outcome outcome = train(prepared, start.draft(), lab);
        double seconds = (System.nanoTime() - begun) / NANOS;
        Climb end =
                new Refinement(NAME, outcome.draft(), seconds)
                        .of(prepared.model(), start, lab.over(plan.validation()));
        boolean learned = outcome.best() > 0;
        Quantization judging = learned ? quantization.trained() : quantization;
        Quantized result = judging.over(lab).finished(prepared, recipe, end);
        return new Trained(
                result.model(),
                Optional.of(result),
                outcome.start(),
                outcome.epochs(),
                outcome.best(),
                quantization.format());
    }

    private Outcome train(Preparation prepared, Draft draft, Lab lab) {
        Model teacher =
                plan.teacher().map(model -> Preparation.of(model).model()).orElse(prepared.model());
        // with nothing left to normalize it is asked in less time
        Model folded = new BatchNormFolding().apply(Draft.of(teacher), lab).fittedModel();
        return NetworkTrainer.find()
                .train(
                        new Task(
                                draft,
                                plan.samples(),
                                plan.validation(),
                                Optional.of(folded),
                                plan.settings(),
                                plan.checkpoint()),
                        listener);
    }
}
