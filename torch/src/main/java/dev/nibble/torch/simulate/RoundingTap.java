package dev.nibble.torch.simulate;

import dev.nibble.graph.Node;
import dev.nibble.torch.graph.Tap;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Puts rounded tensors in the place of float ones, for those who read them so; for one run. */
final class RoundingTap implements Tap, AutoCloseable {
    private static final int BIAS = 2;

    private final Learners learners;
    private final boolean training;

    /** Values that are float by themselves, as those read them who compute on codes. */
    private final Map<String, Tensor> codes = new HashMap<>();

    RoundingTap(Learners learners, boolean training) {
        this.learners = learners;
        this.training = training;
    }

    @Override
    public Tensor fed(String input, Tensor tensor) {
        return stored(input, tensor);
    }

    @Override
    public Tensor made(Node producer, String value, Tensor tensor) {
        BatchNormalizer normalizer = learners.normalizers().get(producer.name());
        if (normalizer == null) {
            return stored(value, tensor);
        }
        return stored(
                value,
                training
                        ? normalizer.apply(tensor)
                        : normalizer.folded(tensor, learners.counts(producer)));
    }

    /** Rounds a value for all readers, or for the quantized ones if it is float by itself. */
    private Tensor stored(String value, Tensor tensor) {
        Optional<LearnedRange> range = learners.range(value);
        if (range.isEmpty() || !learners.placement().isRounded(value)) {
            return tensor;
        }
        Tensor rounded = range.get().apply(tensor);
        if (learners.placement().isMadeOfCodes(value)) {
            return rounded;
        }
        Tensor handle = new Tensor(rounded);
        // outlives the scope of the node that makes it
        handle.retainReference();
        codes.put(value, handle);
        return tensor;
    }

    @Override
    public Tensor read(Node reader, int index, String value, Tensor tensor) {
        BatchNormalizer normalizer = learners.normalizers().get(reader.name());
        LearnedWeight weight = learners.weights().get(value);
        if (weight != null) {
            return normalizer == null ? weight.value() : weight.unscaled();
        }
        if (index == BIAS && takesBias(reader)) {
            return normalizer == null ? counted(reader, tensor) : normalizer.nothing();
        }
        if (!learners.placement().readsCodes(reader)) {
            return tensor;
        }
        Tensor constant = learners.codedConstants().get(value);
        return constant == null ? codes.getOrDefault(value, tensor) : constant;
    }

    private static boolean takesBias(Node node) {
        return node.is("Conv") || node.is("Gemm");
    }

    /** A bias as integer kernels have it: a whole number of the steps of their products. */
    private Tensor counted(Node reader, Tensor bias) {
        return learners.counts(reader)
                .flatMap(steps -> learners.weight(reader).map(weight -> steps.mul(weight.gain())))
                .map(unit -> bias.add(torch.round(bias.div(unit)).mul(unit).sub(bias).detach()))
                .orElse(bias);
    }

    @Override
    public void close() {
        codes.values().forEach(Tensor::close);
    }
}
