package dev.nibble.formats.json;

import dev.nibble.math.Proportion;
import dev.nibble.report.Accuracy;
import dev.nibble.report.ClassChanges;
import dev.nibble.report.ClassChanges.Row;
import dev.nibble.report.Evaluation.Answers;
import dev.nibble.task.TaskMeasure;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** What a network answers beside the baseline as JSON: class by class, and by its task. */
final class AnswersJson {
    /** More turns are not told. */
    private static final int MOST_TURNS = 50;

    private AnswersJson() {}

    static Map<String, @Nullable Object> data(Answers answers) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("classes", classes(answers.classes()));
        Map<String, Object> measures = new LinkedHashMap<>();
        answers.measures().forEach(measure -> measures.put(measure.name(), measure(measure)));
        data.put("taskMeasures", measures.isEmpty() ? null : measures);
        return data;
    }

    private static Map<String, Object> measure(TaskMeasure measure) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("value", measure.value());
        data.put("low", measure.low());
        data.put("high", measure.high());
        return data;
    }

    /** Null if there are no labels and no answer changed. */
    private static @Nullable Map<String, Object> classes(ClassChanges classes) {
        if (classes.equals(ClassChanges.NOTHING)) {
            return null;
        }
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("rows", classes.rows().stream().map(AnswersJson::row).toList());
        data.put("turned", classes.mostFrequentTurns(MOST_TURNS));
        return data;
    }

    private static Map<String, Object> row(Row row) {
        Accuracy accuracy = row.accuracy();
        Proportion after = new Proportion(accuracy.top1(), accuracy.labelled());
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("label", row.label());
        data.put("samples", accuracy.labelled());
        data.put("before", accuracy.baselineTop1Share());
        data.put("after", after.share());
        data.put("afterInterval", List.of(after.low(), after.high()));
        data.put("lost", accuracy.lost());
        data.put("gained", accuracy.gained());
        data.put(
                "probabilityOfChance",
                accuracy.canTell() ? accuracy.probabilityOfChance() : OptionalDouble.empty());
        return data;
    }
}
