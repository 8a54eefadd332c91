package dev.nibble.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.graph.Attribute.GraphValue;
import dev.nibble.graph.Attribute.IntValue;
import dev.nibble.graph.Attribute.TensorValue;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;
import dev.nibble.onnxruntime.Quantizing.Given;
import dev.nibble.plan.Recipes;
import dev.nibble.prepare.Preparation;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Networks of half and double precision. */
class SinglePrecisionTest {
    private static final long FLOAT32 = 1;

    @TempDir private Path folder;

    /** A tensor in another type; FLOAT32 stands for itself. */
    static Tensor as(DataType type, Tensor floats) {
        float[] values = floats.floats();
        MemorySegment data = MemorySegment.ofArray(new byte[values.length * type.bits() / 8]);
        for (int i = 0; i < values.length; i++) {
            switch (type) {
                case FLOAT16 ->
                        data.set(
                                ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN),
                                2L * i,
                                Float.floatToFloat16(values[i]));
                case BFLOAT16 ->
                        data.set(
                                ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN),
                                2L * i,
                                (short) (Float.floatToIntBits(values[i]) >> 16));
                case FLOAT64 ->
                        data.set(
                                ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(
                                        ByteOrder.LITTLE_ENDIAN),
                                8L * i,
                                values[i]);
                default -> throw new IllegalArgumentException(type + " is not for this test");
            }
        }
        return new Tensor(type, floats.shape(), data);
    }

    /** A layer, an activation, a mean made from a shape, and a layer in a branch. */
    private static Model of(DataType type) {
        Graph then =
                Graph.of(
                        "then",
                        List.of(Node.of("mul", "MatMul", List.of("s", "w2"), List.of("then_y"))),
                        List.of(),
                        List.of(Networks.info("then_y", type, "N", 4)),
                        Map.of("w2", as(type, Preserved.random(Shape.of(8, 4), 2, 1))));
        Graph otherwise =
                Graph.of(
                        "else",
                        List.of(
                                Node.of("ones", "ConstantOfShape", List.of("size"), List.of("o"))
                                        .with(
                                                "value",
                                                new TensorValue(as(type, Networks.floats(0.5f))))),
                        List.of(),
                        List.of(ValueInfo.of("o", new ValueInfo.UnrankedTensor(type))),
                        Map.of("size", Tensor.ofLongs(Shape.of(2), 2, 4)));
        return Networks.of(
                List.of(
                        Node.of("layer", "Gemm", List.of("x", "w", "b"), List.of("h")),
                        Node.of("relu", "Relu", List.of("h"), List.of("r")),
                        Node.of("wide", "Cast", List.of("r"), List.of("r32"))
                                .with("to", new IntValue(FLOAT32)),
                        Node.of("tanh", "Tanh", List.of("r32"), List.of("t32")),
                        Node.of("narrow", "CastLike", List.of("t32", "x"), List.of("t")),
                        Node.of("sum", "Add", List.of("r", "t"), List.of("s")),
                        Node.of("choose", "If", List.of("flag"), List.of("y"))
                                .with("then_branch", new GraphValue(then))
                                .with("else_branch", new GraphValue(otherwise))),
                List.of(Networks.info("x", type, 2, 8), Networks.info("flag", DataType.BOOL)),
                List.of(
                        Networks.info("y", type, 2, 4),
                        Networks.info("s", type, 2, 8),
                        Networks.info("t32", DataType.FLOAT32, 2, 8)),
                Map.of(
                        "w",
                        as(type, Preserved.random(Shape.of(8, 8), 3, 1)),
                        "b",
                        as(type, Preserved.random(Shape.of(8), 4, 1))));
    }

    private static Given samples(DataType type) {
        return Given.of(
                6,
                i ->
                        Map.of(
                                "x",
                                as(type, Preserved.random(Shape.of(2, 8), 20 + i, 1)),
                                "flag",
                                Tensor.ofBytes(DataType.BOOL, Shape.scalar(), (byte) (i % 2))));
    }

    @ParameterizedTest
    @CsvSource({"FLOAT16, 2e-3", "FLOAT64, 1e-6"})
    void computesTheSameInSinglePrecision(DataType type, double relativeError) {
        Preparation prepared = Quantizing.prepared(of(type), samples(type), relativeError);

        Graph graph = prepared.model().graph();
        assertThat(graph.constants().values())
                .filteredOn(Tensor::isFloatingPoint)
                .extracting(Tensor::type)
                .containsOnly(DataType.FLOAT32);
        assertThat(graph.node("wide").opType()).isEqualTo("Identity");
        assertThat(prepared.notes())
                .anySatisfy(note ->
                        assertThat(note.what())
                                .isEqualTo(
                                        "computes in float32 instead of %s; inputs and outputs keep their types"
                                                .formatted(type)));
    }

    @ParameterizedTest
    @CsvSource({"FLOAT16", "FLOAT64"})
    void quantizesWithSamplesOfTheTypeOfTheInputs(DataType type) {
        Quantizing done = Quantizing.of(folder, of(type), Recipes.INT8, samples(type));

        assertThat(done.decision("layer")).isEqualTo("quantized");
        assertThat(done.decision("choose/then_branch/mul")).isEqualTo("weights");
        assertThat(done.sqnrDb()).isGreaterThan(25);
    }

    @ParameterizedTest
    @CsvSource({"FLOAT16", "FLOAT64"})
    void quantizesTheWeightsAlone(DataType type) {
        Quantizing done = Quantizing.of(folder, of(type), Recipes.INT8_WEIGHTS, samples(type));

        assertThat(done.sqnrDb()).isGreaterThan(30);
        assertThat(done.applied("SinglePrecision")).hasSize(1);
    }

    @Test
    void readsWeightsOfBfloat16() {
        Model model =
                Networks.of(
                        List.of(
                                Node.of("wide", "Cast", List.of("w16"), List.of("w"))
                                        .with("to", new IntValue(FLOAT32)),
                                Node.of("mul", "MatMul", List.of("x", "w"), List.of("y"))),
                        List.of(Networks.info("x", DataType.FLOAT32, 2, 8)),
                        List.of(Networks.info("y", DataType.FLOAT32, 2, 8)),
                        Map.of(
                                "w16",
                                as(DataType.BFLOAT16, Preserved.random(Shape.of(8, 8), 3, 1))));
        Given samples = Given.of(4, i -> Map.of("x", Preserved.random(Shape.of(2, 8), 20 + i, 1)));

        Quantizing done = Quantizing.of(folder, model, Recipes.INT8_WEIGHTS, samples);

        assertThat(done.decision("mul")).isEqualTo("weights");
        assertThat(done.sqnrDb()).isGreaterThan(30);
    }

    @Test
    void keepsNumbersFiniteThatFloat32CannotHold() {
        Tensor masks =
                new Tensor(
                        DataType.FLOAT64,
                        Shape.of(1, 2),
                        MemorySegment.ofArray(
                                new double[] {-Double.MAX_VALUE, Double.NEGATIVE_INFINITY}));
        Model model =
                Networks.of(
                        List.of(Node.of("add", "Add", List.of("x", "mask"), List.of("y"))),
                        List.of(Networks.info("x", DataType.FLOAT64, 1, 2)),
                        List.of(Networks.info("y", DataType.FLOAT64, 1, 2)),
                        Map.of("mask", masks));

        Tensor converted = Preparation.of(model).model().graph().constant("mask").orElseThrow();

        assertThat(converted.floats()).containsExactly(-Float.MAX_VALUE, Float.NEGATIVE_INFINITY);
    }

    @Test
    void leavesDoublesAloneThatAreNoWeights() {
        Model model =
                Networks.of(
                        List.of(Node.of("mul", "Mul", List.of("x", "half"), List.of("y"))),
                        List.of(Networks.info("x", DataType.FLOAT64, 1, 2)),
                        List.of(Networks.info("y", DataType.FLOAT64, 1, 2)),
                        Map.of("half", as(DataType.FLOAT64, Networks.floats(0.5f))));

        assertThat(Preparation.of(model).notes()).isEmpty();
    }
}
