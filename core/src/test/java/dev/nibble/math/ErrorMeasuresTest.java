package dev.nibble.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.stream.Stream;

class ErrorMeasuresTest {
    private static final double INFINITY = Double.POSITIVE_INFINITY;

    static Stream<Arguments> sums() {
        return Stream.of(
                arguments(
                        "no values differ in nothing",
                        0,
                        0.0,
                        0.0,
                        0.0,
                        0.0,
                        0.0,
                        measures(INFINITY, 0, 0, 1)),
                arguments("equal values", 2, 5.0, 5.0, 5.0, 0.0, 0.0, measures(INFINITY, 0, 0, 1)),
                arguments(
                        "a hundredth of the power is 20 dB",
                        4,
                        100.0,
                        100.0,
                        100.0,
                        1.0,
                        1.0,
                        measures(20, 0.25, 1, 1)),
                arguments(
                        "nothing but error",
                        1,
                        0.0,
                        4.0,
                        0.0,
                        4.0,
                        2.0,
                        measures(-INFINITY, 4, 2, 0)),
                arguments("all signal lost", 2, 8.0, 0.0, 0.0, 8.0, 2.0, measures(0, 4, 2, 0)),
                arguments(
                        "opposite",
                        1,
                        1.0,
                        1.0,
                        -1.0,
                        4.0,
                        2.0,
                        measures(10 * Math.log10(0.25), 4, 2, -1)),
                arguments(
                        "squares whose product overflows",
                        1,
                        1e200,
                        1e200,
                        1e200,
                        1e200,
                        1.0,
                        measures(0, 1e200, 1, 1)));
    }

    private static ErrorMeasures measures(
            double sqnrDb, double mse, double maxError, double cosine) {
        return new ErrorMeasures(sqnrDb, mse, maxError, cosine);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sums")
    void followFromSums(
            String why,
            long count,
            double referenceSquares,
            double approximationSquares,
            double dot,
            double errorSquares,
            double maxError,
            ErrorMeasures expected) {
        assertThat(
                        ErrorMeasures.ofSums(
                                count,
                                referenceSquares,
                                approximationSquares,
                                dot,
                                errorSquares,
                                maxError))
                .as(why)
                .isEqualTo(expected);
    }
}
