package dev.nibble.report;

import dev.nibble.engine.Lab;
import dev.nibble.engine.Measurement;
import dev.nibble.engine.PerValue;
import dev.nibble.engine.Probe;
import dev.nibble.engine.Sample;
import dev.nibble.graph.Model;
import dev.nibble.tensor.Tensor;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Runs a quantized network beside the float one and compares value by value. */
public final class SoundnessCheck implements Measurement<PerValue<OutputCheck>> {
    private SoundnessCheck() {}

    /**
     * Each output beside that of the float network.
     *
     * @param lab runs over the samples to check on
     * @throws dev.nibble.error.NibbleException if one of the networks does not load or run
     */
    public static Map<String, OutputCheck> outputs(Lab lab, Model original, Model quantized) {
        return values(lab, "checking", Probe.outputsOf(original), Probe.outputsOf(quantized));
    }

    static Map<String, OutputCheck> values(Lab lab, String stage, Probe original, Probe quantized) {
        return lab.measure(stage, List.of(original, quantized), new SoundnessCheck()).byName();
    }

    @Override
    public PerValue<OutputCheck> nothing() {
        return new PerValue<OutputCheck>(Map.of());
    }

    @Override
    public PerValue<OutputCheck> measure(Sample sample, List<Map<String, Tensor>> outputs) {
        Map<String, OutputCheck> checks = new TreeMap<>();
        outputs.get(0)
                .forEach((name, reference) -> {
                    Tensor actual = outputs.get(1).get(name);
                    if (actual != null) {
                        checks.put(name, OutputCheck.of(reference, actual));
                    }
                });
        return new PerValue<>(checks);
    }
}
