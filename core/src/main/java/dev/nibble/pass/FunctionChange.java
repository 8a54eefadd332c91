package dev.nibble.pass;

import dev.nibble.engine.Lab;
import dev.nibble.engine.Measurement;
import dev.nibble.engine.Probe;
import dev.nibble.engine.Sample;
import dev.nibble.graph.Model;
import dev.nibble.observe.ErrorStatistic;
import dev.nibble.tensor.Tensor;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Measures how far the outputs of a changed network are from those that it had. */
final class FunctionChange {
    private FunctionChange() {}

    /** The signal to noise ratio of all floating-point outputs together, over a lab's samples. */
    static double sqnrDb(String stage, Model before, Model after, Lab lab) {
        Measurement<ErrorStatistic> errors =
                new Measurement<>() {
                    @Override
                    public ErrorStatistic nothing() {
                        return ErrorStatistic.NOTHING;
                    }

                    @Override
                    public ErrorStatistic measure(
                            Sample sample, List<Map<String, Tensor>> outputs) {
                        Map<String, Tensor> changed = outputs.get(1);
                        return outputs.getFirst().entrySet().stream()
                                .sorted(Map.Entry.comparingByKey())
                                .filter(output -> output.getValue().isFloatingPoint())
                                .map(output ->
                                        ErrorStatistic.of(
                                                output.getValue(),
                                                Objects.requireNonNull(
                                                        changed.get(output.getKey()))))
                                .reduce(ErrorStatistic.NOTHING, ErrorStatistic::merge);
                    }
                };
        return lab.measure(stage, List.of(Probe.outputsOf(before), Probe.outputsOf(after)), errors)
                .measures()
                .sqnrDb();
    }
}
