package dev.nibble.report;

import dev.nibble.engine.Measurement;
import dev.nibble.engine.PerValue;
import dev.nibble.engine.Sample;
import dev.nibble.observe.Statistic;
import dev.nibble.report.LayerMatching.Segment;
import dev.nibble.tensor.Tensor;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * Errors of the values at which layers end.
 *
 * @param accumulated in the quantized network as it is, by the value's name in the float network
 * @param added in layers fed with the values of the float network
 */
record LayerErrors(PerValue<OutputCheck> accumulated, PerValue<OutputCheck> added)
        implements Statistic<LayerErrors> {
    @Override
    public LayerErrors merge(LayerErrors other) {
        return new LayerErrors(accumulated.merge(other.accumulated), added.merge(other.added));
    }

    OutputCheck accumulated(String value) {
        return accumulated.byName().getOrDefault(value, OutputCheck.NOTHING);
    }

    OutputCheck added(String value) {
        return added.byName().getOrDefault(value, OutputCheck.NOTHING);
    }

    /**
     * Measures them: the first network holds the float values and those of layers alone, the second
     * is the quantized one.
     *
     * @param alone what the value of a layer alone is called in the first network, by its name in
     *     the quantized one
     */
    record Measuring(List<Segment> segments, UnaryOperator<String> alone)
            implements Measurement<LayerErrors> {
        @Override
        public LayerErrors nothing() {
            return new LayerErrors(
                    new PerValue<OutputCheck>(Map.of()), new PerValue<OutputCheck>(Map.of()));
        }

        @Override
        public LayerErrors measure(Sample sample, List<Map<String, Tensor>> outputs) {
            Map<String, OutputCheck> accumulated = new TreeMap<>();
            Map<String, OutputCheck> added = new TreeMap<>();
            for (Segment segment : segments) {
                Tensor reference = outputs.get(0).get(segment.value());
                Tensor alone = outputs.get(0).get(this.alone.apply(segment.counterpart()));
                Tensor actual = outputs.get(1).get(segment.counterpart());
                if (reference != null && alone != null && actual != null) {
                    accumulated.put(segment.value(), OutputCheck.of(reference, actual));
                    added.put(segment.value(), OutputCheck.of(reference, alone));
                }
            }
            return new LayerErrors(
                    new PerValue<OutputCheck>(accumulated), new PerValue<OutputCheck>(added));
        }
    }
}
