package dev.nibble.ladder;

import dev.nibble.engine.Lab;
import dev.nibble.engine.Measurement;
import dev.nibble.engine.Probe;
import dev.nibble.engine.Progress;
import dev.nibble.engine.Sample;
import dev.nibble.graph.Model;
import dev.nibble.report.Score;
import dev.nibble.tensor.Tensor;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/**
 * Says how good a quantized network is, beside the float one.
 *
 * @param lab runs over the samples to judge on
 * @param original the float network as it was given
 * @param byLabels whether accuracy decides; otherwise labels of other classes than the network's
 *     are passed over
 */
record Judge(Lab lab, Model original, boolean byLabels) {
    /** The same judge, who tells nobody how far it has come. */
    Judge silently() {
        return new Judge(lab.reportingTo(Progress.NONE), original, byLabels);
    }

    /** Runs both networks on every sample; {@link Score#NOTHING} where there are none. */
    Score score(Model quantized) {
        if (lab.samples().size() == 0) {
            return Score.NOTHING;
        }
        String first = original.graph().outputs().getFirst().name();
        Measurement<Score> measurement =
                new Measurement<>() {
                    @Override
                    public Score nothing() {
                        return Score.NOTHING;
                    }

                    @Override
                    public Score measure(Sample sample, List<Map<String, Tensor>> outputs) {
                        return Score.of(
                                known(sample, outputs.get(0).get(first)),
                                original.graph().name(),
                                first,
                                outputs.get(0),
                                outputs.get(1));
                    }
                };
        return lab.measure(
                "judging",
                List.of(Probe.outputsOf(original), Probe.outputsOf(quantized)),
                measurement);
    }

    private Sample known(Sample sample, @Nullable Tensor scores) {
        boolean fits = byLabels || scores == null || sample.label() < scores.elements();
        return fits ? sample : new Sample(sample.name(), sample.inputs(), Sample.UNLABELLED);
    }
}
