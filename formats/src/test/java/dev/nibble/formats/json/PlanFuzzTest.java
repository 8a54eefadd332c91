package dev.nibble.formats.json;

import com.code_intelligence.jazzer.junit.FuzzTest;

import dev.nibble.formats.fuzz.Expect;
import dev.nibble.plan.SavedPlan;

import org.assertj.core.api.Assertions;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Saved plans of any text; what was read is the same after writing. */
class PlanFuzzTest {
    private static final Path FILE = Path.of("plan.json");

    @FuzzTest(maxDuration = "2h", maxExecutions = 2_000_000)
    void readsOrRefuses(byte[] content) {
        String text = new String(content, StandardCharsets.UTF_8);
        Expect.resultOrMessage(() -> read(text))
                .ifPresent(plan ->
                        Assertions.assertThat(read(JsonText.of(PlanData.of(plan))))
                                .isEqualTo(plan));
    }

    private static SavedPlan read(String text) {
        return PlanReader.plan(JsonFields.of(FILE, text));
    }
}
