package dev.nibble.report;

import dev.nibble.engine.Measurement;
import dev.nibble.engine.Sample;
import dev.nibble.tensor.Tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Scores every network on a sample, the first being the baseline.
 *
 * @param pairs for each network, the baseline included, its outputs beside those of the baseline
 */
record Scoring(List<OutputPairs> pairs) implements Measurement<Scores> {
    @Override
    public Scores nothing() {
        return Scores.nothing(pairs.size());
    }

    @Override
    public Scores measure(Sample sample, List<Map<String, Tensor>> outputs) {
        Map<String, Tensor> reference = outputs.getFirst();
        List<Score> scores = new ArrayList<>();
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

    private static Score score(
            Sample sample,
            OutputPairs pair,
            Map<String, Tensor> reference,
            Map<String, Tensor> actual) {
        return Score.of(sample, pair.file().toString(), pair.first(), reference, actual);
    }
}
