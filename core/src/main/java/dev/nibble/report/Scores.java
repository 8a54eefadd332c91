package dev.nibble.report;

import dev.nibble.observe.Statistic;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The scores of several networks, in their order.
 *
 * @param scores one for each network
 */
record Scores(List<Score> scores) implements Statistic<Scores> {
    Scores {
        scores = List.copyOf(scores);
    }

    static Scores nothing(int networks) {
        return new Scores(Collections.nCopies(networks, Score.NOTHING));
    }

    @Override
    public Scores merge(Scores other) {
        return new Scores(
                IntStream.range(0, scores.size())
                        .mapToObj(i -> scores.get(i).merge(other.scores.get(i)))
                        .toList());
    }
}
