package dev.nibble.error;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

class SpellingTest {
    private static final List<String> KNOWN = List.of("auto", "minMax", "percentile", "entropy");

    @ParameterizedTest
    @CsvSource({
        "auot, auto", // two letters exchanged
        "minmax, minMax", // the case alone
        "MIN-MAX, minMax",
        "percentil, percentile", // one missing
        "entropyy, entropy" // one too many
    })
    void aNameThatIsCloseIsSuggested(String given, String meant) {
        assertThat(Spelling.hint(given, KNOWN)).isEqualTo("; did you mean \"" + meant + "\"?");
    }

    @Test
    void ofSeveralTheClosestIsSuggested() {
        assertThat(Spelling.closest("w8a8", List.of("w8", "w8a16", "w8a8", "w4a8")))
                .contains("w8a8");
    }

    @Test
    void nothingIsSuggestedForWhatIsFarFromEverything() {
        assertThat(Spelling.hint("histogram", KNOWN)).isEmpty();
    }
}
