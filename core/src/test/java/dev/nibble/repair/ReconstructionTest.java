package dev.nibble.repair;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.error.NibbleException;
import dev.nibble.graph.TestGraphs;
import dev.nibble.pass.Draft;
import dev.nibble.pass.FixedLab;
import dev.nibble.pass.Pass;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Map;

/** There is nothing here that computes gradients. */
class ReconstructionTest {
    private static final ReconstructionSettings SETTINGS = ReconstructionSettings.STANDARD;

    @Test
    void namesTheArtifactThatIsMissing() {
        for (Pass pass : new Pass[] {new AdaRound(SETTINGS), new BlockReconstruction(SETTINGS)}) {
            Draft draft = Draft.of(TestGraphs.graph().model());

            assertThatThrownBy(() -> pass.apply(draft, new FixedLab(Map.of())))
                    .isInstanceOf(NibbleException.class)
                    .hasMessage(
                            pass.getClass().getSimpleName()
                                    + " needs gradients, and nothing on the class path computes"
                                    + " them; add the artifact dev.nibble:nibble-torch and the"
                                    + " native libraries of its dependencies for this platform");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 16, 1, 0.5, 0.05, iterations is 0.0; it must be at least 1",
        "1, 0, 1, 0.5, 0.05, batch is 0.0; it must be at least 1",
        "1, 1, 0, 0.5, 0.05, samples is 0.0; it must be at least 1",
        "1, 1, 1, 1, 0.05, 'drop is 1.0; it must be in 0..1, 1 excluded'",
        "1, 1, 1, 0.5, 0, roundingRate is 0.0; it must be positive and finite"
    })
    void refusesSettingsThatMakeNoSense(
            int iterations, int batch, int samples, double drop, double rate, String message) {
        assertThatThrownBy(() ->
                        new ReconstructionSettings(
                                iterations, batch, samples, drop, false, rate, 1e-3, 1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
