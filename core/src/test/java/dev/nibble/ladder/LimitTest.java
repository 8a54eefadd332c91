package dev.nibble.ladder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.ladder.Limit.MaxDrop;
import dev.nibble.ladder.Limit.MinAgreement;
import dev.nibble.ladder.Limit.MinSqnr;
import dev.nibble.observe.ErrorStatistic;
import dev.nibble.report.Accuracy;
import dev.nibble.report.OutputComparison;
import dev.nibble.report.Score;

import org.junit.jupiter.api.Test;

import java.util.Map;

class LimitTest {
    /** 20 dB, agreement 0.95, 2 of 100 right answers lost. */
    private static final Score SCORE =
            new Score(
                    new OutputComparison(
                            Map.of("y", new ErrorStatistic(100, 100, 100, 99, 1, 0.5)),
                            95,
                            100,
                            100),
                    new Accuracy(100, 80, 90, 1, 3),
                    0);

    @Test
    void aLimitIsMetWhereItIsReached() {
        assertThat(new MinSqnr(20).metBy(SCORE)).isTrue();
        assertThat(new MinSqnr(20.1).metBy(SCORE)).isFalse();
        assertThat(new MinAgreement(0.95).metBy(SCORE)).isTrue();
        assertThat(new MinAgreement(0.96).metBy(SCORE)).isFalse();
        assertThat(new MaxDrop(2).metBy(SCORE)).isTrue();
        assertThat(new MaxDrop(1.9).metBy(SCORE)).isFalse();
    }

    @Test
    void whatIsUnknownMeetsNone() {
        assertThat(new MinSqnr(0).metBy(Score.NOTHING)).isFalse();
        assertThat(new MinAgreement(0).metBy(Score.NOTHING)).isFalse();
        assertThat(new MaxDrop(100).metBy(Score.NOTHING)).isFalse();
    }

    @Test
    void limitsOutOfRangeAreRefused() {
        assertThatThrownBy(() -> new MaxDrop(-1)).hasMessageContaining("-1");
        assertThatThrownBy(() -> new MinAgreement(95)).hasMessageContaining("95");
        assertThatThrownBy(() -> new MinSqnr(Double.NaN)).hasMessageContaining("NaN");
    }
}
