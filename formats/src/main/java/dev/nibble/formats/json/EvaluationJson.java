package dev.nibble.formats.json;

import dev.nibble.formats.data.Views.View;
import dev.nibble.math.ErrorMeasures;
import dev.nibble.math.Proportion;
import dev.nibble.report.Accuracy;
import dev.nibble.report.BaselineCheck;
import dev.nibble.report.Evaluation;
import dev.nibble.report.Evaluation.Entry;
import dev.nibble.report.OutputComparison;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * An evaluation as JSON, as {@code docs/evaluate.md} describes it; {@link JsonText} and {@link
 * JsonFile} write it down.
 */
public final class EvaluationJson {
    private EvaluationJson() {}

    /**
     * The evaluation as plain data.
     *
     * @param views what the networks saw, in the order of the evaluation
     */
    public static Map<String, @Nullable Object> data(Evaluation evaluation, List<View> views) {
        List<Entry> models = evaluation.models();
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("kind", "evaluation");
        data.put(
                "models",
                IntStream.range(0, models.size())
                        .mapToObj(i -> entry(evaluation, models.get(i), views.get(i)))
                        .toList());
        Map<String, Object> samples = new LinkedHashMap<>();
        samples.put("description", evaluation.samples());
        samples.put("count", evaluation.baseline().score().comparison().samples());
        samples.put("labelled", evaluation.baseline().score().accuracy().labelled());
        data.put("samples", samples);
        data.put("engine", evaluation.engine());
        data.put("pricePerHour", evaluation.pricePerHour());
        Map<String, Object> task = new LinkedHashMap<>();
        task.put("name", evaluation.task().task().toString());
        task.put("why", evaluation.task().why());
        data.put("task", task);
        return data;
    }

    /** The same with what is to be said of the baseline. */
    public static Map<String, @Nullable Object> data(
            Evaluation evaluation, List<View> views, Optional<BaselineCheck> check) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>(data(evaluation, views));
        data.put("baselineCheck", check.map(EvaluationJson::check));
        return data;
    }

    private static Map<String, @Nullable Object> check(BaselineCheck check) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("labelled", check.labelled());
        data.put("right", check.right());
        data.put("classes", check.classes());
        data.put("guessing", check.isGuessing());
        data.put("betterPreprocessing", check.better());
        return data;
    }

    /** The same with which program found it out, and at what words. */
    public static Map<String, @Nullable Object> data(
            Evaluation evaluation, List<View> views, Optional<BaselineCheck> check, Origin origin) {
        Map<String, @Nullable Object> data = data(evaluation, views, check);
        data.put(
                "changed",
                IntStream.range(1, evaluation.models().size())
                        .mapToObj(i -> changed(evaluation.models().get(i), origin))
                        .toList());
        data.put("next", origin.next());
        Map<String, @Nullable Object> provenance = new LinkedHashMap<>();
        provenance.put("nibble", origin.version());
        provenance.put("engine", evaluation.engine());
        provenance.put("command", origin.command());
        provenance.put("seed", origin.seed());
        provenance.put("samples", evaluation.samples());
        data.put("provenance", provenance);
        return data;
    }

    private static Map<String, @Nullable Object> changed(Entry entry, Origin origin) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("path", entry.file());
        data.put("answers", ChangesJson.data(entry.score().changes(), origin.pictures()));
        return data;
    }

    private static Map<String, @Nullable Object> entry(
            Evaluation evaluation, Entry entry, View view) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("path", entry.file());
        data.put("top1", entry.top1());
        data.put("top5", entry.top5());
        data.put("top1Difference", difference(entry.score().accuracy()));
        data.put("agreement", entry.agreement());
        data.put("agreementInterval", agreement(entry));
        data.put("sqnrDb", entry.error().map(ErrorMeasures::sqnrDb));
        data.put("cosine", entry.error().map(ErrorMeasures::cosine));
        data.put("maxError", entry.error().map(ErrorMeasures::maxError));
        data.putAll(AnswersJson.data(entry.answers()));
        data.put("samplesWithNaN", entry.score().withNaN());
        data.put("samplesOfOtherShapes", entry.score().reshaped());
        data.put("sizeBytes", entry.sizeBytes());
        data.putAll(SpeedJson.data(entry.speed()));
        data.put("energy", EnergyJson.data(entry));
        data.put("costPerMillion", evaluation.costPerMillion(entry));
        data.put("peakMemoryBytes", entry.knownPeakMemoryBytes());
        data.put("preprocess", known(view.preprocessing()));
        data.put("preprocessSource", known(view.source()));
        return data;
    }

    /** The ends of the 95 % interval; null without classes. */
    private static @Nullable List<Double> agreement(Entry entry) {
        OutputComparison comparison = entry.score().comparison();
        if (comparison.ranked() == 0) {
            return null;
        }
        Proportion share = new Proportion(comparison.agreeing(), comparison.ranked());
        return List.of(share.low(), share.high());
    }

    private static Optional<String> known(String text) {
        return Optional.of(text).filter(known -> !known.isEmpty());
    }

    /** Null without labels. */
    private static @Nullable Map<String, Object> difference(Accuracy accuracy) {
        OptionalDouble difference = accuracy.difference();
        if (difference.isEmpty()) {
            return null;
        }
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("mean", difference.getAsDouble());
        data.put("standardError", accuracy.standardError());
        data.put("gained", accuracy.gained());
        data.put("lost", accuracy.lost());
        data.put("probabilityOfChance", accuracy.probabilityOfChance());
        return data;
    }
}
