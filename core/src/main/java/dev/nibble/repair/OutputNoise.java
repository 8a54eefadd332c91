package dev.nibble.repair;

import dev.nibble.engine.Lab;
import dev.nibble.engine.Walk;
import dev.nibble.graph.Model;
import dev.nibble.graph.ValueInfo;
import dev.nibble.observe.ErrorStatistic;
import dev.nibble.tensor.Tensor;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How far the outputs of a quantized network are from those of the float one, again and again. */
final class OutputNoise implements AutoCloseable {
    private final Lab lab;
    private final Walk floats;
    private final Map<String, List<Tensor>> wanted = new TreeMap<>();

    OutputNoise(Model model, Lab lab) {
        this.lab = lab;
        this.floats = new Walk("running", lab);
        for (ValueInfo output : model.graph().outputs()) {
            List<Tensor> tensors = floats.values(model, output.name());
            if (tensors.stream().allMatch(Tensor::isFloatingPoint)) {
                wanted.put(output.name(), tensors);
            }
        }
    }

    /** Noise power over all outputs as a share of their power. */
    double of(Model quantized) {
        ErrorStatistic sum = ErrorStatistic.NOTHING;
        try (Walk walk = new Walk("running", lab)) {
            walk.bring(quantized, wanted.keySet());
            for (Map.Entry<String, List<Tensor>> output : wanted.entrySet()) {
                List<Tensor> made = walk.values(quantized, output.getKey());
                for (int i = 0; i < made.size(); i++) {
                    Tensor reference = output.getValue().get(i);
                    // a list of detections may have another length
                    if (reference.elements() == made.get(i).elements()) {
                        sum = sum.merge(ErrorStatistic.of(reference, made.get(i)));
                    }
                }
            }
        }
        return sum.errorSquares() / sum.referenceSquares();
    }

    @Override
    public void close() {
        floats.close();
    }
}
