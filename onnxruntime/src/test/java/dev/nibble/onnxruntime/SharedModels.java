package dev.nibble.onnxruntime;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Networks that are too large for the repository; tests that want them are skipped without. */
final class SharedModels {
    private SharedModels() {}

    static Path get(String name) {
        return get("models", name);
    }

    /** One of the small networks that others published. */
    static Path inZoo(String name) {
        return get("zoo", name);
    }

    private static Path get(String folder, String name) {
        Optional<Path> file =
                Optional.ofNullable(System.getProperty("nibble.shared"))
                        .or(() -> Optional.ofNullable(System.getenv("NIBBLE_SHARED")))
                        .map(root -> Path.of(root, folder, name + ".onnx"))
                        .filter(Files::exists);
        assumeTrue(
                file.isPresent(),
                "skipped: no "
                        + name
                        + ".onnx in the folder that -Dnibble.shared or NIBBLE_SHARED names");
        return file.orElseThrow();
    }
}
