package dev.nibble.report;

import dev.nibble.engine.Measurement;
import dev.nibble.engine.Sample;
import dev.nibble.report.Scores.Scored;
import dev.nibble.task.Task;
import dev.nibble.task.TaskScores;
import dev.nibble.tensor.Tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Scores every network on a sample, the first being the baseline.
 *
 * @param pairs for each network, the baseline included, its outputs beside those of the baseline
 * @param task what their first outputs are for
 */
record Scoring(List<OutputPairs> pairs, Task task) implements Measurement<Scores> {
    @Override
    public Scores nothing() {
        return Scores.nothing(pairs.size(), task);
    }

    @Override
    public Scores measure(Sample sample, List<Map<String, Tensor>> outputs) {
        Map<String, Tensor> reference = outputs.getFirst();
        List<Scored> scores = new ArrayList<>();
        for (int i = 0; i < pairs.size(); i++) {
            OutputPairs pair = pairs.get(i);
            scores.add(
                    score(
                            sample,
                            pair,
                            reference,
                            pair.align(sample.name(), reference, outputs.get(i))));
        }
        return new Scores(scores);
    }

    private Scored score(
            Sample sample,
            OutputPairs pair,
            Map<String, Tensor> reference,
            Map<String, Tensor> actual) {
        Tensor baseline = reference.get(pair.first());
        Tensor first = actual.get(pair.first());
        return new Scored(
                Score.of(sample, pair.file().toString(), pair.first(), reference, actual),
                ClassChanges.of(sample, baseline, first),
                baseline == null || first == null
                        ? TaskScores.nothing(task)
                        : TaskScores.of(task, baseline, first));
    }
}
