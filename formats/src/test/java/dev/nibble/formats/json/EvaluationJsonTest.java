package dev.nibble.formats.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.engine.Latency;
import dev.nibble.engine.NoSamples;
import dev.nibble.formats.data.Views.View;
import dev.nibble.observe.ErrorStatistic;
import dev.nibble.report.Accuracy;
import dev.nibble.report.Candidate;
import dev.nibble.report.Evaluation;
import dev.nibble.report.Evaluation.Entry;
import dev.nibble.report.OutputComparison;
import dev.nibble.report.Score;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

class EvaluationJsonTest {
    private static final Path FLOAT = Path.of("float.onnx");
    private static final Path INT8 = Path.of("int8.onnx");

    private static final String EXPECTED =
            """
            {
              "kind" : "evaluation",
              "models" : [
                {
                  "path" : "float.onnx",
                  "top1" : 0.75,
                  "top5" : 1.0,
                  "top1Difference" : {
                    "mean" : 0.0,
                    "standardError" : 0.0,
                    "gained" : 0,
                    "lost" : 0,
                    "probabilityOfChance" : 1.0
                  },
                  "agreement" : 1.0,
                  "agreementInterval" : [
                    0.5101091635454027,
                    1.0
                  ],
                  "sqnrDb" : null,
                  "cosine" : 1.0,
                  "maxError" : 0.0,
                  "samplesWithNaN" : 0,
                  "sizeBytes" : 1000,
                  "latencyMs" : {
                    "median" : 2.0,
                    "p95" : 3.0,
                    "ratio" : 1.0
                  },
                  "peakMemoryBytes" : 5000,
                  "preprocess" : "tf,resize=exact",
                  "preprocessSource" : "as given"
                },
                {
                  "path" : "int8.onnx",
                  "top1" : 0.5,
                  "top5" : 1.0,
                  "top1Difference" : {
                    "mean" : -0.25,
                    "standardError" : 0.25,
                    "gained" : 0,
                    "lost" : 1,
                    "probabilityOfChance" : 1.0
                  },
                  "agreement" : 0.75,
                  "agreementInterval" : [
                    0.30064184258240184,
                    0.9544127391902995
                  ],
                  "sqnrDb" : 20.0,
                  "cosine" : 1.0,
                  "maxError" : 0.5,
                  "samplesWithNaN" : 0,
                  "sizeBytes" : 250,
                  "latencyMs" : {
                    "median" : 1.0,
                    "p95" : 1.5,
                    "ratio" : 0.5
                  },
                  "peakMemoryBytes" : null,
                  "preprocess" : null,
                  "preprocessSource" : null
                }
              ],
              "samples" : {
                "description" : "4 rows",
                "count" : 4,
                "labelled" : 4
              },
              "engine" : "functions 1"
            }\
            """;

    @Test
    void every_network_is_an_object_with_the_documented_fields() {
        ErrorStatistic none = new ErrorStatistic(40, 400, 400, 400, 0, 0);
        ErrorStatistic some = new ErrorStatistic(40, 400, 324, 360, 4, 0.5);
        Evaluation evaluation =
                new Evaluation(
                        "functions 1",
                        "4 rows",
                        List.of(
                                new Entry(
                                        FLOAT,
                                        score(none, 4, new Accuracy(4, 3, 4, 0, 0)),
                                        1000,
                                        new Latency(2, 3),
                                        5000),
                                new Entry(
                                        INT8,
                                        score(some, 3, new Accuracy(4, 2, 4, 0, 1)),
                                        250,
                                        new Latency(1, 1.5, 0.5),
                                        Entry.UNKNOWN)));

        assertThat(
                        JsonText.of(
                                EvaluationJson.data(
                                        evaluation,
                                        List.of(
                                                view(FLOAT, "tf,resize=exact", "as given"),
                                                view(INT8, "", "")))))
                .isEqualTo(EXPECTED);
    }

    @Test
    void what_cannot_be_known_is_null() {
        Score unlabelled = new Score(new OutputComparison(Map.of(), 0, 0, 4), Accuracy.NOTHING, 0);
        Evaluation evaluation =
                new Evaluation(
                        "functions 1",
                        "4 rows",
                        List.of(new Entry(FLOAT, unlabelled, 1000, new Latency(2, 3), 5000)));

        assertThat(JsonText.of(EvaluationJson.data(evaluation, List.of(view(FLOAT, "", "")))))
                .contains(
                        "\"top1\" : null",
                        "\"top5\" : null",
                        "\"top1Difference\" : null",
                        "\"agreement\" : null")
                .contains("\"sqnrDb\" : null", "\"cosine\" : null", "\"maxError\" : null");
    }

    private static View view(Path file, String preprocessing, String source) {
        return new View(new Candidate(file, NoSamples.INSTANCE), preprocessing, source);
    }

    private static Score score(ErrorStatistic error, long agreeing, Accuracy accuracy) {
        return new Score(new OutputComparison(Map.of("y", error), agreeing, 4, 4), accuracy, 0);
    }
}
