package dev.nibble.onnxruntime;

import static dev.nibble.onnxruntime.Networks.floats;
import static dev.nibble.onnxruntime.Networks.get;
import static dev.nibble.onnxruntime.Networks.info;
import static dev.nibble.onnxruntime.Networks.open;
import static dev.nibble.onnxruntime.Networks.rows;
import static dev.nibble.onnxruntime.Networks.run;
import static dev.nibble.onnxruntime.Networks.untyped;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.engine.Outputs;
import dev.nibble.engine.Session;
import dev.nibble.error.NibbleException;
import dev.nibble.graph.Attribute;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

class OnnxRuntimeSessionTest {
    /** Runs with memory that is used again give what the first, which allocates, gives. */
    private static final int REPEATS = 4;

    private static Tensor random(DataType type, Shape shape, Random random) {
        if (type == DataType.STRING) {
            return Tensor.ofStrings(
                    shape, random.ints(shape.elements(), 0, 1000).mapToObj(i -> "é" + i).toList());
        }
        byte[] bytes = new byte[(int) type.bytes(shape.elements())];
        random.nextBytes(bytes);
        for (int i = 0; i < bytes.length && type == DataType.BOOL; i++) {
            bytes[i] &= 1;
        }
        return Tensor.ofBytes(type, shape, bytes);
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {
                "FLOAT32",
                "FLOAT64",
                "FLOAT16",
                "BFLOAT16",
                "INT64",
                "INT32",
                "INT16",
                "INT8",
                "UINT8",
                "BOOL",
                "STRING"
            })
    void every_type_that_can_be_fed_comes_back_as_it_was(DataType type) {
        Random random = new Random(7);
        Model identity = Networks.single("Identity", info("x", type, "a", "b"), untyped("y"));
        try (Session session = open(identity)) {
            for (int repeat = 0; repeat < REPEATS; repeat++) {
                Tensor heap = random(type, Shape.of(3, 5), random);
                assertThat(run(session, heap)).isEqualTo(heap);
                Tensor aligned = random(type, Shape.of(3, 5), random);
                assertThat(run(session, Networks.inNativeMemory(aligned, 0))).isEqualTo(aligned);
                Tensor unaligned = random(type, Shape.of(3, 5), random);
                assertThat(run(session, Networks.inNativeMemory(unaligned, 1)))
                        .isEqualTo(unaligned);
                Tensor empty = random(type, Shape.of(0, 5), random);
                assertThat(run(session, empty)).isEqualTo(empty);
            }
        }
        try (Session session = open(Networks.single("Identity", info("x", type), untyped("y")))) {
            Tensor scalar = random(type, Shape.scalar(), random);
            assertThat(run(session, scalar)).isEqualTo(scalar);
            assertThat(run(session, scalar)).isEqualTo(scalar);
        }
    }

    @Test
    void an_input_of_undeclared_rank_takes_any_shape() {
        ValueInfo unranked = ValueInfo.of("x", new ValueInfo.UnrankedTensor(DataType.FLOAT32));
        try (Session session = open(Networks.single("Relu", unranked, untyped("y")))) {
            for (Shape shape : List.of(Shape.of(2, 3), Shape.of(4), Shape.scalar())) {
                float[] values = new float[(int) shape.elements()];
                Arrays.fill(values, 2);
                Tensor tensor = Tensor.ofFloats(shape, values);
                assertThat(run(session, tensor)).isEqualTo(tensor);
            }
            Tensor wrongType = random(DataType.INT64, Shape.of(2), new Random(1));
            assertThatThrownBy(() -> run(session, wrongType))
                    .isInstanceOf(NibbleException.class)
                    .hasMessageContaining("float32 of any shape");
        }
    }

    @Test
    void a_declared_scalar_takes_nothing_else() {
        Model scalar = Networks.single("Relu", info("x", DataType.FLOAT32), untyped("y"));
        try (Session session = open(scalar)) {
            assertThatThrownBy(() -> run(session, Tensor.ofFloats(Shape.of(2), 1, 2)))
                    .isInstanceOf(NibbleException.class)
                    .hasMessageContaining("float32 []");
        }
    }

    /** The numbers are those of the ONNX standard. */
    @ParameterizedTest
    @CsvSource({"UINT16,4", "UINT32,12", "UINT64,13"})
    void unsigned_integers_come_back_as_such(DataType type, int onnxNumber) {
        Model cast =
                Networks.of(
                        List.of(
                                Node.of("cast", "Cast", List.of("x"), List.of("y"))
                                        .with("to", new Attribute.IntValue(onnxNumber))),
                        List.of(info("x", DataType.INT64, "n")),
                        List.of(untyped("y")),
                        Map.of());
        try (Session session = open(cast)) {
            for (long repeat = 0; repeat < REPEATS; repeat++) {
                Tensor made = run(session, Tensor.ofLongs(Shape.of(3), repeat, 40_000, 65_535));
                assertThat(made.type()).isEqualTo(type);
                assertThat(made.longs()).containsExactly(repeat, 40_000, 65_535);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"UINT16", "UINT32", "UINT64", "FLOAT8E4M3FN"})
    void a_type_that_cannot_be_fed_is_refused_when_opening(DataType type) {
        assertThatThrownBy(
                        () -> open(Networks.single("Identity", info("x", type, 2), untyped("y"))))
                .isInstanceOf(NibbleException.class)
                .hasMessageStartingWith("input \"x\" of network \"small\" holds ")
                .hasMessageContaining(type.name())
                .hasMessageEndingWith("make the network take another type and convert it inside");
    }

    @Test
    void inputs_that_do_not_fit_are_named_with_what_was_expected_and_given() {
        try (Session session = open(Networks.affine())) {
            assertThatThrownBy(() -> session.run(Map.of()))
                    .isInstanceOf(NibbleException.class)
                    .hasMessage(
                            "network \"small\" needs its input \"x\" (float32 [?×2]), and nothing"
                                    + " was given for it; give samples that have it");
            assertThatThrownBy(() -> session.run(Map.of("x", rows(1, 2), "z", rows(1, 2))))
                    .isInstanceOf(NibbleException.class)
                    .hasMessage(
                            "network \"small\" has no input \"z\"; it takes {x=float32 [?×2]}, so"
                                    + " name the arrays so");
            assertThatThrownBy(() -> session.run(Map.of("x", Tensor.ofInts(Shape.of(1, 2), 1, 2))))
                    .isInstanceOf(NibbleException.class)
                    .hasMessage(
                            "input \"x\" of network \"small\" is to be float32 [?×2], and int32"
                                    + " [1×2] was given; give samples of that type and shape");
            assertThatThrownBy(() -> session.run(Map.of("x", floats(1, 2))))
                    .isInstanceOf(NibbleException.class)
                    .hasMessageContaining("is to be float32 [?×2], and float32 [2] was given");
            assertThatThrownBy(() ->
                            session.run(Map.of("x", Tensor.ofFloats(Shape.of(1, 3), 1, 2, 3))))
                    .isInstanceOf(NibbleException.class)
                    .hasMessageContaining("is to be float32 [?×2], and float32 [1×3] was given");
            assertThat(run(session, rows(1, -1))).as("it still runs").isEqualTo(rows(11, 2));
        }
    }

    @Test
    void a_network_that_fails_on_its_input_says_so_and_still_runs() {
        Model model =
                Networks.of(
                        List.of(Node.of("gather", "Gather", List.of("table", "x"), List.of("y"))),
                        List.of(info("x", DataType.INT64, "n")),
                        List.of(untyped("y")),
                        Map.of("table", floats(10, 20, 30)));
        try (Session session = open(model)) {
            for (int repeat = 0; repeat < REPEATS; repeat++) {
                assertThat(run(session, Tensor.ofLongs(Shape.of(1), 1))).isEqualTo(floats(20));
                assertThatThrownBy(() -> session.run(Map.of("x", Tensor.ofLongs(Shape.of(1), 99))))
                        .isInstanceOf(NibbleException.class)
                        .hasMessageStartingWith(
                                "ONNX Runtime failed while running network \"small\": ")
                        .hasMessageContaining("gather")
                        .hasMessageEndingWith(
                                "; check that the samples are what the network was made for");
            }
        }
    }

    @Test
    void outputs_whose_shape_depends_on_the_values_come_back_right() {
        Model model =
                Networks.of(
                        List.of(
                                Node.of("nonzero", "NonZero", List.of("x"), List.of("places")),
                                Node.of("relu", "Relu", List.of("x"), List.of("y"))),
                        List.of(info("x", DataType.FLOAT32, "n")),
                        List.of(untyped("places"), untyped("y")),
                        Map.of());
        try (Session session = open(model)) {
            for (int repeat = 0; repeat < REPEATS; repeat++) {
                assertThat(run(session, Map.of("x", floats(0, 3, -4))))
                        .isEqualTo(
                                Map.of(
                                        "places",
                                        Tensor.ofLongs(Shape.of(1, 2), 1, 2),
                                        "y",
                                        floats(0, 3, 0)));
                assertThat(run(session, Map.of("x", floats(5, 0, 0))))
                        .isEqualTo(
                                Map.of(
                                        "places",
                                        Tensor.ofLongs(Shape.of(1, 1), 0),
                                        "y",
                                        floats(5, 0, 0)));
                assertThat(run(session, Map.of("x", floats(0, 0, 0))))
                        .isEqualTo(
                                Map.of(
                                        "places",
                                        Tensor.ofLongs(Shape.of(1, 0)),
                                        "y",
                                        floats(0, 0, 0)));
            }
        }
    }

    @Test
    void inputs_may_change_their_shape_from_run_to_run() {
        try (Session session = open(Networks.affine(), "r", "y")) {
            for (int rows = 1; rows < 300; rows += 7) {
                float[] values = new float[2 * rows];
                values[2 * rows - 2] = rows;
                float[] y = get(run(session, Map.of("x", rows(values))), "y").floats();
                assertThat(y).hasSize(2 * rows);
                assertThat(y[2 * rows - 2]).isEqualTo(rows * 10 + 1);
            }
        }
    }

    @Test
    void runs_on_inputs_of_known_shape_write_into_native_memory_that_is_used_again() {
        try (Session session = open(Networks.affine())) {
            run(session, rows(9, 9));
            long address;
            try (Outputs outputs = session.run(Map.of("x", rows(1, 1)))) {
                assertThat(get(outputs.tensors(), "y").data().isNative()).isTrue();
                address = get(outputs.tensors(), "y").data().address();
            }
            try (Outputs outputs = session.run(Map.of("x", rows(2, 2)))) {
                assertThat(get(outputs.tensors(), "y").data().address()).isEqualTo(address);
                assertThat(get(outputs.tensors(), "y")).isEqualTo(rows(21, 22));
            }
        }
    }

    @Test
    void outputs_that_are_open_at_once_do_not_share_memory() {
        try (Session session = open(Networks.affine(), "r", "y")) {
            run(session, Map.of("x", rows(9, 9)));
            try (Outputs first = session.run(Map.of("x", rows(1, 1)));
                    Outputs second = session.run(Map.of("x", rows(2, 2)));
                    Outputs third = session.run(Map.of("x", rows(3, 3)))) {
                assertThat(get(first.tensors(), "y")).isEqualTo(rows(11, 12));
                assertThat(get(second.tensors(), "y")).isEqualTo(rows(21, 22));
                assertThat(get(third.tensors(), "y")).isEqualTo(rows(31, 32));
            }
        }
    }

    @Test
    void closing_outputs_twice_does_not_hand_their_memory_to_two_runs() {
        try (Session session = open(Networks.affine())) {
            run(session, rows(9, 9));
            Outputs closed = session.run(Map.of("x", rows(1, 1)));
            closed.close();
            closed.close();
            try (Outputs first = session.run(Map.of("x", rows(1, 1)));
                    Outputs second = session.run(Map.of("x", rows(2, 2)))) {
                assertThat(get(first.tensors(), "y")).isEqualTo(rows(11, 12));
                assertThat(get(second.tensors(), "y")).isEqualTo(rows(21, 22));
            }
        }
    }

    @Test
    void outputs_may_be_closed_after_their_session() {
        Session session = open(Networks.affine());
        run(session, rows(9, 9));
        Outputs outputs = session.run(Map.of("x", rows(1, 1)));
        session.close();
        assertThat(get(outputs.tensors(), "y")).isEqualTo(rows(11, 12));

        outputs.close();

        assertThatThrownBy(() -> get(outputs.tensors(), "y").floats())
                .isInstanceOf(IllegalStateException.class);
    }
}
