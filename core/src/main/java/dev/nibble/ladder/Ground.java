package dev.nibble.ladder;

import dev.nibble.engine.Lab;
import dev.nibble.error.NibbleException;
import dev.nibble.graph.Model;
import dev.nibble.number.Encoding;
import dev.nibble.observe.ValueStatistic;
import dev.nibble.pass.BatchNormFolding;
import dev.nibble.pass.BiasOverflowGuard;
import dev.nibble.pass.Calibration;
import dev.nibble.pass.Draft;
import dev.nibble.pass.Finding;
import dev.nibble.pass.Pass;
import dev.nibble.pass.Planning;
import dev.nibble.pass.RangeOverrides;
import dev.nibble.pass.WeightRanges;
import dev.nibble.plan.Decision;
import dev.nibble.plan.NothingToQuantize;
import dev.nibble.plan.Plan;
import dev.nibble.plan.Recipe;
import dev.nibble.plan.Recipe.DynamicActivations;
import dev.nibble.plan.Recipe.FloatActivations;
import dev.nibble.plan.Recipe.StaticActivations;
import dev.nibble.plan.Target;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What every quantization does: fold, plan, measure ranges, round to nearest. Repairs start from
 * there.
 *
 * @param original the float network as it was given, with unique node names
 * @param lab runs over the samples that passes may see
 */
record Ground(Model original, Recipe recipe, Lab lab) {
    /** The same with other samples to see. */
    Ground over(Lab other) {
        return new Ground(original, recipe, other);
    }

    /** Statistics of some samples and of others. */
    static Map<String, ValueStatistic> joined(
            Map<String, ValueStatistic> some, Map<String, ValueStatistic> others) {
        Map<String, ValueStatistic> joined = new TreeMap<>(some);
        others.forEach((value, statistic) -> joined.merge(value, statistic, ValueStatistic::merge));
        return joined;
    }

    /**
     * The draft that rounds to nearest.
     *
     * @param preparing passes that change the float network before ranges are measured
     * @throws NibbleException if there is nothing to quantize, or a pattern of the recipe matches
     *     nothing
     */
    Draft draft(List<Pass> preparing) {
        return encoded(prepared(preparing), recipe);
    }

    /** The float network with normalization folded and the passes applied that change it. */
    Draft prepared(List<Pass> preparing) {
        List<Pass> first = new ArrayList<>();
        first.add(BatchNormFolding.sparing(recipe));
        first.addAll(preparing);
        return Pass.sequence(first).apply(Draft.of(original), lab);
    }

    /** A prepared network planned by a recipe, with ranges; what was observed is used again. */
    Draft encoded(Draft prepared, Recipe formats) {
        return ranged(planned(prepared, formats), formats);
    }

    /**
     * The same with the ranges of another plan for activations that have the same format and the
     * same sources in it: to measure many plans that differ in little.
     */
    Draft encoded(Draft prepared, Recipe formats, Plan known) {
        Draft planned = planned(prepared, formats);
        Plan plan = planned.plan();
        for (Map.Entry<String, Set<String>> group : plan.sources().entrySet()) {
            String name = group.getKey();
            Optional<Encoding> same =
                    known.encoding(name)
                            .filter(_ -> planned.graph().constant(name).isEmpty())
                            .filter(_ -> group.getValue().equals(known.sources().get(name)))
                            .filter(encoding ->
                                    planned.plan()
                                            .value(name)
                                            .filter(new Decision.Planned(encoding.scheme())::equals)
                                            .isPresent());
            if (same.isPresent()) {
                plan = plan.withEncoding(name, same.get());
            }
        }
        return ranged(planned.with(plan), formats);
    }

    /** A prepared network planned by a recipe. */
    Draft planned(Draft prepared, Recipe formats) {
        Draft planned = new Planning(formats, Target.ONNX_RUNTIME_CPU).apply(prepared, lab);
        requireSomething(planned);
        return planned;
    }

    /** A planned network with ranges for all that has no encoding yet. */
    Draft ranged(Draft planned, Recipe formats) {
        RangeOverrides overrides = new RangeOverrides(formats.ranges());
        // formats of their own, as a search gives them, may take the codes of such a value away
        List<Finding> unused =
                formats.schemes().isEmpty()
                        ? List.of()
                        : overrides.unused(planned.graph(), planned.plan());
        if (unused.isEmpty()) {
            overrides.requireMatches(planned.graph(), planned.plan());
        }
        return Pass.sequence(encoding(formats, overrides)).apply(planned.noting(unused), lab);
    }

    private static List<Pass> encoding(Recipe recipe, RangeOverrides overrides) {
        return switch (recipe.activations()) {
            case FloatActivations _, DynamicActivations _ -> List.of(new WeightRanges(overrides));
            case StaticActivations statics ->
                    List.of(
                            new Calibration(statics.calibrator(), overrides),
                            new WeightRanges(overrides),
                            new BiasOverflowGuard());
        };
    }

    private static void requireSomething(Draft draft) {
        NothingToQuantize.sentence(draft.graph(), draft.plan())
                .ifPresent(sentence -> {
                    throw new NibbleException(sentence);
                });
    }
}
