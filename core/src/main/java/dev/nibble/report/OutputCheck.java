package dev.nibble.report;

import dev.nibble.observe.ErrorStatistic;
import dev.nibble.observe.Statistic;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.Arrays;
import java.util.List;

/**
 * One output of a network beside that of the float one, on some samples.
 *
 * @param samples how many
 * @param error over the elements that are finite in both; nothing for an output of whole numbers
 * @param notFinite elements that are NaN or infinite where the float network's are not
 * @param equal elements of whole numbers, truth values or text that are the same
 * @param counted elements of whole numbers, truth values or text
 * @param reshaped samples on which the shapes differ, as those of detections may; not compared
 */
public record OutputCheck(
        long samples, ErrorStatistic error, long notFinite, long equal, long counted, long reshaped)
        implements Statistic<OutputCheck> {
    /** Nothing looked at. */
    public static final OutputCheck NOTHING =
            new OutputCheck(0, ErrorStatistic.NOTHING, 0, 0, 0, 0);

    /** The output for one sample. */
    static OutputCheck of(Tensor reference, Tensor actual) {
        if (!reference.shape().equals(actual.shape()) || reference.type() != actual.type()) {
            return new OutputCheck(1, ErrorStatistic.NOTHING, 0, 0, 0, 1);
        }
        return reference.isFloatingPoint()
                ? ofFloats(reference, actual)
                : ofCodes(reference, actual);
    }

    private static OutputCheck ofFloats(Tensor reference, Tensor actual) {
        float[] expected = reference.floats();
        float[] given = actual.floats();
        float[] finite = new float[expected.length];
        float[] beside = new float[expected.length];
        int kept = 0;
        long notFinite = 0;
        for (int i = 0; i < expected.length; i++) {
            if (Float.isFinite(expected[i]) && Float.isFinite(given[i])) {
                finite[kept] = expected[i];
                beside[kept++] = given[i];
            } else if (Float.isFinite(expected[i])) {
                notFinite++;
            }
        }
        Shape shape = Shape.of(kept);
        ErrorStatistic error =
                ErrorStatistic.of(
                        Tensor.ofFloats(shape, Arrays.copyOf(finite, kept)),
                        Tensor.ofFloats(shape, Arrays.copyOf(beside, kept)));
        return new OutputCheck(1, error, notFinite, 0, 0, 0);
    }

    private static OutputCheck ofCodes(Tensor reference, Tensor actual) {
        List<?> expected = elements(reference);
        List<?> given = elements(actual);
        long equal = 0;
        for (int i = 0; i < expected.size(); i++) {
            equal += expected.get(i).equals(given.get(i)) ? 1 : 0;
        }
        return new OutputCheck(1, ErrorStatistic.NOTHING, 0, equal, expected.size(), 0);
    }

    private static List<?> elements(Tensor tensor) {
        return tensor.type() == DataType.STRING
                ? tensor.strings()
                : Arrays.stream(tensor.longs()).boxed().toList();
    }

    @Override
    public OutputCheck merge(OutputCheck other) {
        return new OutputCheck(
                samples + other.samples,
                error.merge(other.error),
                notFinite + other.notFinite,
                equal + other.equal,
                counted + other.counted,
                reshaped + other.reshaped);
    }

    /** The same with another error. */
    OutputCheck with(ErrorStatistic other) {
        return new OutputCheck(samples, other, notFinite, equal, counted, reshaped);
    }

    /** Signal to noise in decibels; infinite if nothing differs. */
    public double sqnrDb() {
        return error.measures().sqnrDb();
    }

    /** The share of elements that are the same, of those that are no floating-point numbers. */
    public double agreement() {
        return counted == 0 ? 1 : (double) equal / counted;
    }
}
