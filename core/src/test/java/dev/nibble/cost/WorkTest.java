package dev.nibble.cost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.graph.Attribute.IntList;
import dev.nibble.graph.Attribute.IntValue;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;
import dev.nibble.graph.ValueInfo.Dimension;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Work counted by hand: a convolution of 3×3 over 6×5, padded, from 2 channels to 4. */
class WorkTest {
    private static final long PRODUCTS = 4 * 6 * 5 * 2 * 3 * 3;
    private static final int IN = 2 * 6 * 5;
    private static final int OUT = 4 * 6 * 5;

    private final Map<String, Tensor> constants = new LinkedHashMap<>();

    private static ValueInfo input(DataType type) {
        return ValueInfo.ofTensor(
                "x", type, Dimension.of("N"), Dimension.of(2), Dimension.of(6), Dimension.of(5));
    }

    private static Node conv(String input, String weight, String output) {
        return Node.of("conv", "Conv", List.of(input, weight), List.of(output))
                .with("pads", new IntList(List.of(1L, 1L, 1L, 1L)));
    }

    private static Tensor zeros(DataType type, long... dims) {
        Shape shape = Shape.of(dims);
        byte[] data = new byte[(int) type.bytes(shape.elements())];
        return new Tensor(type, shape, MemorySegment.ofArray(data));
    }

    private Graph graph(ValueInfo input, Node... nodes) {
        ValueInfo y = ValueInfo.ofTensor("y", DataType.FLOAT32);
        ValueInfo last = ValueInfo.of("y", new ValueInfo.UnrankedTensor(DataType.FLOAT32));
        return Graph.of("g", List.of(nodes), List.of(input), List.of(last), constants)
                .called(y.name());
    }

    @Test
    void a_float_network_multiplies_and_moves_floats() {
        constants.put("w", zeros(DataType.FLOAT32, 4, 2, 3, 3));
        Node relu = Node.of("relu", "Relu", List.of("c"), List.of("y"));

        Work work = Work.of(graph(input(DataType.FLOAT32), conv("x", "w", "c"), relu), Map.of());

        assertThat(work.multiplyAdds()).containsExactly(Map.entry(Arithmetic.FLOAT32, PRODUCTS));
        assertThat(work.weightBytes()).isEqualTo(72 * 4);
        assertThat(work.activationBytes()).as("x read, y written").isEqualTo(4 * (IN + OUT));
        assertThat(work.bytes())
                .containsExactly(Map.entry(MemoryLevel.CACHE_8K, 72 * 4 + 4L * (IN + OUT)));
        assertThat(work.unknown()).isEmpty();
    }

    @Test
    void half_precision_takes_half_the_bytes() {
        constants.put("w", zeros(DataType.FLOAT16, 4, 2, 3, 3));
        ValueInfo half = input(DataType.FLOAT16);
        ValueInfo y = ValueInfo.of("y", new ValueInfo.UnrankedTensor(DataType.FLOAT16));
        Graph graph =
                Graph.of("g", List.of(conv("x", "w", "y")), List.of(half), List.of(y), constants);

        Work work = Work.of(graph, Map.of());

        assertThat(work.multiplyAdds()).containsExactly(Map.entry(Arithmetic.FLOAT16, PRODUCTS));
        assertThat(work.activationBytes()).isEqualTo(2 * (IN + OUT));
    }

    /** x → Q → DQ → Conv → Relu → Q → DQ → y. */
    private Graph quantized(DataType weights, DataType activations) {
        constants.put("w", zeros(weights, 4, 2, 3, 3));
        constants.put("s", Tensor.ofFloats(Shape.scalar(), 1));
        constants.put("z", zeros(activations));
        constants.put("zw", zeros(weights));
        return graph(
                input(DataType.FLOAT32),
                Node.of("q", "QuantizeLinear", List.of("x", "s", "z"), List.of("xq")),
                Node.of("dq", "DequantizeLinear", List.of("xq", "s", "z"), List.of("xd")),
                Node.of("dw", "DequantizeLinear", List.of("w", "s", "zw"), List.of("wd")),
                conv("xd", "wd", "c"),
                Node.of("relu", "Relu", List.of("c"), List.of("r")),
                Node.of("qo", "QuantizeLinear", List.of("r", "s", "z"), List.of("yq")),
                Node.of("dqo", "DequantizeLinear", List.of("yq", "s", "z"), List.of("y")));
    }

    @Test
    void codes_are_multiplied_and_moved_as_codes() {
        Work work = Work.of(quantized(DataType.INT8, DataType.UINT8), Map.of());

        assertThat(work.multiplyAdds()).containsExactly(Map.entry(Arithmetic.INT8, PRODUCTS));
        assertThat(work.weightBytes())
                .as("72 codes, a scale, two zero points")
                .isEqualTo(72 + 4 + 2);
        assertThat(work.activationBytes()).isEqualTo(IN + OUT);
    }

    @Test
    void weights_of_4_bits_take_half_a_byte_and_are_multiplied_as_8() {
        Work work = Work.of(quantized(DataType.INT4, DataType.UINT8), Map.of());

        assertThat(work.multiplyAdds()).containsOnlyKeys(Arithmetic.INT8);
        assertThat(work.weightBytes()).isEqualTo(36 + 4 + 2);
    }

    @Test
    void codes_of_16_bits_are_multiplied_as_floats() {
        Work work = Work.of(quantized(DataType.INT8, DataType.UINT16), Map.of());

        assertThat(work.multiplyAdds()).containsOnlyKeys(Arithmetic.FLOAT32);
        assertThat(work.activationBytes()).isEqualTo(2 * (IN + OUT));
    }

    @Test
    void weights_that_nodes_form_of_constants_are_no_activations() {
        constants.put("w", zeros(DataType.INT8, 8, 9));
        constants.put("s", Tensor.ofFloats(Shape.scalar(), 1));
        constants.put("shape", Tensor.ofLongs(Shape.of(4), 4, 2, 3, 3));
        Graph graph =
                graph(
                        input(DataType.FLOAT32),
                        Node.of("dw", "DequantizeLinear", List.of("w", "s"), List.of("wd")),
                        Node.of("form", "Reshape", List.of("wd", "shape"), List.of("wr")),
                        conv("x", "wr", "y"));

        Work work = Work.of(graph, Map.of());

        assertThat(work.multiplyAdds()).containsExactly(Map.entry(Arithmetic.FLOAT32, PRODUCTS));
        assertThat(work.weightBytes()).as("codes, a scale, four numbers").isEqualTo(72 + 4 + 4 * 8);
        assertThat(work.activationBytes()).isEqualTo(4 * (IN + OUT));
    }

    @Test
    void products_with_weights_in_blocks_are_counted() {
        constants.put("b", zeros(DataType.UINT8, 7, 1, 8));
        ValueInfo x = ValueInfo.ofTensor("x", DataType.FLOAT32, Dimension.of(3), Dimension.of(16));
        Node node =
                Node.of("mul", "MatMulNBits", List.of("x", "b"), List.of("y"))
                        .with("K", new IntValue(16))
                        .with("N", new IntValue(7));

        Work work = Work.of(graph(x, node), Map.of());

        assertThat(work.allMultiplyAdds()).isEqualTo(3 * 16 * 7);
    }

    @Test
    void what_is_fed_decides_where_the_file_leaves_sizes_open() {
        constants.put("w", zeros(DataType.FLOAT32, 5, 7));
        ValueInfo open = ValueInfo.of("x", new ValueInfo.UnrankedTensor(DataType.FLOAT32));
        Graph graph = graph(open, Node.of("mul", "MatMul", List.of("x", "w"), List.of("y")));

        assertThat(Work.of(graph, Map.of()).unknown()).containsExactly("mul");
        Work work = Work.of(graph, Map.of("x", Shape.of(3, 5)));
        assertThat(work.allMultiplyAdds()).isEqualTo(3 * 5 * 7);
        assertThat(work.unknown()).isEmpty();
    }

    @Test
    void memory_is_the_smallest_that_holds_it() {
        assertThat(MemoryLevel.holding(8 << 10)).isEqualTo(MemoryLevel.CACHE_8K);
        assertThat(MemoryLevel.holding((8 << 10) + 1)).isEqualTo(MemoryLevel.CACHE_32K);
        assertThat(MemoryLevel.holding(1 << 20)).isEqualTo(MemoryLevel.CACHE_1M);
        assertThat(MemoryLevel.holding((1 << 20) + 1)).isEqualTo(MemoryLevel.DRAM);
    }

    @Test
    void energy_is_what_was_counted_at_the_published_figures() {
        Work work =
                new Work(
                        Map.of(Arithmetic.INT8, 1000L, Arithmetic.FLOAT32, 10L),
                        800,
                        160,
                        Map.of(MemoryLevel.DRAM, 800L, MemoryLevel.CACHE_32K, 160L),
                        List.of());

        EnergyEstimate energy = EnergyEstimate.of(work);

        Offset<Double> close = Offset.offset(1e-18);
        assertThat(energy.arithmeticJoules())
                .as("1000 · 0.3 pJ and 10 · 4.6 pJ")
                .isEqualTo(346e-12, close);
        assertThat(energy.lowJoules())
                .as("100 · 1300 pJ and 20 · 20 pJ more")
                .isEqualTo(346e-12 + 130_000e-12 + 400e-12, close);
        assertThat(energy.highJoules()).isEqualTo(346e-12 + 260_000e-12 + 400e-12, close);
        assertThat(energy.joules()).isEqualTo((energy.lowJoules() + energy.highJoules()) / 2);
    }
}
