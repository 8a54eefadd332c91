package dev.nibble.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.Nibble;
import dev.nibble.Quantized;
import dev.nibble.engine.EngineOptions;
import dev.nibble.engine.NoSamples;
import dev.nibble.engine.Sample;
import dev.nibble.engine.Samples;
import dev.nibble.engine.Session;
import dev.nibble.graph.Model;
import dev.nibble.observe.ErrorStatistic;
import dev.nibble.pass.Finding;
import dev.nibble.plan.Recipe;
import dev.nibble.prepare.Preparation;
import dev.nibble.report.NodeRow;
import dev.nibble.tensor.Tensor;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A network on the way that users go: written to a file, read, quantized, written, and run by ONNX
 * Runtime beside the given one.
 */
record Quantizing(Model given, Quantized quantized, Path file, Samples samples) {
    static Quantizing of(Path folder, Model given, Recipe recipe, Samples samples) {
        Path source = folder.resolve("given.onnx");
        Networks.ONNX.write(given, source);
        Path target = folder.resolve("quantized.onnx");
        Nibble network = Nibble.read(source).threads(1);
        Quantized quantized =
                recipe.needsSamples()
                        ? network.quantize(recipe, samples)
                        : network.quantize(recipe, NoSamples.INSTANCE);
        quantized.replace(target);
        return new Quantizing(given, quantized, target, samples);
    }

    /** The signal to noise ratio over all outputs and samples. */
    double sqnrDb() {
        try (Session first = Networks.open(given);
                Session second = Networks.ENGINE.open(file, EngineOptions.SINGLE_THREAD)) {
            return error(first, second, samples).measures().sqnrDb();
        }
    }

    /** Checks that preparing alone does not change what a network computes. */
    static Preparation prepared(Model given, Samples samples, double relativeError) {
        Preparation prepared = Preparation.of(given);
        try (Session first = Networks.open(given);
                Session second = Networks.open(prepared.model())) {
            ErrorStatistic error = error(first, second, samples);
            assertThat(Math.sqrt(error.errorSquares()))
                    .as("error of the prepared network")
                    .isLessThanOrEqualTo(relativeError * Math.sqrt(error.referenceSquares()));
        }
        return prepared;
    }

    private static ErrorStatistic error(Session first, Session second, Samples samples) {
        ErrorStatistic sum = ErrorStatistic.NOTHING;
        for (int i = 0; i < samples.size(); i++) {
            Map<String, Tensor> inputs = samples.get(i).inputs();
            Map<String, Tensor> expected = Networks.run(first, inputs);
            Map<String, Tensor> actual = Networks.run(second, inputs);
            assertThat(actual).containsOnlyKeys(expected.keySet());
            for (Map.Entry<String, Tensor> output : expected.entrySet()) {
                Tensor other = Networks.get(actual, output.getKey());
                assertThat(other.type()).isEqualTo(output.getValue().type());
                assertThat(other.shape()).isEqualTo(output.getValue().shape());
                if (other.isFloatingPoint()) {
                    sum = sum.merge(ErrorStatistic.of(output.getValue(), other));
                } else {
                    assertThat(other).isEqualTo(output.getValue());
                }
            }
        }
        return sum;
    }

    /** What became of a node, as in {@code weights} or {@code float}. */
    String decision(String node) {
        return row(node).decision();
    }

    NodeRow row(String node) {
        return quantized.report().nodes().stream()
                .filter(row -> row.node().equals(node))
                .findFirst()
                .orElseThrow(() ->
                        new AssertionError(
                                "no node " + node + " in " + quantized.report().nodes()));
    }

    /** What the report says that a step did. */
    List<String> applied(String step) {
        return quantized.report().findings().stream()
                .flatMap(finding ->
                        finding instanceof Finding.Applied(String pass, _, String what)
                                        && pass.equals(step)
                                ? List.of(what).stream()
                                : List.<String>of().stream())
                .toList();
    }

    /** Samples given one by one. */
    record Given(List<Map<String, Tensor>> inputs) implements Samples {
        /** As many as wanted, made by their number. */
        static Given of(int count, java.util.function.IntFunction<Map<String, Tensor>> make) {
            return new Given(IntStream.range(0, count).mapToObj(make).toList());
        }

        @Override
        public int size() {
            return inputs.size();
        }

        @Override
        public Sample get(int index) {
            return new Sample("given " + index, inputs.get(index), Sample.UNLABELLED);
        }

        @Override
        public boolean labelled() {
            return false;
        }

        @Override
        public String description() {
            return size() + " given tensors";
        }
    }
}
