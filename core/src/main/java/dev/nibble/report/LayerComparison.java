package dev.nibble.report;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;

/**
 * A quantized network beside the float one, layer by layer.
 *
 * @param engine name and version of the runtime
 * @param samples where the samples came from and how many they were
 * @param sqnrDb signal to noise over all floating-point outputs of the quantized network; infinite
 *     if nothing differs
 * @param sharesOn how many of the samples the shares and the remedy were measured on
 * @param layers in execution order
 * @param unmatched nodes of the float network that are in no layer
 * @param remedy what to keep float; empty if nothing is worth it
 * @param times what nodes of the float network take in both, in execution order; empty where the
 *     engine does not tell
 */
public record LayerComparison(
        String engine,
        String samples,
        double sqnrDb,
        int sharesOn,
        List<LayerRow> layers,
        List<Unmatched> unmatched,
        Optional<Remedy> remedy,
        List<NodeTiming> times) {
    public LayerComparison {
        layers = List.copyOf(layers);
        unmatched = List.copyOf(unmatched);
        times = List.copyOf(times);
    }

    /** What the nodes of a layer take together; empty if nothing is known. */
    public Optional<NodeTiming> time(LayerRow layer) {
        List<NodeTiming> known =
                times.stream().filter(time -> layer.nodes().contains(time.node())).toList();
        return known.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new NodeTiming(
                                layer.layer(),
                                sum(known.stream().mapToDouble(NodeTiming::floatMs)),
                                sum(known.stream().mapToDouble(NodeTiming::quantizedMs))));
    }

    private static double sum(DoubleStream known) {
        return known.filter(ms -> !Double.isNaN(ms)).reduce(Double::sum).orElse(Double.NaN);
    }

    /** The layers, those with the greatest share of the final error first. */
    public List<LayerRow> worstFirst() {
        return layers.stream().sorted(worst()).toList();
    }

    static Comparator<LayerRow> worst() {
        return Comparator.<LayerRow>comparingInt(row -> row.notFinite() > 0 ? 0 : 1)
                .thenComparing(
                        row -> Double.isNaN(row.share()) ? -1 : row.share(),
                        Comparator.reverseOrder())
                .thenComparing(LayerRow::addedNoise, Comparator.reverseOrder());
    }

    /**
     * A node that could not be compared.
     *
     * @param reason why
     */
    public record Unmatched(String node, String operator, String reason) {}

    /**
     * Layers that cost the most, and what the outputs are like when these compute in float and all
     * others as the quantized network does.
     *
     * @param keepFloat names of the nodes with weights in these layers
     * @param sqnrDbBefore signal to noise of the outputs of the quantized network
     * @param sqnrDb signal to noise of the outputs with these layers in float
     * @param agreementBefore share of samples with the same top class as the float network; NaN
     *     where the first output is no row of scores
     * @param agreement the same with these layers in float
     */
    public record Remedy(
            List<String> keepFloat,
            double sqnrDbBefore,
            double sqnrDb,
            double agreementBefore,
            double agreement) {
        public Remedy {
            keepFloat = List.copyOf(keepFloat);
        }
    }
}
