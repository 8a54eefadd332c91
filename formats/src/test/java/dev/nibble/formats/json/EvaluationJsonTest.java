package dev.nibble.formats.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.cost.Arithmetic;
import dev.nibble.cost.EnergyEstimate;
import dev.nibble.cost.MemoryLevel;
import dev.nibble.cost.Throughput;
import dev.nibble.cost.Work;
import dev.nibble.engine.Latency;
import dev.nibble.engine.NoSamples;
import dev.nibble.formats.data.Views.View;
import dev.nibble.observe.ErrorStatistic;
import dev.nibble.report.Accuracy;
import dev.nibble.report.Candidate;
import dev.nibble.report.ClassChanges;
import dev.nibble.report.Evaluation;
import dev.nibble.report.Evaluation.Answers;
import dev.nibble.report.Evaluation.Entry;
import dev.nibble.report.OutputComparison;
import dev.nibble.report.Score;
import dev.nibble.report.Speed;
import dev.nibble.task.Task;
import dev.nibble.task.TaskGuess;
import dev.nibble.task.TaskMeasure;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

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
                  "classes" : null,
                  "taskMeasures" : null,
                  "samplesWithNaN" : 0,
                  "samplesOfOtherShapes" : 0,
                  "sizeBytes" : 1000,
                  "latencyMs" : {
                    "median" : 2.0,
                    "p95" : 3.0,
                    "ratio" : 1.0
                  },
                  "latencyAllThreadsMs" : {
                    "median" : 1.0,
                    "p95" : 1.5,
                    "ratio" : 1.0,
                    "threads" : 4
                  },
                  "samplesPerSecond" : 100.0,
                  "loadMs" : 30.0,
                  "energy" : {
                    "measuredJoules" : 0.5,
                    "unmeasured" : null,
                    "estimate" : {
                      "joules" : 2.0,
                      "low" : 1.0,
                      "high" : 3.0,
                      "arithmetic" : 0.25,
                      "multiplyAdds" : {
                        "float32" : 1000
                      },
                      "weightBytes" : 8,
                      "activationBytes" : 0,
                      "bytes" : {
                        "8 KB cache" : 8
                      },
                      "notCounted" : [ ],
                      "process" : "45 nm",
                      "source" : "M. Horowitz, Computing's energy problem (and what we can do about it), ISSCC 2014"
                    }
                  },
                  "costPerMillion" : 1.0,
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
                  "classes" : {
                    "rows" : [
                      {
                        "label" : 3,
                        "samples" : 4,
                        "before" : 0.75,
                        "after" : 0.5,
                        "afterInterval" : [
                          0.15003898915214947,
                          0.8499610108478506
                        ],
                        "lost" : 1,
                        "gained" : 0,
                        "probabilityOfChance" : null
                      }
                    ],
                    "turned" : [
                      {
                        "before" : 3,
                        "after" : 1,
                        "samples" : 1,
                        "lost" : 1,
                        "gained" : 0
                      }
                    ]
                  },
                  "taskMeasures" : {
                    "cosine" : {
                      "value" : 0.9,
                      "low" : 0.8,
                      "high" : null
                    }
                  },
                  "samplesWithNaN" : 0,
                  "samplesOfOtherShapes" : 0,
                  "sizeBytes" : 250,
                  "latencyMs" : {
                    "median" : 1.0,
                    "p95" : 1.5,
                    "ratio" : 0.5
                  },
                  "latencyAllThreadsMs" : {
                    "median" : 1.0,
                    "p95" : 1.5,
                    "ratio" : 1.0,
                    "threads" : 4
                  },
                  "samplesPerSecond" : 200.0,
                  "loadMs" : 30.0,
                  "energy" : {
                    "measuredJoules" : null,
                    "unmeasured" : "no counters",
                    "estimate" : {
                      "joules" : 2.0,
                      "low" : 1.0,
                      "high" : 3.0,
                      "arithmetic" : 0.25,
                      "multiplyAdds" : {
                        "int8" : 1000
                      },
                      "weightBytes" : 8,
                      "activationBytes" : 0,
                      "bytes" : {
                        "8 KB cache" : 8
                      },
                      "notCounted" : [ ],
                      "process" : "45 nm",
                      "source" : "M. Horowitz, Computing's energy problem (and what we can do about it), ISSCC 2014"
                    }
                  },
                  "costPerMillion" : 0.5,
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
              "engine" : "functions 1",
              "pricePerHour" : 0.36,
              "task" : {
                "name" : "classification",
                "why" : "as given"
              }
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
                        new TaskGuess(Task.CLASSIFICATION, "as given"),
                        List.of(
                                new Entry(
                                        FLOAT,
                                        score(none, 4, new Accuracy(4, 3, 4, 0, 0)),
                                        1000,
                                        speed(new Latency(2, 3), 100, OptionalDouble.of(0.5)),
                                        5000,
                                        energy(Arithmetic.FLOAT32),
                                        Answers.NONE),
                                new Entry(
                                        INT8,
                                        score(some, 3, new Accuracy(4, 2, 4, 0, 1)),
                                        250,
                                        speed(
                                                new Latency(1, 1.5, 0.5),
                                                200,
                                                OptionalDouble.empty()),
                                        Entry.UNKNOWN,
                                        energy(Arithmetic.INT8),
                                        answers())),
                        OptionalDouble.of(0.36));

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
                        new TaskGuess(Task.CLASSIFICATION, "as given"),
                        List.of(
                                new Entry(
                                        FLOAT,
                                        unlabelled,
                                        1000,
                                        speed(new Latency(2, 3), 100, OptionalDouble.empty()),
                                        5000,
                                        energy(Arithmetic.FLOAT32),
                                        Answers.NONE)));

        assertThat(JsonText.of(EvaluationJson.data(evaluation, List.of(view(FLOAT, "", "")))))
                .contains(
                        "\"top1\" : null",
                        "\"top5\" : null",
                        "\"top1Difference\" : null",
                        "\"agreement\" : null",
                        "\"costPerMillion\" : null",
                        "\"pricePerHour\" : null")
                .contains("\"sqnrDb\" : null", "\"cosine\" : null", "\"maxError\" : null");
    }

    private static Answers answers() {
        return new Answers(
                new ClassChanges(
                        Map.of(3, new Accuracy(4, 2, 4, 0, 1)),
                        Map.of(new ClassChanges.Turn(3, 1), new ClassChanges.Count(1, 1, 0))),
                List.of(
                        new TaskMeasure(
                                "cosine", 0.9, OptionalDouble.of(0.8), OptionalDouble.empty())));
    }

    private static Speed speed(Latency one, double perSecond, OptionalDouble joules) {
        String obstacle = joules.isPresent() ? "" : "no counters";
        return new Speed(
                one, new Latency(1, 1.5), 4, 30, new Throughput(perSecond, joules, obstacle));
    }

    private static EnergyEstimate energy(Arithmetic arithmetic) {
        Map<MemoryLevel, Long> bytes = Map.of(MemoryLevel.CACHE_8K, 8L);
        return new EnergyEstimate(
                new Work(Map.of(arithmetic, 1000L), 8, 0, bytes, List.of()), 0.25, 1, 3);
    }

    private static View view(Path file, String preprocessing, String source) {
        return new View(new Candidate(file, NoSamples.INSTANCE), preprocessing, source);
    }

    private static Score score(ErrorStatistic error, long agreeing, Accuracy accuracy) {
        return new Score(new OutputComparison(Map.of("y", error), agreeing, 4, 4), accuracy, 0);
    }
}
