package dev.nibble.examples.compatibility;

import dev.nibble.Nibble;
import dev.nibble.Quantized;
import dev.nibble.engine.LocalLab;
import dev.nibble.engine.Measurement;
import dev.nibble.engine.Probe;
import dev.nibble.engine.Progress;
import dev.nibble.engine.Sample;
import dev.nibble.engine.Samples;
import dev.nibble.error.NibbleException;
import dev.nibble.onnxruntime.OnnxRuntimeEngine;
import dev.nibble.report.OutputComparison;
import dev.nibble.tensor.Tensor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Quantizes one network in one way and looks at the file that comes of it.
 *
 * @param network the float network
 * @param judging samples for its error
 * @param folder where files may be written
 * @param repeat whether it is done twice, to compare the bytes
 */
record Trial(Nibble network, Samples judging, Path folder, boolean repeat) {
    private static final double NANOS = 1e9;

    /** What came of it. */
    sealed interface Result {}

    /**
     * A network was made.
     *
     * @param recipe name of the recipe that was taken
     * @param ratio bytes of the file over those of the float one
     * @param sqnrDb of its outputs beside the float ones
     * @param same whether a second run gave the same bytes; true if there was none
     */
    record Made(String recipe, double ratio, double sqnrDb, double seconds, boolean same)
            implements Result {}

    /** It was refused, and why. */
    record Refused(String why) implements Result {}

    /** A bug. */
    record Failed(String what) implements Result {}

    Result of(Function<Nibble, Quantized> way) {
        Path file = folder.resolve("made.onnx");
        try {
            long begun = System.nanoTime();
            Quantized quantized = way.apply(network);
            quantized.replace(file);
            double seconds = (System.nanoTime() - begun) / NANOS;
            String recipe = quantized.report().provenance().recipe();
            double ratio = (double) Files.size(file) / Files.size(network.source());
            double sqnrDb = compare(file).sqnrDb();
            String hash = hash(file);
            if (repeat) {
                way.apply(Nibble.read(network.source())).replace(file);
            }
            return new Made(recipe, ratio, sqnrDb, seconds, hash.equals(hash(file)));
        } catch (NibbleException refused) {
            return new Refused(String.valueOf(refused.getMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException bug) {
            return new Failed(String.valueOf(bug));
        }
    }

    private OutputComparison compare(Path file) {
        Nibble made = Nibble.read(file);
        String first = network.model().graph().outputs().getFirst().name();
        Measurement<OutputComparison> measurement =
                new Measurement<>() {
                    @Override
                    public OutputComparison nothing() {
                        return OutputComparison.NOTHING;
                    }

                    @Override
                    public OutputComparison measure(
                            Sample sample, List<Map<String, Tensor>> outputs) {
                        return OutputComparison.of(first, outputs.get(0), outputs.get(1));
                    }
                };
        return new LocalLab(
                        judging,
                        new OnnxRuntimeEngine(),
                        network.format(),
                        Runtime.getRuntime().availableProcessors(),
                        1,
                        Progress.NONE)
                .measure(
                        "judging",
                        List.of(Probe.outputsOf(network.model()), Probe.outputsOf(made.model())),
                        measurement);
    }

    private static String hash(Path file) throws IOException {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
