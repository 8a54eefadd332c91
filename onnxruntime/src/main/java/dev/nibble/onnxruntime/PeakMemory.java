package dev.nibble.onnxruntime;

import ai.onnxruntime.OrtEnvironment;

import dev.nibble.engine.Engine;
import dev.nibble.engine.Sample;
import dev.nibble.error.NibbleException;
import dev.nibble.tensor.Tensor;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Starts {@link PeakMemoryProbe} in a process of its own and reads what it found. */
final class PeakMemory {
    private static final long TIMEOUT_MINUTES = 10;

    /**
     * A small and equal share for the virtual machine: one collector thread, one compiler, a young
     * generation of 4 MB.
     */
    private static final List<String> JVM_FLAGS =
            List.of(
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:-UsePerfData",
                    "-Xshare:auto",
                    "-Xms8m",
                    "-Xmn4m",
                    "-Xmx2g",
                    "--enable-native-access=ALL-UNNAMED");

    private PeakMemory() {}

    static OptionalLong of(Path file, Sample sample) {
        try (TemporaryFolder folders = new TemporaryFolder()) {
            Path folder = folders.make();
            Path answer = folder.resolve("answer");
            Path complaints = folder.resolve("complaints");
            int exit = run(command(file, sample, folder, answer), complaints);
            if (exit != 0) {
                throw new NibbleException(
                        "the process that was to load %s and measure its memory ended with code %d: %s"
                                .formatted(file, exit, lastLine(complaints)));
            }
            String found = Files.readString(answer);
            return found.equals(PeakMemoryProbe.UNKNOWN)
                    ? OptionalLong.empty()
                    : OptionalLong.of(Long.parseLong(found));
        } catch (IOException cause) {
            throw new NibbleException(
                    "cannot measure the memory of %s: %s; check that there is room in the temporary folder %s"
                            .formatted(
                                    file, cause.getMessage(), System.getProperty("java.io.tmpdir")),
                    cause);
        }
    }

    private static List<String> command(Path file, Sample sample, Path folder, Path answer)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM_FLAGS);
        String natives = System.getProperty("onnxruntime.native.path");
        if (natives != null) {
            command.add("-Donnxruntime.native.path=" + natives);
        }
        command.add("-classpath");
        command.add(classPath());
        command.add(PeakMemoryProbe.class.getName());
        command.add(answer.toString());
        command.add(file.toAbsolutePath().toString());
        for (Map.Entry<String, Tensor> input : sample.inputs().entrySet()) {
            Tensor tensor = input.getValue();
            Path data = folder.resolve("input" + command.size());
            Files.write(data, tensor.data().toArray(ValueLayout.JAVA_BYTE));
            command.add(input.getKey());
            command.add(tensor.type().name());
            command.add(
                    Arrays.stream(tensor.shape().dims())
                            .mapToObj(Long::toString)
                            .collect(Collectors.joining(",")));
            command.add(data.toString());
        }
        return command;
    }

    /** Where the three things are that the probe needs, whoever loaded them here. */
    private static String classPath() {
        return Stream.of(PeakMemoryProbe.class, Engine.class, OrtEnvironment.class)
                .map(PeakMemory::location)
                .distinct()
                .collect(Collectors.joining(System.getProperty("path.separator")));
    }

    private static String location(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        if (source == null || source.getLocation() == null) {
            // classes from a start-up cache may not know; they come from the class path
            return System.getProperty("java.class.path");
        }
        try {
            return Path.of(source.getLocation().toURI()).toString();
        } catch (URISyntaxException | IllegalArgumentException cause) {
            throw new NibbleException(
                    "cannot run "
                            + source.getLocation()
                            + " in a process of its own; put Nibble's jars on the class path as"
                            + " files",
                    cause);
        }
    }

    private static int run(List<String> command, Path complaints) throws IOException {
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(complaints.toFile())
                        .start();
        try {
            if (!process.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES)) {
                throw new NibbleException(
                        "the process that measures memory did not end within "
                                + TIMEOUT_MINUTES
                                + " minutes; measure with a smaller sample");
            }
            return process.exitValue();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new CancellationException("the measuring of memory was interrupted");
        } finally {
            process.destroyForcibly();
        }
    }

    private static String lastLine(Path complaints) throws IOException {
        List<String> lines =
                Files.readAllLines(complaints).stream()
                        .filter(line -> !line.isBlank() && !line.startsWith("\tat "))
                        .toList();
        return lines.isEmpty() ? "it did not say why" : lines.getLast();
    }
}
