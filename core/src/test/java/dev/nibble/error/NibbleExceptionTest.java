package dev.nibble.error;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NibbleExceptionTest {
    @Test
    void aNameOfAnyLengthLeavesTheMessageReadable() {
        String message =
                new NibbleException("node " + "x".repeat(1 << 20) + " is wrong; mend it")
                        .getMessage();
        assertThat(message)
                .hasSizeLessThan(5_000)
                .startsWith("node xxx")
                .contains("characters left out")
                .endsWith("is wrong; mend it");
    }

    @Test
    void aNameCannotGiveOrdersToATerminal() {
        String message =
                new NibbleException("node \u001b[2J\u0007\ud83d\ude00\nis wrong").getMessage();
        assertThat(message).isEqualTo("node \uFFFD[2J\uFFFD\ud83d\ude00\nis wrong");
    }
}
