package dev.nibble;

import dev.nibble.Checking.Refusal;
import dev.nibble.engine.Engine;
import dev.nibble.engine.Lab;
import dev.nibble.engine.LocalLab;
import dev.nibble.engine.ModelFormat;
import dev.nibble.engine.NoSamples;
import dev.nibble.engine.Progress;
import dev.nibble.engine.Samples;
import dev.nibble.engine.generate.GeneratedInputs;
import dev.nibble.error.NibbleException;
import dev.nibble.graph.Model;
import dev.nibble.ladder.Goal;
import dev.nibble.lower.Dequantization;
import dev.nibble.plan.AutoRecipe;
import dev.nibble.plan.Recipe;
import dev.nibble.plan.SavedPlan;
import dev.nibble.report.BaselineCheck;
import dev.nibble.report.Candidate;
import dev.nibble.report.Evaluation;
import dev.nibble.report.Evaluator;
import dev.nibble.report.Inspection;
import dev.nibble.report.Inspector;
import dev.nibble.report.LayerComparer;
import dev.nibble.report.LayerComparison;
import dev.nibble.report.Timing;
import dev.nibble.task.Task;
import dev.nibble.train.TrainingListener;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * The front door: reads a trained network, quantizes it, writes it.
 *
 * <pre>{@code
 * Nibble network = Nibble.read(Path.of("model.onnx"));
 * Samples samples = DataSet.open(photos).samples(network.model(), Preprocessing.parse("imagenet"));
 * network.quantize(Recipes.INT8, samples).write(Path.of("model.int8.onnx"));
 * }</pre>
 *
 * <p>Immutable; the methods named after a setting give a changed copy.
 */
public final class Nibble {
    private final Model model;
    private final Path source;
    private final ModelFormat format;
    private final Engine engine;
    private final int threads;
    private final int batch;
    private final Progress progress;
    private final boolean allowDamage;

    private Nibble(
            Model model,
            Path source,
            ModelFormat format,
            Engine engine,
            int threads,
            int batch,
            Progress progress,
            boolean allowDamage) {
        this.model = model;
        this.source = source;
        this.format = format;
        this.engine = engine;
        this.threads = threads;
        this.batch = batch;
        this.progress = progress;
        this.allowDamage = allowDamage;
    }

    /**
     * Reads a network, with the model format and the engine found on the class path.
     *
     * @throws NibbleException if the file cannot be read; the message names file, place and remedy
     */
    public static Nibble read(Path file) {
        ModelFormat format = only(ModelFormat.class, "nibble-formats");
        Engine engine = only(Engine.class, "nibble-onnxruntime");
        return new Nibble(
                format.read(file),
                file,
                format,
                engine,
                Runtime.getRuntime().availableProcessors(),
                1,
                Progress.NONE,
                false);
    }

    private static <T> T only(Class<T> service, String artifact) {
        return ServiceLoader.load(service)
                .findFirst()
                .orElseThrow(() ->
                        new NibbleException(
                                "no "
                                        + service.getSimpleName()
                                        + " is on the class path; add the artifact dev.nibble:"
                                        + artifact));
    }

    /** Runs this many samples at the same time; the result does not depend on it. */
    public Nibble threads(int count) {
        return new Nibble(model, source, format, engine, count, batch, progress, allowDamage);
    }

    /** Hands this many samples to a thread at once; the result does not depend on it. */
    public Nibble batch(int count) {
        return new Nibble(model, source, format, engine, threads, count, progress, allowDamage);
    }

    /** Tells a listener how far work has come; the listener can cancel it. */
    public Nibble progress(Progress listener) {
        return new Nibble(model, source, format, engine, threads, batch, listener, allowDamage);
    }

    /** The same settings for the network with something written into its metadata. */
    public Nibble metadata(String key, String value) {
        return new Nibble(
                model.withMetadata(key, value),
                source,
                format,
                engine,
                threads,
                batch,
                progress,
                allowDamage);
    }

    /**
     * Hands a network over even if it is damaged: does not load, gives NaN, or says what has
     * nothing to do with the float network. The report's soundness tells.
     */
    public Nibble allowDamage(boolean allow) {
        return new Nibble(model, source, format, engine, threads, batch, progress, allow);
    }

    /** The network as it was read. */
    public Model model() {
        return model;
    }

    /** Where the network was read from. */
    public Path source() {
        return source;
    }

    /** What reads and writes the network. */
    public ModelFormat format() {
        return format;
    }

    /** Says what the network is, without running it. */
    public Inspection inspect() {
        return Inspector.inspect(model, Optional.empty());
    }

    /**
     * Says what the network is and what a recipe would make of it, without running it.
     *
     * @throws NibbleException if a pattern of the recipe matches nothing
     */
    public Inspection inspect(Recipe recipe) {
        return Inspector.inspect(model, Optional.of(recipe));
    }

    /**
     * Quantizes with the recipe that suits the network, see {@link AutoRecipe}, and with better
     * formats for some layers where it does not, see {@link Goal#soundly}.
     *
     * @throws NibbleException as below
     */
    public Quantized quantize(Samples samples) {
        AutoRecipe choice = AutoRecipe.of(model.graph(), samples.size() > 0);
        return quantize(choice.recipe(), samples, Goal.QUICK.soundly());
    }

    /**
     * Quantizes with ranges measured on samples, in seconds.
     *
     * @throws NibbleException if the network cannot be quantized, a sample does not fit it, or what
     *     comes out is damaged; nothing is written
     */
    public Quantized quantize(Recipe recipe, Samples samples) {
        return quantize(recipe, samples, Goal.QUICK);
    }

    /**
     * Quantizes, and repairs as far as the goal says.
     *
     * @throws NibbleException as above, or if the goal's limit cannot be judged on the samples. A
     *     limit that is missed is no exception: the report's verdict says so
     */
    public Quantized quantize(Recipe recipe, Samples samples, Goal goal) {
        LocalLab lab = new LocalLab(samples, engine, format, threads, batch, progress);
        return quantization(lab).run(model, recipe, goal);
    }

    /**
     * Quantizes as a saved plan says, edited or not. The same network and samples give the same
     * bytes as the run that saved it.
     *
     * @throws NibbleException if the network does not have the nodes and values that the plan
     *     names, or cannot have what it says of them
     */
    public Quantized quantize(SavedPlan plan, Samples samples) {
        return quantize(plan, samples, Goal.QUICK);
    }

    /**
     * Quantizes as a saved plan says and judges it.
     *
     * @param goal its limit is judged, but nothing is tried to meet it
     * @throws NibbleException as above, or if the limit cannot be judged on the samples
     */
    public Quantized quantize(SavedPlan plan, Samples samples, Goal goal) {
        LocalLab lab = new LocalLab(samples, engine, format, threads, batch, progress);
        return quantization(lab).replay(model, plan, goal);
    }

    /**
     * Quantizes with a recipe that needs no samples.
     *
     * @throws NibbleException if the recipe needs samples
     */
    public Quantized quantize(Recipe recipe) {
        return quantize(recipe, Goal.QUICK);
    }

    /**
     * Quantizes with a recipe that needs no samples.
     *
     * @throws NibbleException if the recipe needs samples, or the goal does
     */
    public Quantized quantize(Recipe recipe, Goal goal) {
        requireNoSamples(recipe);
        return quantize(recipe, NoSamples.INSTANCE, goal);
    }

    /**
     * Quantizes as a saved plan says whose recipe needs no samples.
     *
     * @throws NibbleException if it needs samples, or the goal does
     */
    public Quantized quantize(SavedPlan plan, Goal goal) {
        requireNoSamples(plan.recipe());
        return quantize(plan, NoSamples.INSTANCE, goal);
    }

    /**
     * Trains the network further: for the formats of a recipe, with rounding simulated where the
     * quantized network will have it, or in float. A network that is quantized already becomes
     * float first.
     *
     * <p>What was trained is handed over if it runs, however far it is from the float network;
     * where no epoch was better than the quantized start, it is judged as that.
     *
     * @throws NibbleException if it cannot be trained; the message names node and reason. Or if the
     *     result is refused, see {@link #allowDamage}
     */
    public Trained train(TrainingPlan plan, TrainingListener listener) {
        LocalLab lab = new LocalLab(plan.samples(), engine, format, threads, batch, progress);
        return new Training(quantization(lab), plan, listener).run(model);
    }

    private Quantization quantization(Lab lab) {
        return new Quantization(
                source, engine, format, lab, allowDamage ? Refusal.NONE : Refusal.DAMAGED);
    }

    private static void requireNoSamples(Recipe recipe) {
        if (recipe.needsSamples()) {
            throw new NibbleException(
                    "recipe "
                            + recipe.name()
                            + " measures the ranges of activations and needs calibration samples"
                            + " (--data); int8-dynamic, int8-weights and int4-weights do without");
        }
    }

    /**
     * Inputs made up for this network, see {@link GeneratedInputs}: to see that it runs and what
     * rounding does to it. What is calibrated on them is a guess.
     *
     * @param count how many samples
     * @param seed decides the numbers
     * @throws NibbleException if the network runs on none that could be made up
     */
    public Samples generatedInputs(int count, long seed) {
        return GeneratedInputs.of(model, source.toString(), count, seed, engine, format).orThrow();
    }

    /**
     * Makes a quantized network float again; its weights come back as the numbers that their codes
     * stand for.
     *
     * @throws NibbleException if the network is not quantized, or a node of it cannot be undone;
     *     the message names it
     */
    public Dequantized dequantize() {
        return new Dequantized(Dequantization.undo(model), format);
    }

    /**
     * Compares a quantized network file with this one, of which it was made, layer by layer.
     *
     * @throws NibbleException if the file cannot be read or run, or has other inputs or outputs
     */
    public LayerComparison compare(Path quantized, Samples samples) {
        return LayerComparer.compare(
                new LocalLab(samples, engine, format, threads, batch, progress),
                engine,
                format,
                source,
                model,
                quantized,
                format.read(quantized));
    }

    /**
     * Evaluates other network files beside the one that this was read from, which is the baseline.
     *
     * @param samples what all of them see
     * @throws NibbleException if a file cannot be read or run, the samples do not fit it, or its
     *     outputs are not those of the baseline
     */
    public Evaluation evaluate(Samples samples, Path... others) {
        List<Candidate> candidates = new ArrayList<>();
        for (Path other : others) {
            candidates.add(new Candidate(other, samples));
        }
        return evaluate(samples, candidates);
    }

    /**
     * Looks whether the file that this was read from answers better than by guessing, and not far
     * better on the same samples seen in other ways.
     *
     * @param samples as they are used, labelled
     * @param others the same ones otherwise, by what makes them so
     * @throws NibbleException if the file cannot be run, or the samples do not fit it
     */
    public BaselineCheck checkBaseline(Samples samples, Map<String, Samples> others) {
        return BaselineCheck.of(
                source, BaselineCheck.classes(model.graph()), samples, others, evaluator()::scores);
    }

    /**
     * Evaluates networks, each of which sees the samples in its own way, beside the file that this
     * was read from. What their first output is for is guessed.
     *
     * @param samples the samples as the baseline sees them
     * @throws NibbleException as above, or if the networks do not see the same samples
     */
    public Evaluation evaluate(Samples samples, List<Candidate> others) {
        return evaluate(samples, others, Optional.empty());
    }

    /**
     * The same by what the first output is for.
     *
     * @param task guessed if empty
     * @throws NibbleException as above, or if the first output cannot be for that
     */
    public Evaluation evaluate(Samples samples, List<Candidate> others, Optional<Task> task) {
        List<Candidate> candidates = new ArrayList<>();
        candidates.add(new Candidate(source, samples));
        candidates.addAll(others);
        return evaluator().answering(task).evaluate(candidates);
    }

    private Evaluator evaluator() {
        return new Evaluator(
                engine,
                format,
                threads,
                batch,
                progress,
                Timing.standard(threads),
                Optional.empty());
    }
}
