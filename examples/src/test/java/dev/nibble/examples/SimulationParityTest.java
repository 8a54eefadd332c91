package dev.nibble.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nibble.engine.EngineOptions;
import dev.nibble.engine.LocalLab;
import dev.nibble.engine.Outputs;
import dev.nibble.engine.Progress;
import dev.nibble.engine.Sample;
import dev.nibble.engine.Samples;
import dev.nibble.engine.Session;
import dev.nibble.formats.data.DataSet;
import dev.nibble.formats.image.Preprocessing;
import dev.nibble.formats.onnx.OnnxFormat;
import dev.nibble.graph.Model;
import dev.nibble.ladder.Climb;
import dev.nibble.ladder.Goal;
import dev.nibble.ladder.Ladder;
import dev.nibble.onnxruntime.OnnxRuntimeEngine;
import dev.nibble.pass.Draft;
import dev.nibble.plan.Recipes;
import dev.nibble.prepare.Preparation;
import dev.nibble.tensor.Tensor;
import dev.nibble.torch.operator.TorchTensors;
import dev.nibble.torch.simulate.Simulation;
import dev.nibble.train.TrainingSettings.Ranges;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** What training simulates is what ONNX Runtime computes, once it is written down. */
class SimulationParityTest {
    private static final int SAMPLES = 20;

    /**
     * Samples in which one value in the middle between two codes may turn over many behind it, as
     * happens with few bits; all others have to agree.
     */
    private static final int TURNED = 2;

    /** Of outputs, as a part of their power. */
    private static final double TIES = 1e-3;

    @ParameterizedTest
    @CsvSource({
        "resnet.onnx, int8",
        "resnet.onnx, w4a4",
        "resnet.onnx, w3a3",
        "resnet.onnx, w2a2",
        "mobilenet.onnx, int8",
        "mobilenet.onnx, w4a8",
        "mobilenet.onnx, w4a4",
        "mobilenet.onnx, w3a3",
        "mobilenet.onnx, w2a2",
        "mobilenet.onnx, int8-weights",
        "mobilenet.onnx, int4-weights"
    })
    void theEmbeddedNetworks(String file, String recipe) {
        Path folder = Path.of("../cli/src/main/resources/dev/nibble/cli/demo");
        Model model = new OnnxFormat().read(folder.resolve(file));
        check(model, recipe, new ShapeSamples(ShapeSets.CALIBRATION, SAMPLES));
    }

    @ParameterizedTest
    @CsvSource({
        "resnet20_cifar10, w4a4",
        "mobilenetv2_cifar10, w4a8",
        "mobilenetv2_cifar10, w4a4",
        "mobilenetv2_cifar10, int8-per-tensor"
    })
    void realNetworks(String name, String recipe) {
        Model model = new OnnxFormat().read(shared("models/" + name + ".onnx"));
        DataSet images = DataSet.open(shared("data/cifar10/cifar10-test.zip")).subset(SAMPLES, 0);
        check(model, recipe, images.samples(model, Preprocessing.parse("imagenet,resize=exact")));
    }

    private static void check(Model model, String recipe, Samples samples) {
        LocalLab lab =
                new LocalLab(
                        samples, new OnnxRuntimeEngine(), new OnnxFormat(), 1, 1, Progress.NONE);
        Climb climb =
                Ladder.climb(Preparation.of(model).model(), Recipes.named(recipe), Goal.QUICK, lab);

        double error = difference(climb.draft(), climb.lowered(), samples, false);
        double normalized = difference(climb.draft(), climb.lowered(), samples, true);
        double learned;
        try (PointerScope _ = new PointerScope()) {
            // what nothing was learned in comes back as it was
            Draft same = new Simulation(climb.draft(), Ranges.LEARNED, false).learned();
            learned = difference(same, climb.lowered(), samples, false);
        }
        // a value in the middle between two codes may get the other one, and others follow it
        assertThat(error).isLessThan(TIES);
        assertThat(normalized).isLessThan(TIES);
        assertThat(learned).isLessThan(TIES);
    }

    /** Of the sample that differs the most, but for those that may have turned over. */
    private static double difference(
            Draft draft, Model lowered, Samples samples, boolean normalizing) {
        String input = draft.graph().fedInputs().getFirst().name();
        String output = draft.graph().outputs().getFirst().name();
        List<Double> differences = new ArrayList<>();
        try (PointerScope _ = new PointerScope();
                NoGradGuard _ = new NoGradGuard();
                Session session = session(lowered)) {
            Simulation simulation = new Simulation(draft, Ranges.FIXED, normalizing);
            for (int i = 0; i < samples.size(); i++) {
                Sample sample = samples.get(i);
                Tensor fed = Objects.requireNonNull(sample.inputs().get(input));
                float[] simulated =
                        TorchTensors.fromTorch(
                                        Objects.requireNonNull(
                                                simulation
                                                        .run(
                                                                Map.of(
                                                                        input,
                                                                        TorchTensors.toTorch(fed)),
                                                                false,
                                                                List.of(output))
                                                        .get(output)))
                                .floats();
                try (Outputs outputs = session.run(sample.inputs())) {
                    float[] real = Objects.requireNonNull(outputs.tensors().get(output)).floats();
                    double error = 0;
                    double power = 0;
                    for (int j = 0; j < real.length; j++) {
                        error += Math.pow(simulated[j] - real[j], 2);
                        power += Math.pow(real[j], 2);
                    }
                    differences.add(error / power);
                }
            }
        }
        Collections.sort(differences);
        return differences.get(differences.size() - 1 - TURNED);
    }

    private static Session session(Model model) {
        return new OnnxRuntimeEngine()
                .open(model, Set.of(), new OnnxFormat(), EngineOptions.SINGLE_THREAD);
    }

    private static Path shared(String path) {
        Path root =
                Path.of(
                        Optional.ofNullable(System.getProperty("nibble.shared"))
                                .or(() -> Optional.ofNullable(System.getenv("NIBBLE_SHARED")))
                                .orElse("../../shared"));
        Path file = root.resolve(path);
        assumeTrue(Files.exists(file), file + " is not there: set NIBBLE_SHARED");
        return file;
    }
}
