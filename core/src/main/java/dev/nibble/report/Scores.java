package dev.nibble.report;

import dev.nibble.observe.Statistic;
import dev.nibble.task.Task;
import dev.nibble.task.TaskScores;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The scores of several networks, in their order.
 *
 * @param networks one for each
 */
record Scores(List<Scored> networks) implements Statistic<Scores> {
    Scores {
        networks = List.copyOf(networks);
    }

    /**
     * One network.
     *
     * @param classes what became of each class
     * @param task by the task that the networks are for
     */
    record Scored(Score score, ClassChanges classes, TaskScores task) implements Statistic<Scored> {
        @Override
        public Scored merge(Scored other) {
            return new Scored(
                    score.merge(other.score), classes.merge(other.classes), task.merge(other.task));
        }
    }

    static Scores nothing(int networks, Task task) {
        return new Scores(
                Collections.nCopies(
                        networks,
                        new Scored(Score.NOTHING, ClassChanges.NOTHING, TaskScores.nothing(task))));
    }

    /** What all tasks have in common. */
    List<Score> scores() {
        return networks.stream().map(Scored::score).toList();
    }

    @Override
    public Scores merge(Scores other) {
        return new Scores(
                IntStream.range(0, networks.size())
                        .mapToObj(i -> networks.get(i).merge(other.networks.get(i)))
                        .toList());
    }
}
