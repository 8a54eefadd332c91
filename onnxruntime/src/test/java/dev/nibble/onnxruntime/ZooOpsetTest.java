package dev.nibble.onnxruntime;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nibble.engine.EngineOptions;
import dev.nibble.engine.Session;
import dev.nibble.engine.generate.GeneratedInputs;
import dev.nibble.error.NibbleException;
import dev.nibble.graph.Model;
import dev.nibble.opset.OpsetUpgrade;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Networks that others published compute the same in a later operator set. */
class ZooOpsetTest {
    /** Not optimized, so that what runtimes recognize in one form only makes no difference. */
    private static final EngineOptions PLAIN = new EngineOptions(1, false);

    /** Rounding of one operator, as Softmax does it along another axis, grows on the way. */
    private static final double TOLERANCE = 1e-5;

    static List<Path> zoo() throws IOException {
        Path folder =
                Stream.of(System.getProperty("nibble.shared"), System.getenv("NIBBLE_SHARED"))
                        .filter(root -> root != null)
                        .map(root -> Path.of(root, "zoo"))
                        .filter(Files::isDirectory)
                        .findFirst()
                        .orElse(Path.of(""));
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> models =
                    files.filter(file -> file.toString().endsWith(".onnx")).sorted().toList();
            return models.isEmpty() ? List.of(Path.of("none")) : models;
        }
    }

    @ParameterizedTest
    @MethodSource("zoo")
    void raisedNetworksComputeTheSame(Path file) {
        assumeTrue(
                Files.exists(file),
                "skipped: no zoo folder where -Dnibble.shared or NIBBLE_SHARED points");
        Model model = readable(file);
        Model raised = OpsetUpgrade.raise(model, 21);
        Map<String, Tensor> inputs =
                GeneratedInputs.of(model, "net", 1, 5, Networks.ENGINE, Networks.ONNX)
                        .orThrow()
                        .get(0)
                        .inputs();
        try (Session before = open(model);
                Session after = open(raised)) {
            SameTensors.check(Networks.run(before, inputs), Networks.run(after, inputs), TOLERANCE);
        }
    }

    /** A network that ONNX Runtime takes as it is; the others are skipped. */
    private static Model readable(Path file) {
        try {
            Model model = Networks.ONNX.read(file);
            open(model).close();
            return model;
        } catch (NibbleException refused) {
            return Assumptions.abort("skipped: " + refused.getMessage());
        }
    }

    private static Session open(Model model) {
        return Networks.ENGINE.open(model, Set.of(), Networks.ONNX, PLAIN);
    }
}
