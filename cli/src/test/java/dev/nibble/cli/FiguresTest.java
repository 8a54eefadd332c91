package dev.nibble.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "999, 999 B",
        "1000, 1.0 kB",
        "99949, 99.9 kB",
        "123456, 123 kB",
        "999499, 999 kB",
        "999500, 1.0 MB", // not 1000 kB
        "13963084, 14.0 MB",
        "5000000000000000, 5000 TB"
    })
    void bytesAreInPowersOfTen(long bytes, String text) {
        assertThat(Figures.bytes(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0.815, 81.5 %", "1, 100.0 %", "0.00004, 0.0 %", "NaN, –"})
    void sharesAreInPercent(double share, String text) {
        assertThat(Figures.percent(share)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"16.34, 16.3", "Infinity, exact", "-2.8, -2.8", "-Infinity, -Infinity", "NaN, –"})
    void decibelsSayWhenNothingDiffers(double value, String text) {
        assertThat(Figures.decibels(value)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0.04, 0.0 s",
        "3.44, 3.4 s",
        "59.96, 1 min 0 s",
        "125.4, 2 min 5 s",
        "119.7, 2 min 0 s"
    })
    void secondsBecomeMinutes(double seconds, String text) {
        assertThat(Figures.seconds(seconds)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"5.214, 5.21 ms", "123.4, 123 ms"})
    void millisecondsHaveFewDigits(double value, String text) {
        assertThat(Figures.milliseconds(value)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "6, 6",
        "-2.11779, -2.118",
        "0.0000123456, 0.00001235", // still readable written out
        "1.2345e-12, 1.235E-12",
        "123456, 123500",
        "3.4e38, 3.4E+38",
        "NaN, –",
        "Infinity, Infinity"
    })
    void significantDigitsAreKept(double value, String text) {
        assertThat(Figures.significant(value, 4)).isEqualTo(text);
    }
}
