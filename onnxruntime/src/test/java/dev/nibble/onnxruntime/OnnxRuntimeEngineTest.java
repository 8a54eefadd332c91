package dev.nibble.onnxruntime;

import static dev.nibble.onnxruntime.Networks.ENGINE;
import static dev.nibble.onnxruntime.Networks.ONNX;
import static dev.nibble.onnxruntime.Networks.floats;
import static dev.nibble.onnxruntime.Networks.get;
import static dev.nibble.onnxruntime.Networks.info;
import static dev.nibble.onnxruntime.Networks.open;
import static dev.nibble.onnxruntime.Networks.rows;
import static dev.nibble.onnxruntime.Networks.run;
import static dev.nibble.onnxruntime.Networks.untyped;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.engine.Engine;
import dev.nibble.engine.EngineOptions;
import dev.nibble.engine.ModelFormat;
import dev.nibble.engine.Session;
import dev.nibble.error.NibbleException;
import dev.nibble.formats.onnx.OnnxFormat;
import dev.nibble.graph.Attribute;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;

class OnnxRuntimeEngineTest {
    @Test
    void it_is_found_as_a_service_and_says_its_version() {
        assertThat(ServiceLoader.load(Engine.class))
                .hasExactlyElementsOfTypes(OnnxRuntimeEngine.class);
        assertThat(ENGINE.name()).isEqualTo("ONNX Runtime 1.29.0");
    }

    @Test
    void it_brings_back_the_outputs_if_nothing_is_asked_for() {
        try (Session session = open(Networks.affine())) {
            assertThat(run(session, Map.of("x", rows(1, -1, 2, 3))))
                    .isEqualTo(Map.of("y", rows(11, 2, 21, 32)));
        }
    }

    @Test
    void it_brings_back_inner_values_of_undeclared_type_and_only_those() {
        try (Session session = open(Networks.affine(), "r", "m")) {
            assertThat(run(session, Map.of("x", rows(1, -1))))
                    .isEqualTo(Map.of("r", rows(1, 0), "m", rows(10, 0)));
        }
    }

    @Test
    void it_brings_back_inputs_and_constants() {
        try (Session session = open(Networks.affine(), "x", "c", "y")) {
            assertThat(run(session, Map.of("x", rows(1, -1))))
                    .isEqualTo(Map.of("x", rows(1, -1), "c", floats(1, 2), "y", rows(11, 2)));
        }
        try (Session session = open(Networks.affine(), "x", "c")) {
            assertThat(run(session, Map.of("x", rows(1, -1))))
                    .isEqualTo(Map.of("x", rows(1, -1), "c", floats(1, 2)));
        }
    }

    @Test
    void it_brings_back_what_a_constant_node_makes() {
        Node constant =
                Node.of("k", "Constant", List.of(), List.of("k"))
                        .with("value", new Attribute.TensorValue(floats(3)));
        Model model =
                Networks.of(
                        List.of(constant, Node.of("add", "Add", List.of("x", "k"), List.of("y"))),
                        List.of(info("x", DataType.FLOAT32, 1)),
                        List.of(info("y", DataType.FLOAT32, 1)),
                        Map.of());

        try (Session session = open(model, "k", "y")) {
            assertThat(run(session, Map.of("x", floats(4))))
                    .isEqualTo(Map.of("k", floats(3), "y", floats(7)));
        }
    }

    @Test
    void an_output_that_is_an_input_or_a_constant_comes_back_too() {
        Model model =
                Networks.of(
                        List.of(Node.of("relu", "Relu", List.of("x"), List.of("y"))),
                        List.of(info("x", DataType.FLOAT32, 1)),
                        List.of(
                                info("x", DataType.FLOAT32, 1),
                                info("c", DataType.FLOAT32, 2),
                                info("y", DataType.FLOAT32, 1)),
                        Map.of("c", floats(1, 2)));

        try (Session session = open(model)) {
            for (float value : new float[] {-1, 5}) {
                assertThat(run(session, Map.of("x", floats(value))))
                        .isEqualTo(
                                Map.of(
                                        "x",
                                        floats(value),
                                        "c",
                                        floats(1, 2),
                                        "y",
                                        floats(Math.max(0, value))));
            }
        }
    }

    @Test
    void a_value_that_the_network_lacks_is_a_mistake_of_the_caller() {
        assertThatThrownBy(() -> open(Networks.affine(), "z"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("network \"small\" makes no value \"z\" to be fetched");
    }

    @Test
    void what_no_fetched_value_needs_is_left_out() {
        Model model =
                Networks.of(
                        List.of(
                                Node.of("relu", "Relu", List.of("x"), List.of("r")),
                                Node.of("odd", "NoSuchOperator", List.of("r", "w"), List.of("y"))),
                        List.of(info("x", DataType.FLOAT32, 1)),
                        List.of(info("y", DataType.FLOAT32, 1)),
                        Map.of("w", floats(1)));

        try (Session session = open(model, "r")) {
            assertThat(run(session, Map.of("x", floats(-4)))).isEqualTo(Map.of("r", floats(0)));
        }
    }

    @Test
    void what_a_branch_captures_is_kept() {
        Graph branch =
                Graph.of(
                        "branch",
                        List.of(Node.of("add", "Add", List.of("r", "c"), List.of("inner"))),
                        List.of(),
                        List.of(info("inner", DataType.FLOAT32, 1)),
                        Map.of());
        Node choice =
                Node.of("if", "If", List.of("yes"), List.of("y"))
                        .with("then_branch", new Attribute.GraphValue(branch))
                        .with("else_branch", new Attribute.GraphValue(branch));
        Model model =
                Networks.of(
                        List.of(Node.of("relu", "Relu", List.of("x"), List.of("r")), choice),
                        List.of(info("x", DataType.FLOAT32, 1), info("yes", DataType.BOOL)),
                        List.of(info("y", DataType.FLOAT32, 1)),
                        Map.of("c", floats(1), "unused", floats(9)));

        try (Session session = open(model, "y")) {
            Tensor yes = Tensor.ofBytes(DataType.BOOL, Shape.scalar(), (byte) 1);
            assertThat(run(session, Map.of("x", floats(4), "yes", yes)))
                    .isEqualTo(Map.of("y", floats(5)));
        }
    }

    @Test
    void outputs_that_are_not_tensors_are_left_out_unless_asked_for() {
        Model model =
                Networks.of(
                        List.of(
                                Node.of("split", "SplitToSequence", List.of("x"), List.of("s")),
                                Node.of("relu", "Relu", List.of("x"), List.of("y"))),
                        List.of(info("x", DataType.FLOAT32, 2)),
                        List.of(untyped("s"), info("y", DataType.FLOAT32, 2)),
                        Map.of());

        try (Session session = open(model)) {
            assertThat(run(session, Map.of("x", floats(-1, 1))))
                    .isEqualTo(Map.of("y", floats(0, 1)));
        }
        assertThatThrownBy(() -> open(model, "s", "y"))
                .isInstanceOf(NibbleException.class)
                .hasMessageStartingWith("value \"s\" of network \"small\" is ")
                .hasMessageEndingWith(
                        "which ONNX Runtime for Java cannot hand over as a tensor; fetch another"
                                + " value");
    }

    @Test
    void four_bit_values_are_refused_when_asked_for() {
        Model model =
                Networks.of(
                        List.of(
                                Node.of(
                                        "q",
                                        "QuantizeLinear",
                                        List.of("x", "scale", "zero"),
                                        List.of("q")),
                                Node.of(
                                        "dq",
                                        "DequantizeLinear",
                                        List.of("q", "scale", "zero"),
                                        List.of("y"))),
                        List.of(info("x", DataType.FLOAT32, 3)),
                        List.of(info("y", DataType.FLOAT32, 3)),
                        Map.of(
                                "scale", Tensor.ofFloats(Shape.scalar(), 1),
                                "zero", Tensor.ofBytes(DataType.INT4, Shape.scalar(), (byte) 0)));

        assertThatThrownBy(() -> open(model, "q"))
                .isInstanceOf(NibbleException.class)
                .hasMessageStartingWith("value \"q\" of network \"small\" is ");
    }

    @Test
    void a_network_beyond_the_inline_limit_goes_through_a_temporary_file() {
        List<Path> written = new ArrayList<>();
        ModelFormat small = new Recording(written, true);

        try (Session session =
                ENGINE.open(Networks.affine(), Set.of("y"), small, EngineOptions.SINGLE_THREAD)) {
            assertThat(run(session, rows(1, -1))).isEqualTo(rows(11, 2));
            assertThat(written).singleElement().satisfies(file -> assertThat(file).exists());
        }
        assertThat(written.getFirst().getParent()).doesNotExist();
    }

    @Test
    void a_temporary_file_is_deleted_if_the_network_does_not_load() {
        List<Path> written = new ArrayList<>();
        Model broken =
                Networks.of(
                        List.of(Node.of("odd", "NoSuchOperator", List.of("x", "w"), List.of("y"))),
                        List.of(info("x", DataType.FLOAT32, 1)),
                        List.of(info("y", DataType.FLOAT32, 1)),
                        Map.of("w", floats(1)));

        assertThatThrownBy(() ->
                        ENGINE.open(
                                broken,
                                Set.of(),
                                new Recording(written, true),
                                EngineOptions.SINGLE_THREAD))
                .isInstanceOf(NibbleException.class)
                .hasMessageStartingWith("ONNX Runtime cannot load network \"small\": ")
                .hasMessageContaining("NoSuchOperator");
        assertThat(written.getFirst().getParent()).doesNotExist();
    }

    @Test
    void a_format_may_serialize_to_the_heap() {
        try (Session session =
                ENGINE.open(
                        Networks.affine(),
                        Set.of(),
                        new Recording(new ArrayList<>(), false),
                        EngineOptions.SINGLE_THREAD)) {
            assertThat(run(session, rows(1, -1))).isEqualTo(rows(11, 2));
        }
    }

    @Test
    void a_file_is_run_as_it_is(@TempDir Path folder) {
        Path file = folder.resolve("réseau.onnx");
        ONNX.write(Networks.affine(), file);

        try (Session session = ENGINE.open(file, new EngineOptions(2, false))) {
            assertThat(run(session, rows(1, -1))).isEqualTo(rows(11, 2));
            assertThat(run(session, rows(2, -1, 0, 1))).isEqualTo(rows(21, 2, 1, 12));
        }
    }

    @Test
    void an_input_that_a_file_declares_as_output_comes_back_as_fed(@TempDir Path folder) {
        Path file = folder.resolve("echo.onnx");
        ONNX.write(
                Networks.of(
                        List.of(Node.of("relu", "Relu", List.of("x"), List.of("y"))),
                        List.of(info("x", DataType.FLOAT32, 1)),
                        List.of(info("x", DataType.FLOAT32, 1), info("y", DataType.FLOAT32, 1)),
                        Map.of()),
                file);

        try (Session session = ENGINE.open(file, EngineOptions.SINGLE_THREAD)) {
            for (float value : new float[] {-1, 5, -7}) {
                assertThat(run(session, Map.of("x", floats(value))))
                        .isEqualTo(Map.of("x", floats(value), "y", floats(Math.max(0, value))));
            }
        }
    }

    @Test
    void a_missing_file_and_one_that_is_no_network_are_named(@TempDir Path folder)
            throws IOException {
        Path missing = folder.resolve("missing.onnx");
        Path text = Files.writeString(folder.resolve("text.onnx"), "this is no network");

        assertThatThrownBy(() -> ENGINE.open(missing, EngineOptions.SINGLE_THREAD))
                .isInstanceOf(NibbleException.class)
                .hasMessage("there is no file " + missing + "; give the path of an ONNX network");
        assertThatThrownBy(() -> ENGINE.open(text, EngineOptions.SINGLE_THREAD))
                .isInstanceOf(NibbleException.class)
                .hasMessageStartingWith("ONNX Runtime cannot load " + text + ": ")
                .hasMessageEndingWith(
                        "; give an intact ONNX file, with its external data beside it");
    }

    @Test
    void both_levels_of_optimization_compute_the_same_function() {
        for (boolean optimize : new boolean[] {true, false}) {
            try (Session session =
                    ENGINE.open(
                            Networks.affine(),
                            Set.of("m", "y"),
                            ONNX,
                            new EngineOptions(1, optimize))) {
                assertThat(get(run(session, Map.of("x", rows(1, -1))), "y")).isEqualTo(rows(11, 2));
            }
        }
    }

    /** ONNX that notes where it writes; with a limit that everything exceeds, or on the heap. */
    private record Recording(List<Path> written, boolean always) implements ModelFormat {
        private static final ModelFormat TINY = new OnnxFormat(0);

        @Override
        public String name() {
            return TINY.name();
        }

        @Override
        public Model read(Path file) {
            return TINY.read(file);
        }

        @Override
        public void write(Model model, Path file) {
            TINY.write(model, file);
            written.add(file);
        }

        @Override
        public ByteBuffer serialize(Model model) {
            ByteBuffer direct = TINY.serialize(model);
            return ByteBuffer.allocate(direct.remaining()).put(direct).flip();
        }

        @Override
        public long inlineLimitBytes() {
            return always ? 0 : ONNX.inlineLimitBytes();
        }
    }
}
