package dev.nibble.cli;

import dev.nibble.Nibble;
import dev.nibble.engine.Samples;
import dev.nibble.formats.data.DataSet;
import dev.nibble.formats.data.Views;
import dev.nibble.formats.data.Views.Network;
import dev.nibble.formats.data.Views.View;
import dev.nibble.formats.image.Preprocessing;
import dev.nibble.formats.json.EvaluationJson;
import dev.nibble.report.BaselineCheck;
import dev.nibble.report.Candidate;
import dev.nibble.report.Evaluation;
import dev.nibble.task.Task;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code nibble evaluate}: networks side by side on the same samples. */
@Command(
        name = "evaluate",
        header = "Compare networks on the same samples.",
        customSynopsis = "nibble evaluate MODEL... --data DATA [OPTION]...",
        description = {
            "%nTells accuracy, agreement with the first network, error, size, speed, memory and"
                    + " energy.%n"
        },
        footer = {
            "",
            "Examples:",
            "  nibble evaluate model.onnx model.int8.onnx --data photos",
            "  nibble evaluate model.onnx other.onnx --data photos --preprocess tf --json out.json",
            "  nibble evaluate model.onnx model.int8.onnx --data photos --report page.html",
            "  nibble evaluate model.onnx model.int8.onnx --data photos --price 0.34",
            "",
            "What is measured and how: docs/evaluate.md"
        })
final class EvaluateCommand implements Callable<Integer> {
    @Spec private CommandSpec command;
    @Mixin private OutputOptions options;
    @Mixin private DataOptions data;
    @Mixin private LimitOptions limits;
    @Mixin private TaskOption task;
    @Mixin private PageOptions page;

    @Option(
            names = "--price",
            paramLabel = "PRICE",
            description =
                    "What an hour of this machine costs, as in 0.34, in any currency: tells what a"
                            + " million samples cost.")
    private @Nullable Double price;

    @Parameters(
            arity = "1..*",
            paramLabel = "MODEL",
            description = "ONNX files, quantized or not; the first is the baseline for the others.")
    private List<Path> models = List.of();

    @Override
    public Integer call() {
        data.requireData();
        limits.check(models.size());
        if (price != null && !(price > 0 && price < Double.POSITIVE_INFINITY)) {
            throw new ParameterException(
                    command.commandLine(),
                    "--price %s is no price of an hour; give one above 0, as in 0.34"
                            .formatted(price));
        }
        Optional<Task> told = task.told();
        Console console = options.console();
        Path[] taken = models.toArray(Path[]::new);
        page.check(options.force(), taken);
        options.check(page.and(taken));
        List<Nibble> read = models.stream().map(Nibble::read).toList();
        List<View> views =
                PreparedData.random(read.getFirst(), data, console)
                        .map(random -> views(read, random.samples()))
                        .orElseGet(() -> views(read));
        Evaluation measured =
                read.getFirst()
                        .threads(options.threads())
                        .batch(data.batch())
                        .progress(console.progress())
                        .evaluate(
                                views.getFirst().candidate().samples(),
                                views.stream().skip(1).map(View::candidate).toList(),
                                told);
        Evaluation evaluation = price == null ? measured : measured.at(price);
        Optional<BaselineCheck> check = check(read.getFirst(), views.getFirst(), console);
        new EvaluationText(console).print(evaluation, views);
        check.ifPresent(found -> new BaselineText(console).print(found, models.getFirst()));
        Map<String, @Nullable Object> result =
                EvaluationJson.data(
                        evaluation,
                        views,
                        check,
                        options.origin(data, List.of(), Optional.empty()));
        options.writeJson(result);
        page.write(String.valueOf(models.getLast().getFileName()), result);
        List<String> missed = limits.missed(evaluation);
        missed.forEach(line -> console.err().println("nibble: " + line));
        console.err().flush();
        return missed.isEmpty() ? ExitCodes.DONE : ExitCodes.LIMIT_MISSED;
    }

    /** Whether the baseline makes sense, where labels tell. */
    private Optional<BaselineCheck> check(Nibble baseline, View view, Console console) {
        if (data.random().isPresent()) {
            return Optional.empty();
        }
        return BaselineText.check(
                baseline.threads(options.threads()).progress(console.progress()),
                data.open(),
                view.candidate().samples(),
                Optional.of(view.preprocessing())
                        .filter(text -> !text.isEmpty())
                        .map(Preprocessing::parse));
    }

    private static List<View> views(List<Nibble> read, Samples samples) {
        return read.stream()
                .map(one -> new View(new Candidate(one.source(), samples), "", ""))
                .toList();
    }

    private List<View> views(List<Nibble> read) {
        Optional<Preprocessing> given = data.preprocessing();
        DataSet samples = data.open();
        List<Network> networks = new ArrayList<>();
        for (Nibble one : read) {
            networks.add(new Network(one.source(), one.model()));
        }
        return given.map(preprocessing -> Views.of(samples, networks, preprocessing))
                .orElseGet(() -> Views.of(samples, networks));
    }
}
