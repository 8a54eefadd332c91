package dev.nibble.report;

import dev.nibble.cost.EnergyEstimate;
import dev.nibble.engine.Latency;
import dev.nibble.math.ErrorMeasures;
import dev.nibble.task.TaskGuess;
import dev.nibble.task.TaskMeasure;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Networks side by side on the same samples: how right, how alike, how large, how fast.
 *
 * <p>Accuracy and errors depend on the files and the samples alone; latency and memory on the
 * machine and the moment.
 *
 * @param engine name and version of the runtime
 * @param samples where the samples came from and how many they were
 * @param task what the first output is taken for, and why
 * @param models one for each network, the baseline first
 * @param pricePerHour what an hour of the machine costs, in any currency; empty if nobody told
 */
public record Evaluation(
        String engine,
        String samples,
        TaskGuess task,
        List<Entry> models,
        OptionalDouble pricePerHour) {
    public Evaluation {
        models = List.copyOf(models);
    }

    /** Networks on a machine whose price nobody told. */
    public Evaluation(String engine, String samples, TaskGuess task, List<Entry> models) {
        this(engine, samples, task, models, OptionalDouble.empty());
    }

    /**
     * The same on a machine of some price.
     *
     * @param price of an hour, in any currency
     * @throws IllegalArgumentException if it is no finite number above 0
     */
    public Evaluation at(double price) {
        if (!(price > 0) || Double.isInfinite(price)) {
            throw new IllegalArgumentException(
                    "%s is no price of an hour; give one above 0, as in 0.34".formatted(price));
        }
        return new Evaluation(engine, samples, task, models, OptionalDouble.of(price));
    }

    /** What a million samples cost at the throughput measured; empty without a price. */
    public OptionalDouble costPerMillion(Entry entry) {
        return pricePerHour.isPresent()
                ? OptionalDouble.of(
                        entry.speed().throughput().costPerMillion(pricePerHour.getAsDouble()))
                : OptionalDouble.empty();
    }

    /** The network that the others are compared with. */
    public Entry baseline() {
        return models.getFirst();
    }

    /**
     * What a network answers beside the baseline.
     *
     * @param classes what became of each class; nothing without classes
     * @param measures figures that fit the task; none for classes and for tensors of unknown use
     */
    public record Answers(ClassChanges classes, List<TaskMeasure> measures) {
        /** Nothing is known. */
        public static final Answers NONE = new Answers(ClassChanges.NOTHING, List.of());

        public Answers {
            measures = List.copyOf(measures);
        }
    }

    /**
     * One network.
     *
     * @param score what the pass over the samples told
     * @param sizeBytes the file and the files that hold tensors for it
     * @param speed latency, load time and throughput
     * @param peakMemoryBytes peak resident memory of a process that runs this network alone; {@link
     *     #UNKNOWN} where the system does not tell
     */
    public record Entry(
            Path file,
            Score score,
            long sizeBytes,
            Speed speed,
            long peakMemoryBytes,
            EnergyEstimate energy,
            Answers answers) {
        /** Stands for memory that the operating system does not tell. */
        public static final long UNKNOWN = -1;

        /** One sample at a time, one thread. */
        public Latency latency() {
            return speed.oneThread();
        }

        /**
         * Share of labelled samples whose class has the greatest score; empty without labels or
         * scores.
         */
        public OptionalDouble top1() {
            return score.accuracy().top1Share();
        }

        /**
         * Share of labelled samples whose class is among the best five; empty without labels or
         * scores.
         */
        public OptionalDouble top5() {
            return score.accuracy().top5Share();
        }

        /**
         * Share of samples with the same top class as the baseline; empty without a row of scores.
         */
        public OptionalDouble agreement() {
            return score.comparison().agreement();
        }

        /** All floating-point outputs against those of the baseline; empty if there are none. */
        public Optional<ErrorMeasures> error() {
            return score.comparison().errors().isEmpty()
                    ? Optional.empty()
                    : Optional.of(score.comparison().total().measures());
        }

        public OptionalLong knownPeakMemoryBytes() {
            return peakMemoryBytes == UNKNOWN
                    ? OptionalLong.empty()
                    : OptionalLong.of(peakMemoryBytes);
        }
    }
}
