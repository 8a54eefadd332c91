package dev.nibble.ladder;

import static dev.nibble.ladder.Effort.BEST;
import static dev.nibble.ladder.Effort.GOOD;
import static dev.nibble.ladder.Effort.QUICK;
import static dev.nibble.ladder.Repair.Stage.CODES;
import static dev.nibble.ladder.Repair.Stage.FORMATS;
import static dev.nibble.ladder.Repair.Stage.GROUND;

import dev.nibble.error.NibbleException;
import dev.nibble.error.Spelling;
import dev.nibble.number.NumberFormats;
import dev.nibble.pass.BatchNormFolding;
import dev.nibble.pass.BiasCorrection;
import dev.nibble.pass.HalfQuadratic;
import dev.nibble.plan.Recipe;
import dev.nibble.plan.Recipe.FloatActivations;
import dev.nibble.plan.Recipe.StaticActivations;
import dev.nibble.repair.EmpiricalBiasCorrection;
import dev.nibble.repair.Gptq;
import dev.nibble.repair.RangeSearch;
import dev.nibble.repair.Sequential;

import java.util.List;

/** The catalogue of passes, in the order in which the ladder tries them: one entry each. */
public final class Passes {
    /** Samples whose inner values sequential passes keep in memory. */
    private static final int SEEN = 64;

    /**
     * The same for passes that fit weights, which learn the samples by heart where they are few.
     */
    private static final int LEARNT = 100;

    /** Samples that passes run again and again. */
    private static final int RUN = 32;

    /** How often a bias is corrected behind its activation. */
    private static final int ROUNDS = 3;

    /** Every pass there is. */
    public static final List<Repair> ALL =
            List.of(
                    new Repair(
                            "BatchNormFolding",
                            GROUND,
                            QUICK,
                            "folds batch normalization into the weights beside it",
                            "Jacob et al. 2018, arXiv 1712.05877, section 3.2",
                            _ -> true,
                            BatchNormFolding::new),
                    new Repair(
                            "BiasCorrection",
                            CODES,
                            QUICK,
                            "takes the mean shift of rounded weights out of the biases, by channel"
                                    + " means",
                            "Nagel et al. 2019, arXiv 1906.04721, section 4.2",
                            Recipe::correctBias,
                            BiasCorrection::new),
                    new Repair(
                            "HalfQuadratic",
                            CODES,
                            GOOD,
                            "fits scales and zero points of stored weights, hardly minding"
                                    + " outliers",
                            "Badri and Shaji 2023, Half-Quadratic Quantization",
                            // without samples nothing tells whether it helped: only by name
                            _ -> false,
                            () -> HalfQuadratic.STANDARD),
                    new Repair(
                            "Gptq",
                            CODES,
                            GOOD,
                            "rounds the weights of a layer together, so that their errors cancel",
                            "Frantar et al. 2022, arXiv 2210.17323",
                            Recipe::needsSamples,
                            () -> new Sequential("Gptq", List.of(Gptq.STANDARD), LEARNT)),
                    new Repair(
                            "EmpiricalBiasCorrection",
                            CODES,
                            GOOD,
                            "the same, layer after layer, measured behind the activations",
                            "Nagel et al. 2019, arXiv 1906.04721, appendix D",
                            Recipe::needsSamples,
                            () ->
                                    new Sequential(
                                            "EmpiricalBiasCorrection",
                                            List.of(new EmpiricalBiasCorrection(ROUNDS)),
                                            SEEN)),
                    new Repair(
                            "RangeSearch",
                            CODES,
                            BEST,
                            "chooses each activation's range by the noise of the outputs",
                            "after Choukroun et al. 2019, arXiv 1902.06822, at the outputs",
                            Passes::hasNarrowActivations,
                            () -> new RangeSearch(RUN)),
                    new Repair(
                            FormatSearch.NAME,
                            FORMATS,
                            QUICK,
                            "gives more bits where they save the most noise, for --max-size or a"
                                    + " limit",
                            "after Dong et al. 2019, arXiv 1905.03696, with noise measured",
                            Recipe::needsSamples,
                            () -> {
                                throw new UnsupportedOperationException(
                                        "a search goes through all passes, it is none itself");
                            }));

    private Passes() {}

    private static boolean hasNarrowActivations(Recipe recipe) {
        return switch (recipe.activations()) {
            case FloatActivations _ -> false;
            case StaticActivations statics -> statics.format().bits() < NumberFormats.UINT8.bits();
        };
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
