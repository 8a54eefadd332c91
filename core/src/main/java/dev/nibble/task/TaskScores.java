package dev.nibble.task;

import dev.nibble.math.Bootstrap;
import dev.nibble.math.Proportion;
import dev.nibble.observe.Statistic;
import dev.nibble.tensor.Tensor;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a pass over the samples tells of a network by the {@link Task} that it is for, sample by
 * sample.
 *
 * @param task what the first output is for
 * @param samples in their order
 */
public record TaskScores(Task task, List<Row> samples) implements Statistic<TaskScores> {
    /** Embeddings of more samples are not kept. */
    public static final int MOST_EMBEDDINGS = 1000;

    /** Outputs of more numbers than a few are no quantities. */
    private static final int MOST_QUANTITIES = 64;

    public TaskScores {
        samples = List.copyOf(samples);
    }

    /**
     * One sample.
     *
     * @param shares a figure or two, by task
     * @param baseline the numbers of the baseline, where they are looked at together
     * @param other those of the network
     */
    public record Row(List<Double> shares, List<Float> baseline, List<Float> other) {
        public Row {
            shares = List.copyOf(shares);
            baseline = List.copyOf(baseline);
            other = List.copyOf(other);
        }
    }

    /** Nothing scored. */
    public static TaskScores nothing(Task task) {
        return new TaskScores(task, List.of());
    }

    /**
     * What the outputs for one sample tell; nothing if their shapes are not those of the task.
     *
     * @param baseline the first output of the baseline
     * @param other that of the network; nothing is told where it has another shape
     */
    public static TaskScores of(Task task, Tensor baseline, Tensor other) {
        if (!baseline.isFloatingPoint()
                || baseline.elements() == 0
                || !baseline.shape().equals(other.shape())) {
            return nothing(task);
        }
        return switch (task) {
            case CLASSIFICATION, TENSOR -> nothing(task);
            case EMBEDDING ->
                    row(task, List.of(cosine(baseline, other)), list(baseline), list(other));
            case SEGMENTATION ->
                    baseline.shape().rank() == 4 ? map(baseline, other) : nothing(task);
            case REGRESSION ->
                    baseline.elements() <= MOST_QUANTITIES
                            ? row(
                                    task,
                                    List.of(meanError(baseline, other)),
                                    list(baseline),
                                    list(other))
                            : nothing(task);
            case SEQUENCE ->
                    baseline.shape().rank() >= 2
                            ? row(
                                    task,
                                    List.of(Steps.agreement(baseline, other)),
                                    List.of(),
                                    List.of())
                            : nothing(task);
        };
    }

    private static TaskScores row(
            Task task, List<Double> shares, List<Float> baseline, List<Float> other) {
        return new TaskScores(task, List.of(new Row(shares, baseline, other)));
    }

    private static TaskScores map(Tensor baseline, Tensor other) {
        float threshold = PixelMap.threshold(baseline);
        PixelMap one = PixelMap.of(baseline, threshold);
        PixelMap two = PixelMap.of(other, threshold);
        boolean mask = baseline.shape().dim(PixelMap.channelAxis(baseline.shape())) == 1;
        return row(
                Task.SEGMENTATION,
                List.of(one.agreement(two), one.meanIou(two, mask)),
                List.of(),
                List.of());
    }

    private static List<Float> list(Tensor tensor) {
        List<Float> list = new ArrayList<>();
        for (float value : tensor.floats()) {
            list.add(value);
        }
        return Collections.unmodifiableList(list);
    }

    private static double cosine(Tensor baseline, Tensor other) {
        return Embeddings.cosine(baseline.floats(), other.floats());
    }

    private static double meanError(Tensor baseline, Tensor other) {
        float[] one = baseline.floats();
        float[] two = other.floats();
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += Math.abs((double) one[i] - two[i]);
        }
        return sum / one.length;
    }

    @Override
    public TaskScores merge(TaskScores more) {
        int kept = task == Task.EMBEDDING ? MOST_EMBEDDINGS : Integer.MAX_VALUE;
        return new TaskScores(
                task, Stream.concat(samples.stream(), more.samples.stream()).limit(kept).toList());
    }

    /** The figures, the most telling first; none if no sample fits the task. */
    public List<TaskMeasure> measures() {
        if (samples.isEmpty()) {
            return List.of();
        }
        return switch (task) {
            case CLASSIFICATION, TENSOR -> List.of();
            case EMBEDDING -> embedding();
            case SEGMENTATION ->
                    List.of(
                            TaskMeasure.of("pixelAgreement", share(0)),
                            TaskMeasure.of("meanIou", share(1)));
            case REGRESSION -> Quantities.of(samples).measures(share(0));
            case SEQUENCE -> List.of(TaskMeasure.of("stepAgreement", share(0)));
        };
    }

    private Bootstrap share(int place) {
        return Bootstrap.mean(
                samples.stream().mapToDouble(row -> row.shares().get(place)).toArray());
    }

    private List<TaskMeasure> embedding() {
        List<TaskMeasure> measures = new ArrayList<>();
        measures.add(TaskMeasure.of("cosine", share(0)));
        if (samples.size() > 2) {
            long same =
                    Embeddings.sameNeighbours(
                            samples.stream().map(Row::baseline).toList(),
                            samples.stream().map(Row::other).toList());
            measures.add(
                    TaskMeasure.of("retrievalAgreement", new Proportion(same, samples.size())));
        }
        return measures;
    }
}
