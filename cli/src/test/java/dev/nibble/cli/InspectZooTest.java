package dev.nibble.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Many networks of other people, where these are at hand. */
class InspectZooTest {
    @ParameterizedTest
    @ValueSource(strings = {"models", "zoo"})
    void everyFileIsShownOrRefusedWithAWord(String folder) throws IOException {
        for (Path model : models(SharedFiles.get(folder))) {
            Run run = Run.of("inspect", model);
            boolean shown = run.exitCode() == ExitCodes.DONE && run.out().contains("mult-adds");
            // one file is from before operator sets
            boolean refused =
                    run.exitCode() == ExitCodes.FAILED && run.err().contains("no operator set");
            assertThat(shown || refused).as(model + ": " + run.err()).isTrue();
        }
    }

    private static List<Path> models(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".onnx")).sorted().toList();
        }
    }
}
