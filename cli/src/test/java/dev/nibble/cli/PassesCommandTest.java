package dev.nibble.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.nibble.ladder.Passes;
import dev.nibble.ladder.Repair;

import org.junit.jupiter.api.Test;

import java.io.IOException;

/** What {@code nibble passes} lists. */
class PassesCommandTest {
    @Test
    void itHasALineForEveryPass() {
        Run run = Run.of("passes");
        assertThat(run.exitCode()).isEqualTo(ExitCodes.DONE);
        assertThat(run.outLines()).hasSize(1 + Passes.ALL.size());
        for (Repair repair : Passes.ALL) {
            assertThat(run.outLines()).anyMatch(line -> line.startsWith(repair.name() + " "));
        }
    }

    @Test
    void theJsonNamesThePaperOfEach() throws IOException {
        JsonNode json = new ObjectMapper().readTree(Run.of("passes", "--json", "-").out());
        assertThat(json.get("passes")).hasSize(Passes.ALL.size());
        for (JsonNode entry : json.get("passes")) {
            assertThat(entry.get("source").textValue()).containsPattern("(19|20)\\d\\d");
            assertThat(entry.get("summary").textValue()).isNotBlank();
        }
    }
}
