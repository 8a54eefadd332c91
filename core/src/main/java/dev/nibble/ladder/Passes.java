package dev.nibble.ladder;

import static dev.nibble.ladder.Effort.BEST;
import static dev.nibble.ladder.Effort.GOOD;
import static dev.nibble.ladder.Effort.QUICK;
import static dev.nibble.ladder.Repair.Stage.CODES;
import static dev.nibble.ladder.Repair.Stage.FLOAT;
import static dev.nibble.ladder.Repair.Stage.FORMATS;
import static dev.nibble.ladder.Repair.Stage.GROUND;

import dev.nibble.error.NibbleException;
import dev.nibble.error.Spelling;
import dev.nibble.number.NumberFormats;
import dev.nibble.pass.Awq;
import dev.nibble.pass.BatchNormFolding;
import dev.nibble.pass.BiasCorrection;
import dev.nibble.pass.CrossLayerEqualization;
import dev.nibble.pass.CrossLayerEqualization.Mode;
import dev.nibble.pass.HalfQuadratic;
import dev.nibble.pass.HighBiasAbsorption;
import dev.nibble.pass.SmoothQuant;
import dev.nibble.plan.Grouping;
import dev.nibble.plan.Recipe;
import dev.nibble.plan.Recipe.DynamicActivations;
import dev.nibble.plan.Recipe.FloatActivations;
import dev.nibble.plan.Recipe.StaticActivations;
import dev.nibble.plan.Target;
import dev.nibble.repair.AdaRound;
import dev.nibble.repair.BlockReconstruction;
import dev.nibble.repair.EmpiricalBiasCorrection;
import dev.nibble.repair.Gptq;
import dev.nibble.repair.RangeSearch;
import dev.nibble.repair.ReconstructionSettings;
import dev.nibble.repair.Sequential;
import dev.nibble.repair.WeightClipping;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The catalogue of passes, in the order in which the ladder tries them: one entry each. */
public final class Passes {
    /** The name of the search for formats, by size, for a limit or for the floor. */
    public static final String SEARCH = FormatSearch.NAME;

    /** Samples whose inner values sequential passes keep in memory. */
    private static final int SEEN = 64;

    /**
     * The same for passes that fit weights, which learn the samples by heart where they are few.
     */
    private static final int LEARNT = 128;

    /** Samples that passes run again and again. */
    private static final int RUN = 32;

    /** How often a bias is corrected behind its activation. */
    private static final EmpiricalBiasCorrection BIASES = new EmpiricalBiasCorrection(3);

    /** Every pass there is. */
    public static final List<Repair> ALL =
            List.of(
                    new Repair(
                            "BatchNormFolding",
                            GROUND,
                            QUICK,
                            QUICK,
                            "folds batch normalization into the weights beside it",
                            "Jacob et al. 2018, arXiv 1712.05877, section 3.2",
                            _ -> true,
                            _ -> new BatchNormFolding()),
                    new Repair(
                            "BiasCorrection",
                            CODES,
                            QUICK,
                            QUICK,
                            "takes the mean shift of rounded weights out of the biases",
                            "Nagel et al. 2019, arXiv 1906.04721, section 4.2",
                            Recipe::correctBias,
                            _ -> new BiasCorrection()),
                    new Repair(
                            "HalfQuadratic",
                            CODES,
                            GOOD,
                            GOOD,
                            "fits scales and zero points of stored weights, hardly minding"
                                    + " outliers",
                            "Badri and Shaji 2023, Half-Quadratic Quantization",
                            // without samples nothing tells whether it helped: only by name
                            _ -> false,
                            _ -> HalfQuadratic.STANDARD),
                    new Repair(
                            "CrossLayerEqualization",
                            FLOAT,
                            GOOD,
                            GOOD,
                            "evens out the ranges of weights that share a scale, channel by"
                                    + " channel",
                            "Nagel et al. 2019, arXiv 1906.04721, section 4.1",
                            Passes::hasOneScaleATensor,
                            _ -> new CrossLayerEqualization(Mode.WEIGHTS)),
                    new Repair(
                            "ActivationEqualization",
                            FLOAT,
                            GOOD,
                            GOOD,
                            "evens out the ranges of activations, channel by channel",
                            "after Nagel et al. 2019, arXiv 1906.04721, section 4.1",
                            Passes::hasScaleForEachChannel,
                            _ -> new CrossLayerEqualization(Mode.ACTIVATIONS)),
                    new Repair(
                            "HighBiasAbsorption",
                            FLOAT,
                            GOOD,
                            GOOD,
                            "moves biases that widen a range behind the activation",
                            "Nagel et al. 2019, arXiv 1906.04721, section 4.1.3",
                            Passes::hasOneScaleATensor,
                            _ -> new HighBiasAbsorption()),
                    new Repair(
                            "SmoothQuant",
                            FLOAT,
                            BEST,
                            BEST,
                            "moves outliers of activations into the weights that read them",
                            "Xiao et al. 2022, arXiv 2211.10438",
                            Recipe::needsSamples,
                            _ -> new SmoothQuant()),
                    new Repair(
                            "Awq",
                            FLOAT,
                            BEST,
                            BEST,
                            "scales channels so that rounding spares the weights of large"
                                    + " activations",
                            "Lin et al. 2023, arXiv 2306.00978",
                            Passes::hasNarrowRows,
                            recipe -> new Awq(recipe, Target.ONNX_RUNTIME_CPU)),
                    new Repair(
                            WeightClipping.NAME,
                            CODES,
                            GOOD,
                            GOOD,
                            "clips weights of few bits where that serves the layer's output",
                            "Lin et al. 2023, arXiv 2306.00978, its search for clipping",
                            // Gptq searches ranges in the same way: only by name
                            _ -> false,
                            _ ->
                                    new Sequential(
                                            WeightClipping.NAME,
                                            List.of(new WeightClipping()),
                                            LEARNT)),
                    new Repair(
                            "Gptq",
                            CODES,
                            GOOD,
                            QUICK,
                            "rounds the weights of a layer together, so that their errors cancel",
                            "Frantar et al. 2022, arXiv 2210.17323",
                            _ -> true,
                            _ -> new Sequential("Gptq", List.of(Gptq.STANDARD), LEARNT)),
                    new Repair(
                            "EmpiricalBiasCorrection",
                            CODES,
                            GOOD,
                            BEST,
                            "corrects biases layer after layer, measured behind the activations",
                            "Nagel et al. 2019, arXiv 1906.04721, appendix D",
                            _ -> true,
                            _ -> new Sequential("EmpiricalBiasCorrection", List.of(BIASES), SEEN)),
                    new Repair(
                            "RangeSearch",
                            CODES,
                            BEST,
                            BEST,
                            "chooses each activation's range by the noise of the outputs",
                            "after Choukroun et al. 2019, arXiv 1902.06822, at the outputs",
                            Passes::hasNarrowActivations,
                            _ -> new RangeSearch(RUN)),
                    new Repair(
                            "AdaRound",
                            CODES,
                            BEST,
                            BEST,
                            "learns for each weight whether to round up or down, layer after layer"
                                    + " (nibble-torch)",
                            "Nagel et al. 2020, arXiv 2004.10568",
                            // BlockReconstruction does the same with more in view: only by name
                            _ -> false,
                            _ -> new AdaRound(ReconstructionSettings.STANDARD)),
                    new Repair(
                            "BlockReconstruction",
                            CODES,
                            BEST,
                            BEST,
                            "fits rounding and biases of whole blocks with gradients"
                                    + " (nibble-torch)",
                            "Li et al. 2021, arXiv 2102.05426; Wei et al. 2022, arXiv 2203.05740",
                            Recipe::needsSamples,
                            _ -> new BlockReconstruction(ReconstructionSettings.STANDARD)),
                    new Repair(
                            FormatSearch.NAME,
                            FORMATS,
                            QUICK,
                            QUICK,
                            "gives more bits where they save the most noise, for --max-size or a"
                                    + " limit",
                            "after Dong et al. 2019, arXiv 1905.03696, with noise measured",
                            Recipe::needsSamples,
                            _ -> {
                                throw new UnsupportedOperationException(
                                        "a search goes through all passes, it is none itself");
                            }));

    private Passes() {}

    /**
     * The passes that a climb of this effort tries with a recipe, in order: those of less effort
     * first. What changes the float network is judged with all that was kept before, also where it
     * is applied before that.
     */
    public static List<Repair> tried(Effort effort, Recipe recipe) {
        return ALL.stream()
                .filter(repair -> repair.isTried(effort, recipe))
                .sorted(Comparator.comparing(repair -> repair.effortFor(recipe)))
                .toList();
    }

    /** Some repairs, before them one more if it fits a recipe and is not among them. */
    static List<Repair> with(String name, List<Repair> some, Recipe recipe) {
        Repair more = named(name);
        return some.contains(more) || !more.fits().test(recipe)
                ? List.copyOf(some)
                : Stream.concat(Stream.of(more), some.stream()).toList();
    }

    private static boolean hasNarrowActivations(Recipe recipe) {
        return switch (recipe.activations()) {
            case FloatActivations _, DynamicActivations _ -> false;
            case StaticActivations statics -> statics.format().bits() < NumberFormats.UINT8.bits();
        };
    }

    /** Weights of few bits, whose rows do not share a scale that factors of rows would upset. */
    private static boolean hasNarrowRows(Recipe recipe) {
        return recipe.weights().format().bits() <= NumberFormats.INT4.bits()
                && !(recipe.weights().grouping() instanceof Grouping.PerTensor);
    }

    private static boolean hasOneScaleATensor(Recipe recipe) {
        return recipe.needsSamples() && recipe.weights().grouping() instanceof Grouping.PerTensor;
    }

    private static boolean hasScaleForEachChannel(Recipe recipe) {
        return recipe.needsSamples()
                && !(recipe.weights().grouping() instanceof Grouping.PerTensor);
    }

    /**
     * The pass of a name.
     *
     * @throws NibbleException if there is none; the message lists them
     */
    public static Repair named(String name) {
        return ALL.stream()
                .filter(repair -> repair.name().equals(name))
                .findFirst()
                .orElseThrow(() -> unknown(name));
    }

    private static NibbleException unknown(String name) {
        List<String> known = ALL.stream().map(Repair::name).toList();
        return new NibbleException(
                "there is no pass \"%s\"; known are %s%s"
                        .formatted(name, String.join(", ", known), Spelling.hint(name, known)));
    }
}
