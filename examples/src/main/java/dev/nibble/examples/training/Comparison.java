package dev.nibble.examples.training;

import dev.nibble.engine.EngineOptions;
import dev.nibble.engine.Outputs;
import dev.nibble.engine.Session;
import dev.nibble.engine.generate.GeneratedInputs;
import dev.nibble.error.NibbleException;
import dev.nibble.formats.onnx.OnnxFormat;
import dev.nibble.graph.Model;
import dev.nibble.onnxruntime.OnnxRuntimeEngine;
import dev.nibble.prepare.Preparation;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Tensor;
import dev.nibble.torch.graph.TorchGraph;
import dev.nibble.torch.graph.Unsupported;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** What a network computes on libtorch, beside what ONNX Runtime computes. */
public sealed interface Comparison {
    /** Numbers of a picture lie between 0 and 1. */
    int PICTURE_RANK = 4;

    /** Outputs below this size count as being of it: ONNX Runtime rounds tiny probabilities. */
    double LEAST_SIZE = 1e-3;

    long SEED = 5;

    /**
     * It ran.
     *
     * @param error size of the difference by the size of the output (roots of mean squares, the
     *     latter at least {@link #LEAST_SIZE}), for the worst output
     */
    record Ran(double error) implements Comparison {}

    /** It does not run, for this reason. */
    record Left(String why) implements Comparison {}

    /** Compares one network file, on inputs that are made up. */
    static Comparison of(Path file) {
        OnnxFormat format = new OnnxFormat();
        OnnxRuntimeEngine engine = new OnnxRuntimeEngine();
        try {
            Model given = format.read(file);
            Model prepared = Preparation.of(given).model();
            List<Unsupported> left = TorchGraph.unsupported(prepared);
            if (!left.isEmpty()) {
                return new Left(summary(left));
            }
            Map<String, Tensor> inputs = new HashMap<>();
            GeneratedInputs.of(given, given.graph().name(), 1, SEED, engine, format)
                    .orThrow()
                    .get(0)
                    .inputs()
                    .forEach((name, tensor) -> inputs.put(name, bounded(tensor)));
            try (Session session =
                            engine.open(given, Set.of(), format, EngineOptions.SINGLE_THREAD);
                    Outputs theirs = session.run(inputs);
                    TorchGraph network = TorchGraph.of(prepared)) {
                Map<String, Tensor> ours = network.infer(inputs);
                return new Ran(
                        theirs.tensors().entrySet().stream()
                                .mapToDouble(output ->
                                        error(
                                                Objects.requireNonNull(ours.get(output.getKey())),
                                                output.getValue()))
                                .max()
                                .orElseThrow());
            }
        } catch (NibbleException refused) {
            String message = String.valueOf(refused.getMessage());
            return new Left(message.replace(file.toString(), "the file"));
        }
    }

    private static String summary(List<Unsupported> left) {
        return left.stream()
                .map(one -> one.operator() + ": " + one.reason())
                .distinct()
                .sorted()
                .collect(Collectors.joining("; "));
    }

    private static Tensor bounded(Tensor tensor) {
        if (tensor.type() != DataType.FLOAT32 || tensor.shape().rank() != PICTURE_RANK) {
            return tensor;
        }
        float[] values = tensor.floats();
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (1 / (1 + Math.exp(-values[i])));
        }
        return Tensor.ofFloats(tensor.shape(), values);
    }

    private static double error(Tensor ours, Tensor theirs) {
        if (!ours.shape().equals(theirs.shape())) {
            return Double.POSITIVE_INFINITY;
        }
        float[] made = ours.floats();
        float[] expected = theirs.floats();
        double difference = 0;
        double size = 0;
        for (int i = 0; i < made.length; i++) {
            difference += Math.pow(made[i] - expected[i], 2);
            size += Math.pow(expected[i], 2);
        }
        double least = made.length * LEAST_SIZE * LEAST_SIZE;
        double error = Math.sqrt(difference / Math.max(size, Math.max(least, Double.MIN_NORMAL)));
        return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
    }
}
