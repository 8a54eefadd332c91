package dev.nibble.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.engine.Sample;
import dev.nibble.engine.Samples;
import dev.nibble.graph.Graph;
import dev.nibble.graph.ValueInfo;
import dev.nibble.graph.ValueInfo.Dimension;
import dev.nibble.tensor.DataType;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

class BaselineCheckTest {
    private static final Path NETWORK = Path.of("network.onnx");

    /** Samples of which a network that sees them so gets a share right. */
    private record Seen(int size, double rightShare) implements Samples {
        boolean right(int index) {
            return index < Math.round(size * rightShare);
        }

        @Override
        public Sample get(int index) {
            return new Sample("sample " + index, Map.of(), right(index) ? 1 : 0);
        }

        @Override
        public boolean labelled() {
            return true;
        }

        @Override
        public String description() {
            return size + " samples";
        }
    }

    private final List<Integer> looks = new ArrayList<>();

    private List<Score> score(List<Candidate> candidates) {
        looks.add(candidates.size());
        Samples first = candidates.getFirst().samples();
        List<Score> scores = new ArrayList<>();
        for (Candidate candidate : candidates) {
            Accuracy sum = Accuracy.NOTHING;
            for (int i = 0; i < first.size(); i++) {
                int own = candidate.samples().get(i).label();
                int base = first.get(i).label();
                sum = sum.merge(new Accuracy(1, own, own, own > base ? 1 : 0, own < base ? 1 : 0));
            }
            scores.add(new Score(OutputComparison.NOTHING, sum, 0));
        }
        return scores;
    }

    private BaselineCheck check(int size, double used, Map<String, Double> others) {
        Map<String, Samples> views = new LinkedHashMap<>();
        others.forEach((name, share) -> views.put(name, new Seen(size, share)));
        return BaselineCheck.of(NETWORK, 10, new Seen(size, used), views, this::score);
    }

    @Test
    void whatIsClearlyBetterIsNamed() {
        Map<String, Double> others = new LinkedHashMap<>();
        others.put("raw", 0.1);
        others.put("tf", 0.8);
        others.put("unit", 0.7);
        BaselineCheck check = check(200, 0.55, others);
        assertThat(check.better().orElseThrow().name()).isEqualTo("tf");
        assertThat(check.better().orElseThrow().top1()).isEqualTo(0.8);
        assertThat(check.better().orElseThrow().top1Used()).isEqualTo(0.55);
        assertThat(check.better().orElseThrow().samples()).isEqualTo(200);
    }

    @Test
    void lessThanTenPointsAreNotFarBetter() {
        assertThat(check(200, 0.55, Map.of("tf", 0.63)).better()).isEmpty();
    }

    @Test
    void fewSamplesAreNotSure() {
        // 3 of 20 more: the standard error is 8 points
        assertThat(check(20, 0.05, Map.of("tf", 0.2)).better()).isEmpty();
    }

    @Test
    void whatIsNearlyAlwaysRightIsLookedAtOnce() {
        assertThat(check(200, 0.95, Map.of("tf", 1.0)).better()).isEmpty();
        assertThat(looks).containsExactly(1);
    }

    @Test
    void whatIsNoBetterOnFewSamplesIsNotTriedOnMore() {
        assertThat(check(200, 0.5, Map.of("raw", 0.1, "unit", 0.4)).better()).isEmpty();
        assertThat(looks).containsExactly(1, 3);
    }

    @Test
    void answersAsGoodAsGuessingAreCalledSo() {
        assertThat(check(200, 0.12, Map.of()).isGuessing()).isTrue();
        assertThat(check(200, 0.3, Map.of()).isGuessing()).isFalse();
        assertThat(check(20, 0.1, Map.of()).isGuessing()).isFalse();
        BaselineCheck unknown =
                BaselineCheck.of(NETWORK, 0, new Seen(50, 0.02), Map.of(), this::score);
        assertThat(unknown.isGuessing()).isFalse();
    }

    @Test
    void classesAreThoseOfTheFirstOutput() {
        assertThat(BaselineCheck.classes(graph(Dimension.of("N"), Dimension.of(1000))))
                .isEqualTo(1000);
        assertThat(BaselineCheck.classes(graph(Dimension.of(1), Dimension.of(10), Dimension.of(1))))
                .isEqualTo(10);
        assertThat(BaselineCheck.classes(graph(Dimension.of(1), Dimension.of("classes")))).isZero();
    }

    private static Graph graph(Dimension... dims) {
        return Graph.of(
                "test",
                List.of(),
                List.of(),
                List.of(ValueInfo.ofTensor("scores", DataType.FLOAT32, dims)),
                Map.of());
    }
}
