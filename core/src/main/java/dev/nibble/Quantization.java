package dev.nibble;

import dev.nibble.engine.Engine;
import dev.nibble.engine.EvenlySpaced;
import dev.nibble.engine.Lab;
import dev.nibble.engine.Measurement;
import dev.nibble.engine.ModelFormat;
import dev.nibble.engine.Probe;
import dev.nibble.engine.Sample;
import dev.nibble.error.NibbleException;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.lower.QdqLowering;
import dev.nibble.pass.BatchNormFolding;
import dev.nibble.pass.BiasCorrection;
import dev.nibble.pass.BiasOverflowGuard;
import dev.nibble.pass.Calibration;
import dev.nibble.pass.Draft;
import dev.nibble.pass.Pass;
import dev.nibble.pass.Planning;
import dev.nibble.pass.RangeOverrides;
import dev.nibble.pass.WeightRanges;
import dev.nibble.plan.NodeDecision;
import dev.nibble.plan.QuantizedModels;
import dev.nibble.plan.Recipe;
import dev.nibble.plan.Recipe.FloatActivations;
import dev.nibble.plan.Recipe.StaticActivations;
import dev.nibble.plan.Target;
import dev.nibble.report.OutputComparison;
import dev.nibble.report.Report.Provenance;
import dev.nibble.report.Reports;
import dev.nibble.tensor.Tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The steps from a float network to a quantized one with its report, top-down. */
record Quantization(Engine engine, ModelFormat format, Lab lab) {
    /** How many samples tell what the quantization cost; each runs through both networks. */
    private static final int CHECKED = 32;

    Quantized run(Model given, Recipe recipe) {
        QuantizedModels.refuse(given.graph());
        if (recipe.needsSamples() && lab.samples().size() == 0) {
            throw new NibbleException(
                    "recipe " + recipe.name() + " needs calibration samples and got none");
        }
        Model original = given.map(Graph::named);
        Draft planned =
                Pass.sequence(
                                List.of(
                                        new BatchNormFolding(),
                                        new Planning(recipe, Target.ONNX_RUNTIME_CPU)))
                        .apply(Draft.of(original), lab);
        requireSomething(planned);
        RangeOverrides overrides = new RangeOverrides(recipe.ranges());
        overrides.requireMatches(planned.graph(), planned.plan());
        Draft finished = Pass.sequence(encode(recipe, overrides)).apply(planned, lab);
        Model lowered = QdqLowering.lower(finished).withMetadata("nibble.recipe", recipe.name());
        Provenance provenance =
                new Provenance(engine.name(), recipe.name(), lab.samples().description());
        return new Quantized(
                lowered,
                Reports.of(original, finished, lowered, compare(original, lowered), provenance),
                format);
    }

    private static List<Pass> encode(Recipe recipe, RangeOverrides overrides) {
        List<Pass> passes = new ArrayList<>();
        switch (recipe.activations()) {
            case FloatActivations _ -> passes.add(new WeightRanges(overrides));
            case StaticActivations statics -> {
                passes.add(new Calibration(statics.calibrator(), overrides));
                passes.add(new WeightRanges(overrides));
                passes.add(new BiasOverflowGuard());
                if (recipe.correctBias()) {
                    passes.add(new BiasCorrection());
                }
            }
        }
        return passes;
    }

    private static void requireSomething(Draft draft) {
        boolean something =
                draft.plan().nodes().values().stream()
                        .anyMatch(decision ->
                                decision instanceof NodeDecision.Quantized
                                        || decision instanceof NodeDecision.WeightOnly);
        if (!something) {
            String reasons =
                    draft.plan().nodes().entrySet().stream()
                            .limit(5)
                            .map(entry -> entry.getKey() + ": " + reason(entry.getValue()))
                            .collect(Collectors.joining("; "));
            throw new NibbleException(
                    "there is nothing to quantize: no Conv, Gemm or MatMul with constant float"
                            + " weights is left to it ("
                            + reasons
                            + ")");
        }
    }

    private static String reason(NodeDecision decision) {
        return decision instanceof NodeDecision.KeptFloat(String why) ? why : decision.toString();
    }

    private OutputComparison compare(Model original, Model lowered) {
        if (lab.samples().size() == 0) {
            return OutputComparison.NOTHING;
        }
        String first = original.graph().outputs().getFirst().name();
        Measurement<OutputComparison> comparison =
                new Measurement<>() {
                    @Override
                    public OutputComparison nothing() {
                        return OutputComparison.NOTHING;
                    }

                    @Override
                    public OutputComparison measure(
                            Sample sample, List<Map<String, Tensor>> outputs) {
                        return OutputComparison.of(first, outputs.get(0), outputs.get(1));
                    }
                };
        Lab check = lab.over(EvenlySpaced.atMost(CHECKED, lab.samples()));
        return check.measure(
                "checking",
                List.of(Probe.outputsOf(original), Probe.outputsOf(lowered)),
                comparison);
    }
}
