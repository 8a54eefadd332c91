package dev.nibble.report;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.plan.FoldedCodes;
import dev.nibble.plan.QuantizedModels;
import dev.nibble.report.Inspection.Codes;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Tensor;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Counts what is quantized in a graph, by form and by format. */
final class CodeCensus {
    /** The place of an input that no node has. */
    private static final int NONE = Integer.MAX_VALUE;

    /**
     * Where an operator has constant codes, with the place of their scale.
     *
     * @param result place of the zero point that tells the type of its result; {@link #NONE} if it
     *     has none
     */
    private record Places(int[] codes, int[] scales, int result) {
        static Places of(int codes, int scale, int result) {
            return new Places(new int[] {codes}, new int[] {scale}, result);
        }
    }

    private static final Map<String, Places> PLACES =
            Map.ofEntries(
                    Map.entry("DequantizeLinear", Places.of(0, 1, NONE)),
                    Map.entry("QuantizeLinear", new Places(new int[0], new int[0], 2)),
                    Map.entry("QLinearConv", new Places(new int[] {3, 8}, new int[] {4, 4}, 7)),
                    Map.entry("QLinearMatMul", Places.of(3, 4, 7)),
                    Map.entry("QGemm", new Places(new int[] {3, 6}, new int[] {4, 4}, 8)),
                    Map.entry("QLinearAdd", Places.of(3, 4, 7)),
                    Map.entry("QLinearMul", Places.of(3, 4, 7)),
                    Map.entry("QLinearSigmoid", new Places(new int[0], new int[0], 4)),
                    Map.entry("QLinearLeakyRelu", new Places(new int[0], new int[0], 4)),
                    Map.entry("QLinearAveragePool", new Places(new int[0], new int[0], 4)),
                    Map.entry("QLinearGlobalAveragePool", new Places(new int[0], new int[0], 4)),
                    Map.entry("QLinearSoftmax", new Places(new int[0], new int[0], 4)),
                    Map.entry("QLinearConcat", new Places(new int[0], new int[0], 1)),
                    Map.entry("MatMulInteger", Places.of(1, 3, NONE)),
                    Map.entry("ConvInteger", Places.of(1, 3, NONE)),
                    Map.entry("DynamicQuantizeMatMul", Places.of(1, 2, NONE)),
                    Map.entry("MatMulIntegerToFloat", Places.of(1, 3, NONE)),
                    Map.entry("MatMulNBits", Places.of(1, 2, NONE)),
                    Map.entry("GatherBlockQuantized", Places.of(0, 2, NONE)));

    private final Map<String, Long> forms = new TreeMap<>();
    private final Map<String, Long> formats = new TreeMap<>();

    static Codes of(Graph graph) {
        CodeCensus census = new CodeCensus();
        census.count(graph);
        return new Codes(census.forms, census.formats);
    }

    private void count(Graph graph) {
        for (Node node : graph.nodes()) {
            if (QuantizedModels.isOfCodes(node)) {
                forms.merge(form(node), 1L, Long::sum);
                Optional.ofNullable(PLACES.get(node.opType()))
                        .ifPresent(places -> count(graph, node, places));
            }
            FoldedCodes.find(graph, node).ifPresent(this::count);
            node.subgraphs().forEach(this::count);
        }
    }

    private void count(FoldedCodes folded) {
        forms.merge("folded", 1L, Long::sum);
        formats.merge(format(folded.codes(), folded.scales().elements() > 1), 1L, Long::sum);
    }

    private static String form(Node node) {
        return switch (node.opType()) {
            case "QuantizeLinear", "DequantizeLinear" -> "Q/DQ";
            case "MatMulNBits", "GatherBlockQuantized", "MatMulBnb4", "MatMulFpQ4" -> "blocks";
            default ->
                    node.opType().startsWith("Dynamic") || node.opType().contains("Integer")
                            ? "dynamic"
                            : "QOperator";
        };
    }

    private void count(Graph graph, Node node, Places places) {
        for (int i = 0; i < places.codes.length; i++) {
            Optional<Tensor> codes = constant(graph, node.input(places.codes[i]));
            Optional<Tensor> scales = graph.constant(node.input(places.scales[i]));
            codes.ifPresent(tensor ->
                    formats.merge(
                            format(tensor, scales.map(Tensor::elements).orElse(1L) > 1),
                            1L,
                            Long::sum));
        }
        if (node.hasInput(places.result)) {
            graph.constant(node.input(places.result))
                    .ifPresent(zeroPoint ->
                            formats.merge(zeroPoint.type() + " activations", 1L, Long::sum));
        }
    }

    /** Constant codes, also where they are widened before they are read. */
    private static Optional<Tensor> constant(Graph graph, String codes) {
        return graph.constant(codes)
                .or(() ->
                        graph.producer(codes)
                                .filter(node -> node.is("Cast"))
                                .flatMap(node -> graph.constant(node.input(0))));
    }

    private static String format(Tensor codes, boolean several) {
        String part = codes.type() == DataType.INT32 ? " biases" : " weights";
        return codes.type() + part + (several ? ", several scales" : ", one scale");
    }
}
