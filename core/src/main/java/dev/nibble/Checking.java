package dev.nibble;

import dev.nibble.engine.Engine;
import dev.nibble.engine.EngineOptions;
import dev.nibble.engine.EvenlySpaced;
import dev.nibble.engine.Lab;
import dev.nibble.engine.ModelFormat;
import dev.nibble.engine.Samples;
import dev.nibble.engine.generate.GeneratedInputs;
import dev.nibble.engine.generate.GeneratedInputs.Found;
import dev.nibble.engine.generate.GeneratedInputs.None;
import dev.nibble.error.NibbleException;
import dev.nibble.graph.Model;
import dev.nibble.ladder.Climb;
import dev.nibble.plan.Recipe;
import dev.nibble.plan.Recipe.StaticActivations;
import dev.nibble.report.NoisiestNode;
import dev.nibble.report.Soundness;
import dev.nibble.report.SoundnessCheck;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Runs what came out beside the float network before it is handed over, on some of the calibration
 * samples or else on inputs made up, and refuses what is damaged.
 *
 * @param source the file of the float network, for messages
 * @param lab runs over the calibration samples
 * @param refusal what is refused
 */
record Checking(Path source, Engine engine, ModelFormat format, Lab lab, Refusal refusal) {
    private static final int SAMPLES = 8;
    private static final long SEED = 0;

    /** Fewer for the search of the worst node: all inner values of a sample are in memory. */
    private static final int SAMPLES_OF_NODES = 2;

    private static final int EIGHT = 8;
    private static final int FOUR = 4;
    private static final int NAMED_OUTPUTS = 3;

    /** What is not handed over. */
    enum Refusal {
        /** What says something else than the float network. */
        DAMAGED,

        /**
         * What does not run or gives NaN: for a network that was trained, and so was judged by what
         * it learned. Scores may be far from those of the float network and yet be right.
         */
        BROKEN,

        /** Nothing. */
        NONE
    }

    /** Where a check runs, or why it does not. */
    private record Ground(Optional<Lab> lab, boolean generated, String unchecked) {}

    /**
     * Checks what climbing made.
     *
     * @throws NibbleException if it is damaged and that is not allowed; the message names output,
     *     figure and remedies
     */
    Soundness of(Model original, Recipe recipe, Climb climb) {
        Model quantized = climb.lowered().map(graph -> graph.called(graph.name() + ", quantized"));
        if (weights(original) > Runtime.getRuntime().maxMemory()) {
            return Soundness.unchecked(
                    "its weights take %d MB, and a check would load them into memory; give Java more than the %d MB of now (-Xmx) to have one"
                            .formatted(
                                    weights(original) >> 20,
                                    Runtime.getRuntime().maxMemory() >> 20));
        }
        try {
            Ground ground = ground(original);
            if (ground.lab().isEmpty()) {
                engine.open(quantized, Set.of(), format, EngineOptions.SINGLE_THREAD).close();
                return Soundness.unchecked(ground.unchecked());
            }
            Lab checking = ground.lab().get();
            Soundness soundness =
                    new Soundness(
                                    ground.generated()
                                            ? checking.samples().description()
                                            : climb.verdict().judgedOn(),
                                    ground.generated(),
                                    leastSqnrDb(recipe, ground.generated()),
                                    SoundnessCheck.outputs(checking, original, quantized),
                                    Optional.empty())
                            .judged(climb.verdict().error().errors());
            if (refuses(soundness)) {
                throw damaged(soundness, recipe, worst(climb, quantized, checking));
            }
            return soundness;
        } catch (NibbleException refused) {
            if (refusal == Refusal.NONE) {
                return Soundness.unchecked(String.valueOf(refused.getMessage()));
            }
            throw refused;
        }
    }

    private boolean refuses(Soundness soundness) {
        return switch (refusal) {
            case DAMAGED -> !soundness.damages().isEmpty();
            case BROKEN -> soundness.isBroken();
            case NONE -> false;
        };
    }

    private static long weights(Model model) {
        return model.graph().constantBytes();
    }

    private static double leastSqnrDb(Recipe recipe, boolean generated) {
        return generated || hasFewBits(recipe)
                ? Soundness.NOTHING_DB
                : Soundness.LEAST_OF_8_BITS_DB;
    }

    private static boolean hasFewBits(Recipe recipe) {
        return recipe.weights().format().bits() < EIGHT
                || (recipe.activations() instanceof StaticActivations statics
                        && statics.format().bits() < EIGHT);
    }

    private Ground ground(Model original) {
        if (lab.samples().size() > 0) {
            Samples some = EvenlySpaced.atMost(SAMPLES, lab.samples());
            return new Ground(Optional.of(lab.over(some)), false, "");
        }
        String name = String.valueOf(source.getFileName());
        return switch (GeneratedInputs.of(original, name, SAMPLES, SEED, engine, format)) {
            case Found(Samples samples) -> new Ground(Optional.of(lab.over(samples)), true, "");
            case None(String why) -> new Ground(Optional.empty(), true, why);
        };
    }

    private static Optional<String> worst(Climb climb, Model quantized, Lab checking) {
        Samples few = EvenlySpaced.atMost(SAMPLES_OF_NODES, checking.samples());
        return NoisiestNode.of(climb.draft(), quantized, checking.over(few));
    }

    private NibbleException damaged(Soundness soundness, Recipe recipe, Optional<String> worst) {
        List<String> damages = soundness.damages();
        List<String> told = damages.stream().limit(NAMED_OUTPUTS).toList();
        int more = damages.size() - told.size();
        String remedies =
                remedy(recipe)
                        + worst.map(node ->
                                        ", --keep-float '%s' (the node that adds the most noise)"
                                                .formatted(node))
                                .orElse("")
                        + (soundness.generated() ? ", or samples to repair it on (--data)" : "");
        return new NibbleException(
                "recipe %s would damage %s, so nothing was written: %s%s (on %s); try %s; --allow-damage writes it all the same"
                        .formatted(
                                recipe.name(),
                                source,
                                String.join("; ", told),
                                more > 0 ? "; and %d more outputs".formatted(more) : "",
                                soundness.checkedOn(),
                                remedies));
    }

    private static String remedy(Recipe recipe) {
        if (recipe.weights().format().bits() < FOUR) {
            return "`nibble train` with the same recipe, --recipe w4a8";
        }
        if (hasFewBits(recipe)) {
            return recipe.needsSamples() ? "--effort good, --recipe int8" : "--recipe int8-weights";
        }
        return recipe.needsSamples()
                ? "--effort good, more samples, --recipe a16w8"
                : "--recipe int8";
    }
}
