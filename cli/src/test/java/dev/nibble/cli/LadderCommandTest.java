package dev.nibble.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How {@code nibble quantize} climbs, judges and stops. */
class LadderCommandTest {
    @TempDir private Path folder;

    private Path model;
    private Path images;
    private Path output;

    @BeforeEach
    void drawAndWrite() throws IOException {
        model = TinyNetworks.write(folder.resolve("tiny.onnx"));
        images = DrawnImages.inClassFolders(folder.resolve("images"), 5);
        output = folder.resolve("small.onnx");
    }

    private Run quantize(Object... more) {
        List<Object> words =
                new ArrayList<>(
                        List.of(
                                "quantize",
                                model,
                                "-o",
                                output,
                                "--data",
                                images,
                                "--preprocess",
                                "unit"));
        words.addAll(List.of(more));
        return Run.of(words.toArray());
    }

    private static JsonNode json(Run run) throws IOException {
        assertThat(run.exitCode()).as(run.err()).isIn(ExitCodes.DONE, ExitCodes.LIMIT_MISSED);
        return new ObjectMapper().readTree(run.out());
    }

    @Test
    void aFifthOfTheSamplesJudges() throws IOException {
        JsonNode report = json(quantize("--json", "-"));
        assertThat(report.at("/error/samples").intValue()).isEqualTo(3);
        assertThat(report.at("/verdict/judgedOn").textValue())
                .isEqualTo("3 calibration samples held out; then fitted again to all 15");
        assertThat(report.at("/rungs/0/pass").textValue()).isEqualTo("rounding to nearest");
        assertThat(report.at("/rungs/1/pass").textValue()).isEqualTo("BiasCorrection");
    }

    @Test
    void whereTimeAllowsEverySampleJudges() throws IOException {
        JsonNode report = json(quantize("--json", "-", "--effort", "good"));
        assertThat(report.at("/error/samples").intValue()).isEqualTo(15);
        assertThat(report.at("/verdict/judgedOn").textValue())
                .isEqualTo(
                        "15 calibration samples, each half judging fits to the other; then fitted"
                                + " again to all 15");
    }

    @Test
    void samplesGivenToJudgeAreTheOnesThatJudge() throws IOException {
        Path others = DrawnImages.inClassFolders(folder.resolve("others"), 7);
        JsonNode report = json(quantize("--json", "-", "--val", others));
        assertThat(report.at("/error/samples").intValue()).isEqualTo(21);
        assertThat(report.at("/verdict/judgedOn").textValue())
                .isEqualTo("21 samples given to judge on");
    }

    @Test
    void aRepairIsKeptOnlyWhereTheOutputsComeNearer() throws IOException {
        JsonNode rungs = json(quantize("--json", "-", "--effort", "good")).get("rungs");
        double best = rungs.get(0).get("sqnrDb").doubleValue();
        for (JsonNode rung : rungs) {
            double reached = rung.get("sqnrDb").doubleValue();
            boolean first = rung.equals(rungs.get(0));
            assertThat(rung.get("kept").booleanValue()).isEqualTo(first || reached > best + 0.02);
            best = Math.max(best, reached);
        }
    }

    @Test
    void aLimitThatIsMetEndsTheClimb() throws IOException {
        JsonNode report = json(quantize("--json", "-", "--effort", "good", "--min-sqnr", 1));
        assertThat(report.at("/verdict/met").booleanValue()).isTrue();
        assertThat(report.get("rungs")).hasSize(1);
        assertThat(output).exists();
    }

    @Test
    void aLimitThatIsMissedWritesNothing() {
        Run run = quantize("--min-sqnr", 200, "--passes", "none", "--recipe", "int8-per-tensor");
        assertThat(run.exitCode()).isEqualTo(ExitCodes.LIMIT_MISSED);
        assertThat(run.out()).contains("SQNR of at least 200.0 dB: missed", "--allow-miss");
        assertThat(output).doesNotExist();
    }

    @Test
    void aMissThatIsAllowedIsWrittenAndStillToldByTheExitCode() {
        Run run = quantize("--min-sqnr", 200, "--allow-miss");
        assertThat(run.exitCode()).isEqualTo(ExitCodes.LIMIT_MISSED);
        assertThat(run.out()).contains("missed");
        assertThat(output).exists();
    }

    @Test
    void theDropOfTop1IsJudgedOnLabels() throws IOException {
        JsonNode report = json(quantize("--json", "-", "--max-drop", 100));
        assertThat(report.at("/verdict/met").booleanValue()).isTrue();
        assertThat(report.at("/verdict/top1Change").isNumber()).isTrue();
    }

    @Test
    void labelsOfOtherClassesMatterOnlyToADrop() throws IOException {
        Path other = DrawnImages.withLabels(folder.resolve("other"), 4);
        Files.writeString(
                other.resolve("labels.csv"), "file,label\n0.png,0\n1.png,77\n2.png,1\n3.png,2\n");
        JsonNode report = json(quantize("--json", "-", "--val", other));
        assertThat(report.at("/error/samples").intValue()).isEqualTo(4);
        Run drop = quantize("--max-drop", 1, "--val", other, "--force");
        assertThat(drop.exitCode()).isEqualTo(ExitCodes.FAILED);
        assertThat(drop.err()).contains("label 77");
    }

    @Test
    void aDropWithoutLabelsCannotBeJudged() throws IOException {
        Path unlabelled = DrawnImages.withLabels(folder.resolve("plain"), 4);
        Files.delete(unlabelled.resolve("labels.csv"));
        Run run = quantize("--max-drop", 1, "--val", unlabelled);
        assertThat(run.exitCode()).isEqualTo(ExitCodes.FAILED);
        assertThat(run.err()).contains("no labels", "--min-agreement");
        assertThat(output).doesNotExist();
    }

    @Test
    void exactlyTheWantedPassesAreApplied() throws IOException {
        JsonNode none = json(quantize("--json", "-", "--passes", "none"));
        assertThat(none.get("rungs")).hasSize(1);
        assertThat(none.get("findings").toString()).doesNotContain("BiasCorrection");
        JsonNode one = json(quantize("--json", "-", "--force", "--passes", "BiasCorrection"));
        assertThat(one.at("/rungs/0/pass").textValue()).isEqualTo("BiasCorrection");
        assertThat(one.get("findings").toString()).contains("BiasCorrection");
    }

    @Test
    void aPassThatIsNotKnownIsNamed() {
        Run run = quantize("--passes", "BiasCorection");
        assertThat(run.exitCode()).isEqualTo(ExitCodes.FAILED);
        assertThat(run.err()).contains("no pass \"BiasCorection\"", "BiasCorrection");
    }

    @Test
    void anEffortThatIsNotKnownIsNamed() {
        Run run = quantize("--effort", "bets");
        assertThat(run.exitCode()).isEqualTo(ExitCodes.FAILED);
        assertThat(run.err()).contains("\"bets\"", "quick, good, best");
    }

    @Test
    void limitsThatContradictEachOtherAreRefused() {
        assertThat(quantize("--min-sqnr", 1, "--max-drop", 1).exitCode())
                .isEqualTo(ExitCodes.USAGE);
        assertThat(quantize("--allow-miss").exitCode()).isEqualTo(ExitCodes.USAGE);
        assertThat(quantize("--min-agreement", 95).exitCode()).isEqualTo(ExitCodes.USAGE);
        assertThat(quantize("--max-size", 0).exitCode()).isEqualTo(ExitCodes.USAGE);
        assertThat(output).doesNotExist();
    }

    @Test
    void aSizeThatFourBitsDoNotReachIsMissed() {
        // so small a network is mostly names
        Run run = quantize("--recipe", "w4a8", "--max-size", 0.1);
        assertThat(run.exitCode()).isEqualTo(ExitCodes.LIMIT_MISSED);
        assertThat(run.out())
                .contains("MixedPrecisionSearch", "at most 0.1 of the float size: missed");
        assertThat(output).doesNotExist();
    }
}
