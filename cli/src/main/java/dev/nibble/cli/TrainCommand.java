package dev.nibble.cli;

import dev.nibble.Nibble;
import dev.nibble.Quantized;
import dev.nibble.Trained;
import dev.nibble.TrainingPlan;
import dev.nibble.engine.Partition;
import dev.nibble.engine.Samples;
import dev.nibble.error.NibbleException;
import dev.nibble.formats.data.DataSet;
import dev.nibble.formats.image.Preprocessing;
import dev.nibble.formats.json.Origin;
import dev.nibble.formats.json.RecipeFile;
import dev.nibble.formats.json.ReportJson;
import dev.nibble.formats.json.TrainingJson;
import dev.nibble.formats.json.WrittenNetwork;
import dev.nibble.graph.Model;
import dev.nibble.ladder.Effort;
import dev.nibble.ladder.Goal;
import dev.nibble.plan.NamePattern;
import dev.nibble.plan.NodeScheme;
import dev.nibble.plan.Recipe;
import dev.nibble.train.TrainingSettings;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code nibble train}: training where rounding tricks end. */
@Command(
        name = "train",
        header = "Train a network for few bits, or go on training it in float.",
        customSynopsis = "nibble train MODEL -o OUT --data DATA [OPTION]...",
        description = {
            "%nQuantizes the network, and then trains it with rounding simulated where the"
                    + " quantized network has it. It learns from the labels of the samples, if they"
                    + " have any, and from the float network. The best epoch is written.%n"
        },
        footer = {
            "",
            "Examples:",
            "  nibble train model.onnx -o w4a4.onnx --data train.zip --recipe w4a4 --augment"
                    + " photos",
            "  nibble train model.onnx -o w4a8.onnx --data photos --recipe w4a8 --no-labels --lr"
                    + " 1e-3",
            "  nibble train model.onnx -o tuned.onnx --data train.zip --recipe float --epochs 5",
            "  nibble train w4a4.onnx -o more.onnx --data train.zip --recipe w4a4 --teacher"
                    + " model.onnx",
            "",
            "What it does and how to choose: docs/training.md"
        })
final class TrainCommand implements Callable<Integer> {
    private static final String FLOAT = "float";
    private static final String NONE = "none";
    private static final int HELD_OUT = 1000;
    private static final double NANOS = 1e9;

    @Parameters(paramLabel = "MODEL", description = "The network, an ONNX file.")
    private Path model;

    @Mixin private WriteOptions write;

    @Mixin private DataOptions data;

    @Option(
            names = "--recipe",
            paramLabel = "NAME|FILE",
            defaultValue = "w4a8",
            description =
                    "The formats to train for, as `nibble recipes` lists them, a JSON file, or"
                            + " float. Default: ${DEFAULT-VALUE}.")
    private String recipe;

    @Option(
            names = "--keep-float",
            paramLabel = "PATTERN",
            description = "Leave the nodes that match in float, as quantize does. Repeatable.")
    private List<String> keepFloat = List.of();

    @Option(
            names = "--scheme",
            paramLabel = "PATTERN=RECIPE",
            description = "Other formats for the nodes that match, as quantize has it. Repeatable.")
    private List<String> schemes = List.of();

    @Option(
            names = "--effort",
            paramLabel = "LEVEL",
            defaultValue = "quick",
            description = "How well to quantize before training: quick (default), good or best.")
    private String effort;

    @Option(
            names = "--val",
            paramLabel = "DATA",
            description =
                    "Samples to choose the best epoch by, like --data. Default: a fifth of the"
                            + " samples, at most 1000, is held out.")
    private @Nullable Path val;

    @Option(
            names = "--teacher",
            paramLabel = "MODEL|none",
            description = "The float network to learn from. Default: MODEL itself.")
    private @Nullable Path teacher;

    @Option(
            names = "--allow-damage",
            description =
                    "Write the network even if it gives NaN, or if no epoch is better than a"
                            + " quantized start that has more noise than signal.")
    private boolean allowDamage;

    @Option(
            names = "--resume",
            description = "Go on from the checkpoint that an interrupted training left beside OUT.")
    private boolean resume;

    @Mixin private TrainingOptions training;

    @Mixin private PageOptions page;

    @Mixin private OutputOptions options;

    @Override
    public Integer call() {
        long begun = System.nanoTime();
        Console console = options.console();
        write.check(options, model);
        page.check(options.force(), model, write.output());
        options.check(page.and(model, write.output()));
        data.requireData();
        Path checkpoint = checkpoint();
        Nibble network =
                Nibble.read(model)
                        .threads(options.threads())
                        .progress(console.progress())
                        .allowDamage(allowDamage);
        PreparedData prepared =
                PreparedData.random(network, data, console)
                        .orElseGet(() ->
                                PreparedData.of(
                                        data.open(), model, network.model(), data.preprocessing()));
        Nibble remembering = prepared.rememberIn(network);
        Partition parts = parts(prepared, remembering.model());
        boolean taught = !String.valueOf(teacher).equals(NONE);
        TrainingSettings settings =
                training.settings(
                        data.batch(TrainingOptions.BATCH), taught, data.seed(), options.threads());
        TrainingProgress progress = new TrainingProgress(console, settings.epochs());
        Trained trained =
                remembering.train(
                        new TrainingPlan(
                                recipe(),
                                parts.seen(),
                                parts.heldOut(),
                                taught ? Optional.ofNullable(teacher).map(this::read) : none(),
                                settings,
                                Goal.of(Effort.named(effort)),
                                Optional.of(checkpoint)),
                        progress);
        if (options.force()) {
            trained.replace(write.output());
        } else {
            trained.write(write.output());
        }
        delete(checkpoint);
        tell(trained, console, (System.nanoTime() - begun) / NANOS);
        return ExitCodes.DONE;
    }

    private static Optional<Model> none() {
        return Optional.empty();
    }

    private Path checkpoint() {
        Path file = write.output().resolveSibling(write.output().getFileName() + ".checkpoint");
        boolean exists = Files.exists(file);
        if (exists && !resume && !options.force()) {
            throw new NibbleException(
                    "%s is left of an interrupted training; go on from there with --resume, or begin anew with --force"
                            .formatted(file));
        }
        if (!exists && resume) {
            throw new NibbleException(
                    "there is no checkpoint %s to go on from; leave --resume out".formatted(file));
        }
        if (exists && !resume) {
            delete(file);
        }
        return file;
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (java.io.IOException e) {
            throw new NibbleException("%s cannot be removed".formatted(file), e);
        }
    }

    private Partition parts(PreparedData prepared, Model network) {
        if (val == null) {
            return Partition.of(prepared.samples(), HELD_OUT);
        }
        DataSet judging = DataSet.open(val);
        Optional<Preprocessing> same = prepared.preprocessing();
        Samples samples = PreparedData.of(judging, model, network, same).samples();
        return new Partition(prepared.samples(), samples, true);
    }

    private Optional<Recipe> recipe() {
        if (recipe.equals(FLOAT)) {
            return Optional.empty();
        }
        return Optional.of(
                RecipeFile.find(recipe)
                        .keepingFloat(keepFloat.stream().map(NamePattern::new).toList())
                        .withSchemes(
                                schemes.stream()
                                        .map(text -> NodeScheme.parse(text, RecipeFile::find))
                                        .toList()));
    }

    private Model read(Path file) {
        return Nibble.read(file).model();
    }

    private void tell(Trained trained, Console console, double seconds) {
        String best =
                trained.best() == 0
                        ? "no epoch was better than the start, which was written"
                        : "epoch %d was the best of %d"
                                .formatted(trained.best(), trained.epochs().size());
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        if (trained.quantized().isPresent()) {
            Quantized quantized = trained.quantized().get();
            WrittenNetwork written =
                    WrittenNetwork.of(
                            quantized,
                            model,
                            write.output(),
                            recipe().orElseThrow(),
                            Optional.empty(),
                            seconds,
                            origin(quantized));
            new QuantizationText(console).print(quantized.report(), written);
            json.putAll(ReportJson.data(quantized.report(), written));
        } else {
            console.result("wrote  %s, trained in float".formatted(write.output()));
            console.result("time   " + Figures.seconds(seconds));
            json.put("kind", "training");
            json.put("model", model);
            json.put("output", write.output());
            json.put("seconds", seconds);
        }
        console.result("epochs " + best);
        json.put("training", TrainingJson.data(trained));
        if (page.isWanted() && trained.quantized().isPresent()) {
            new LayerErrors(data, options, model, write.output())
                    .find(console)
                    .ifPresent(layers -> json.put("layers", layers));
        }
        options.writeJson(json);
        page.write(String.valueOf(write.output().getFileName()), json);
    }

    private Origin origin(Quantized quantized) {
        NextSteps next = new NextSteps(model, write.output(), data);
        return options.origin(data, next.after(quantized.report()), Optional.ofNullable(val));
    }
}
