package dev.nibble.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.engine.EngineOptions;
import dev.nibble.engine.Session;
import dev.nibble.error.NibbleException;
import dev.nibble.graph.Model;
import dev.nibble.opset.OpsetUpgrade;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Every operator in every version that defined it anew computes the same after {@link
 * OpsetUpgrade}.
 *
 * <p>{@code -Dnibble.opsets=FILE} writes the table of verdicts.
 */
class OperatorOpsetTest {
    /** Not optimized, so that the operators themselves are run. */
    private static final EngineOptions PLAIN = new EngineOptions(1, false);

    private static final double TOLERANCE = 1e-6;

    private static final long[] TARGETS = {13, 21, 24};

    /** Defined anew in opset 22, which ONNX Runtime 1.29 has no kernels for. */
    private static final Set<String> WITHOUT_KERNEL_OF_22 =
            Set.of(
                    "Bernoulli",
                    "GlobalLpPool",
                    "MaxRoiPool",
                    "Multinomial",
                    "RandomNormal",
                    "RandomNormalLike",
                    "RandomUniform",
                    "RandomUniformLike",
                    "RoiAlign");

    /** From here on ONNX Runtime promises to run every version. */
    private static final long PROMISED = 7;

    private static final SortedMap<String, List<Long>> OPERATORS = new TreeMap<>();

    static {
        for (String line : lines("operators.txt")) {
            String[] words = line.split(" ");
            OPERATORS.put(
                    words[0],
                    Stream.of(words)
                            .skip(1)
                            .map(word -> Long.valueOf(word.replace("*", "")))
                            .toList());
        }
    }

    /** What came of one operator in one version. */
    enum Verdict {
        EQUAL("equal"),
        EQUAL_TO_REFERENCE("equal to reference"),
        NOT_EXECUTABLE("not executable"),
        UP_TO_DATE("nothing later"),
        EXCUSED("not run");

        private final String words;

        Verdict(String words) {
            this.words = words;
        }
    }

    static List<String> cases() {
        return lines("opset-cases.txt");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void computesTheSameAfterwards(String line) {
        OpsetCase one = OpsetCase.of(line);
        for (long version : versions(one)) {
            boolean executable = version < 22 || !WITHOUT_KERNEL_OF_22.contains(one.opType());
            assertThat(verdict(one, version) != Verdict.NOT_EXECUTABLE)
                    .as("version " + version + " is executable")
                    .isEqualTo(executable || !one.excuse().isEmpty());
        }
    }

    @Test
    void everyVersionIsSaidToBeRewrittenOrTheSame() {
        Map<String, SortedSet<Long>> starred = new TreeMap<>();
        for (String line : lines("operators.txt")) {
            String[] words = line.split(" ");
            Stream.of(words)
                    .filter(word -> word.endsWith("*"))
                    .map(word -> Long.valueOf(word.replace("*", "")))
                    .forEach(version ->
                            starred.computeIfAbsent(words[0], _ -> new TreeSet<>()).add(version));
        }
        assertThat(OpsetUpgrade.rewritten()).isEqualTo(starred);
    }

    @Test
    void everyVersionOfEveryOperatorHasACase() {
        List<OpsetCase> all = cases().stream().map(OpsetCase::of).toList();
        List<String> missing = new ArrayList<>();
        OPERATORS.forEach((opType, versions) ->
                versions.stream()
                        .filter(version ->
                                all.stream()
                                        .noneMatch(one ->
                                                one.opType().equals(opType) && one.covers(version)))
                        .forEach(version -> missing.add(opType + " " + version)));
        assertThat(missing).isEmpty();
        assertThat(OPERATORS.keySet()).containsAll(all.stream().map(OpsetCase::opType).toList());
    }

    @Test
    void theTableOfVerdictsIsWrittenOnDemand() throws IOException {
        String file = System.getProperty("nibble.opsets");
        if (file == null) {
            return;
        }
        StringBuilder table =
                new StringBuilder("| operator | version | verdict |\n|---|---|---|\n");
        Map<Verdict, Integer> counts = new TreeMap<>();
        int networks = 0;
        List<OpsetCase> all = cases().stream().map(OpsetCase::of).toList();
        for (Map.Entry<String, List<Long>> entry : OPERATORS.entrySet()) {
            for (long version : entry.getValue()) {
                List<Verdict> verdicts = new ArrayList<>();
                for (OpsetCase one : all) {
                    if (one.opType().equals(entry.getKey()) && one.covers(version)) {
                        verdicts.add(verdict(one, version));
                    }
                }
                networks += verdicts.size();
                Verdict worst = verdicts.stream().max(Enum::compareTo).orElseThrow();
                counts.merge(worst, 1, Integer::sum);
                table.append("| %s | %d | %s |\n".formatted(entry.getKey(), version, worst.words));
            }
        }
        counts.forEach((verdict, count) -> table.append("\n%d %s".formatted(count, verdict.words)));
        table.append("\n%d networks\n".formatted(networks));
        Files.writeString(Path.of(file), table);
    }

    private static List<Long> versions(OpsetCase one) {
        return Objects.requireNonNull(OPERATORS.get(one.opType()), one.opType()).stream()
                .filter(one::covers)
                .toList();
    }

    private static Verdict verdict(OpsetCase one, long version) {
        if (!one.excuse().isEmpty()) {
            return Verdict.EXCUSED;
        }
        Model before = one.model(version);
        List<String> operands = one.operands();
        Optional<Map<String, Tensor>> expected = run(before, operands);
        Verdict verdict = Verdict.EQUAL;
        if (expected.isEmpty() && (version < PROMISED || !one.reference().isEmpty())) {
            expected = run(one.referenceModel(), one.referenceOperands());
            verdict = Verdict.EQUAL_TO_REFERENCE;
        }
        boolean raised = false;
        for (long target : TARGETS) {
            if (target <= version) {
                continue;
            }
            Model after = OpsetUpgrade.raise(before, target);
            raised = true;
            boolean executable = target < 22 || !WITHOUT_KERNEL_OF_22.contains(one.opType());
            if (expected.isPresent() && executable) {
                Map<String, Tensor> actual =
                        run(after, operands)
                                .orElseThrow(() ->
                                        new AssertionError(
                                                "%s of version %d cannot be run in %d"
                                                        .formatted(one.opType(), version, target)));
                SameTensors.check(expected.get(), actual, TOLERANCE);
            }
        }
        if (expected.isEmpty()) {
            return Verdict.NOT_EXECUTABLE;
        }
        return raised ? verdict : Verdict.UP_TO_DATE;
    }

    /** What a network computes; nothing if ONNX Runtime cannot load it. */
    private static Optional<Map<String, Tensor>> run(Model model, List<String> operands) {
        try (Session session = Networks.ENGINE.open(model, Set.of(), Networks.ONNX, PLAIN)) {
            return Optional.of(Networks.run(session, OpsetCase.feeds(model, operands)));
        } catch (NibbleException refused) {
            return Optional.empty();
        }
    }

    private static List<String> lines(String resource) {
        try (InputStream stream =
                Objects.requireNonNull(OperatorOpsetTest.class.getResourceAsStream(resource))) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
