package dev.nibble.cli;

import dev.nibble.Nibble;
import dev.nibble.Quantized;
import dev.nibble.calibrate.Calibrators;
import dev.nibble.error.NibbleException;
import dev.nibble.formats.data.DataSet;
import dev.nibble.formats.json.Origin;
import dev.nibble.formats.json.RecipeFile;
import dev.nibble.formats.json.ReportJson;
import dev.nibble.formats.json.WrittenNetwork;
import dev.nibble.ladder.Goal;
import dev.nibble.ladder.Passes;
import dev.nibble.plan.AutoRecipe;
import dev.nibble.plan.NamePattern;
import dev.nibble.plan.NodeScheme;
import dev.nibble.plan.QuantizedModels;
import dev.nibble.plan.RangeOverride;
import dev.nibble.plan.Recipe;
import dev.nibble.plan.SavedPlan;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code nibble quantize}: a float network in, an 8-bit network and its report out. */
@Command(
        name = "quantize",
        header = "Make a network 8-bit or 4-bit.",
        customSynopsis = "nibble quantize MODEL -o OUT [--data DATA] [OPTION]...",
        description = {
            "%nReads a float ONNX file, measures the ranges of its values on samples, and writes an"
                    + " 8-bit or 4-bit ONNX file that stock runtimes execute. Shows what became of"
                    + " every node, and what it cost.%n"
        },
        footer = {
            "",
            "Examples:",
            "  nibble quantize model.onnx -o small.onnx --data photos --preprocess imagenet",
            "  nibble quantize model.onnx -o small.onnx --recipe int8-weights",
            "  nibble quantize model.onnx -o small.onnx --data photos.zip --keep-float 'type:Gemm'",
            "  nibble quantize model.onnx -o small.onnx --data arrays.npz --range 'conv1_out=0,6'",
            "  nibble quantize model.onnx -o small.onnx --data photos --scheme 'type:Gemm=w4a8'",
            "  nibble quantize model.onnx -o small.onnx --data photos --save-plan plan.json",
            "  nibble quantize model.onnx -o again.onnx --data photos --plan plan.json",
            "  nibble quantize model.onnx -o small.onnx --data photos --report report.html"
        })
final class QuantizeCommand implements Callable<Integer> {
    private static final double NANOS = 1e9;

    @Parameters(paramLabel = "MODEL", description = "The float network, an ONNX file.")
    private Path model;

    @Mixin private WriteOptions write;

    @Mixin private DataOptions data;

    @Option(
            names = "--recipe",
            paramLabel = "NAME|FILE",
            defaultValue = AutoRecipe.NAME,
            description = {
                "auto (default)   int8 with --data, or else what suits the network",
                "int8             8-bit weights and activations",
                "w4a8             4-bit weights, 8-bit activations",
                "int4-weights     weights only; needs no data",
                "or another that `nibble recipes` lists,",
                "or a JSON file, see docs/recipes.md"
            })
    private String recipe;

    @Option(
            names = "--calibrator",
            paramLabel = "NAME",
            description =
                    "How ranges are chosen: auto, minMax, percentile, percentile:NUMBER, mse or"
                            + " entropy. Default: as the recipe says.")
    private @Nullable String calibrator;

    @Option(
            names = "--range",
            paramLabel = "PATTERN=MIN,MAX",
            description =
                    "Clip the values that match to a range known in advance. Repeatable. PATTERN is"
                            + " as below, or the name of a value.")
    private List<String> ranges = List.of();

    @Option(
            names = "--keep-float",
            paramLabel = "PATTERN",
            description =
                    "Leave the nodes that match as they are. Repeatable. PATTERN is a node name"
                            + " with * and ?, or type: and an operator, as in type:Gemm.")
    private List<String> keepFloat = List.of();

    @Option(
            names = "--scheme",
            paramLabel = "PATTERN=RECIPE",
            description =
                    "Give the nodes that match the formats of another recipe, or leave them float"
                            + " with PATTERN=float. Repeatable; of several that match the last one"
                            + " counts.")
    private List<String> schemes = List.of();

    @Option(
            names = "--allow-damage",
            description =
                    "Write the network even if it does not load, gives NaN, or has more noise than"
                            + " signal (for 8 bits: less than 5 dB of signal over noise).")
    private boolean allowDamage;

    @Mixin private EffortOptions effort;

    @Mixin private PlanOptions plans;

    @Mixin private PageOptions page;

    @Mixin private OutputOptions options;

    @Override
    public Integer call() {
        long begun = System.nanoTime();
        Console console = options.console();
        write.check(options, model);
        plans.check(options.force(), model, write.output());
        Path[] taken = plans.and(model, write.output());
        page.check(options.force(), taken);
        options.check(page.and(taken));
        Optional<SavedPlan> replayed =
                plans.replayed().map(plan -> plan.keepingFloat(patterns(keepFloat)));
        Optional<Recipe> named =
                recipe.equals(AutoRecipe.NAME)
                        ? Optional.empty()
                        : Optional.of(RecipeFile.find(recipe));
        Nibble network =
                Nibble.read(model)
                        .threads(options.threads())
                        .batch(data.batch())
                        .progress(console.progress())
                        .allowDamage(allowDamage);
        QuantizedModels.refuse(network.model().graph());
        AutoRecipe choice = AutoRecipe.of(network.model().graph(), data.data().isPresent());
        Recipe wanted =
                replayed.map(SavedPlan::recipe)
                        .orElseGet(() -> wanted(named.orElse(choice.recipe())));
        Quantized quantized = quantize(network, wanted, replayed, console);
        replayed.ifPresent(plan -> PlanOptions.compare(plan, quantized.plan(), console));
        boolean met = quantized.report().verdict().met();
        if (!met && !effort.allowMiss()) {
            new QuantizationText(console).printMissed(quantized.report());
            return ExitCodes.LIMIT_MISSED;
        }
        if (options.force()) {
            quantized.replace(write.output());
        } else {
            quantized.write(write.output());
        }
        plans.save(quantized);
        Optional<String> chosen =
                named.isEmpty() && replayed.isEmpty()
                        ? Optional.of(choice.why())
                        : Optional.empty();
        chosen.ifPresent(why -> console.note("recipe %s: %s".formatted(wanted.name(), why)));
        quantized.report().rungs().stream()
                .filter(rung -> rung.kept() && rung.pass().equals(Passes.SEARCH))
                .forEach(rung -> console.note("%s: %s".formatted(rung.pass(), rung.why())));
        double seconds = (System.nanoTime() - begun) / NANOS;
        tell(quantized, wanted, chosen, seconds, console);
        return met ? ExitCodes.DONE : ExitCodes.LIMIT_MISSED;
    }

    /** Says what came out: to people, as JSON and as a page. */
    private void tell(
            Quantized quantized,
            Recipe wanted,
            Optional<String> chosen,
            double seconds,
            Console console) {
        WrittenNetwork written =
                WrittenNetwork.of(
                        quantized,
                        model,
                        write.output(),
                        wanted,
                        chosen,
                        seconds,
                        origin(quantized));
        new QuantizationText(console).print(quantized.report(), written);
        Map<String, @Nullable Object> result = ReportJson.data(quantized.report(), written);
        if (page.isWanted()) {
            new LayerErrors(data, options, model, write.output())
                    .find(console)
                    .ifPresent(layers -> result.put("layers", layers));
        }
        options.writeJson(result);
        page.write(String.valueOf(write.output().getFileName()), result);
    }

    private Origin origin(Quantized quantized) {
        NextSteps next = new NextSteps(model, write.output(), data);
        return options.origin(data, next.after(quantized.report()), effort.judging());
    }

    private Recipe wanted(Recipe named) {
        Recipe calibrated = named;
        if (calibrator != null) {
            if (!named.needsSamples()) {
                throw new NibbleException(
                        "recipe %s measures no ranges of activations, so --calibrator %s has nothing to choose; leave it out or take another recipe"
                                .formatted(named.name(), calibrator));
            }
            calibrated = named.calibratedBy(Calibrators.named(calibrator));
        }
        return calibrated
                .keepingFloat(patterns(keepFloat))
                .withRanges(ranges.stream().map(RangeOverride::parse).toList())
                .withSchemes(
                        schemes.stream()
                                .map(text -> NodeScheme.parse(text, RecipeFile::find))
                                .toList());
    }

    private static List<NamePattern> patterns(List<String> texts) {
        return texts.stream().map(NamePattern::new).toList();
    }

    private Quantized quantize(
            Nibble network, Recipe wanted, Optional<SavedPlan> replayed, Console console) {
        if (data.data().isEmpty()) {
            Goal goal = goal(network);
            return replayed.map(plan -> network.quantize(plan, goal))
                    .orElseGet(() -> network.quantize(wanted, goal));
        }
        PreparedData prepared =
                PreparedData.random(network, data, console)
                        .orElseGet(() -> prepared(data.open(), network));
        if (prepared.remembered()) {
            prepared.preprocessing()
                    .ifPresent(known ->
                            console.note(
                                    "preprocessing %s, as %s remembers".formatted(known, model)));
        }
        if (prepared.preprocessing().isPresent() && !console.quiet()) {
            BaselineText.check(network, data.open(), prepared.samples(), prepared.preprocessing())
                    .ifPresent(check -> new BaselineText(console).print(check, model));
        }
        Goal goal = goal(network);
        Nibble remembering = prepared.rememberIn(network);
        return replayed.map(plan -> remembering.quantize(plan, prepared.samples(), goal))
                .orElseGet(() -> remembering.quantize(wanted, prepared.samples(), goal));
    }

    private Goal goal(Nibble network) {
        Goal goal = effort.goal(val -> prepared(val, network).samples());
        // a range that was given wants its value on codes
        boolean free =
                recipe.equals(AutoRecipe.NAME) && goal.passes().isEmpty() && ranges.isEmpty();
        return free ? goal.soundly() : goal;
    }

    private PreparedData prepared(DataSet samples, Nibble network) {
        return PreparedData.of(samples, model, network.model(), data.preprocessing());
    }
}
