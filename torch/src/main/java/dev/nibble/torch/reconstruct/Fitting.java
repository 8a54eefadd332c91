package dev.nibble.torch.reconstruct;

import dev.nibble.engine.Progress;
import dev.nibble.error.NibbleException;
import dev.nibble.graph.Node;
import dev.nibble.pass.Draft;
import dev.nibble.repair.Block;
import dev.nibble.repair.ReconstructionSettings;
import dev.nibble.repair.Reconstructor.Fit;
import dev.nibble.repair.Reconstructor.Values;
import dev.nibble.tensor.Shape;
import dev.nibble.torch.operator.TorchTensors;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** The fitting of one block: batch after batch, error and indecision made small. */
final class Fitting {
    /** How far libtorch may be from the engine, as a part of the output's size. */
    private static final double SAME = 1e-3;

    /** Rounding is free during this share of the iterations. */
    private static final double WARM_UP = 0.2;

    /** From this share on rounding is settled, and the rest makes up for it. */
    private static final double SETTLED = 0.8;

    /** The exponent of the pressure towards the grid goes from the first to the last. */
    private static final double FIRST_BETA = 20;

    private static final double LAST_BETA = 2;
    private static final double SCALE_RATE = 1e-3;
    private static final int CHECKED = 4;

    /** How many numbers a step computes with, at most, all samples of its batch together. */
    private static final long LARGEST_STEP = 1 << 23;

    private final ReconstructionSettings settings;
    private final Block block;
    private final QuantizedBlock network;
    private final Map<String, Tensor> floats = new HashMap<>();
    private final Map<String, Tensor> quantized = new HashMap<>();
    private final Tensor output;
    private final double scale;
    private final Random random;
    private final int samples;
    private final Map<String, Double> units = new HashMap<>();
    private int batch;

    Fitting(Draft draft, Block block, Values values, ReconstructionSettings settings) {
        this.settings = settings;
        this.block = block;
        this.samples = values.output().size();
        this.batch = settings.batch();
        this.random = new Random(settings.seed());
        values.floats().forEach((name, tensors) -> floats.put(name, joined(name, tensors)));
        values.quantized().forEach((name, tensors) -> quantized.put(name, joined(name, tensors)));
        this.output = joined(block.output(), values.output());
        this.scale = values.errorBefore() * Tensors.meanSquare(output);
        this.network = new QuantizedBlock(draft, block, settings.learnScales());
    }

    private static Tensor joined(String value, List<dev.nibble.tensor.Tensor> tensors) {
        boolean alike =
                tensors.stream()
                        .allMatch(tensor -> tensor.shape().equals(tensors.getFirst().shape()));
        if (!alike) {
            throw new NibbleException(
                    "value " + value + " has another shape from sample to sample");
        }
        Shape shape = tensors.getFirst().shape();
        if (shape.rank() == 0 || shape.dim(0) != 1) {
            throw new NibbleException(
                    "value %s has shape %s for one sample, without a batch axis of extent 1 in front"
                            .formatted(value, shape));
        }
        return TorchTensors.joined(tensors);
    }

    Fit run(Progress progress) {
        begin();
        Adam rounding =
                new Adam(
                        network.weights().stream().map(SoftWeight::rounding).toList(),
                        settings.roundingRate());
        Adam biases = new Adam(network.biasChanges(), settings.biasRate());
        Adam scales = new Adam(network.scaleChanges(), SCALE_RATE);
        for (int step = 0; step < settings.iterations(); step++) {
            double share = (double) step / settings.iterations();
            double cooling = (1 + Math.cos(Math.PI * share)) / 2;
            try (PointerScope _ = new PointerScope()) {
                loss(share).backward();
                if (share < SETTLED) {
                    rounding.step(1);
                }
                biases.step(cooling);
                scales.step(cooling);
            }
            progress.advance(1);
        }
        return network.fit();
    }

    /** Checks that the block is computed rightly, and learns how large its products are. */
    private void begin() {
        try (PointerScope _ = new PointerScope();
                NoGradGuard _ = new NoGradGuard()) {
            Map<String, Tensor> few = new HashMap<>();
            int checked = Math.min(CHECKED, samples);
            floats.forEach((name, tensor) -> few.put(name, tensor.narrow(0, 0, checked)));
            Map<String, Tensor> values = network.runFloat(few);
            Tensor wanted = output.narrow(0, 0, checked);
            Tensor made = value(values, block.output());
            double error = Tensors.meanSquare(made.sub(wanted)) / Tensors.meanSquare(wanted);
            if (!(error < SAME * SAME)) {
                throw new NibbleException(
                        "libtorch and the engine differ by %.2g of the size of %s"
                                .formatted(Math.sqrt(error), block.output()));
            }
            long numbers = values.values().stream().mapToLong(Tensor::numel).sum() / checked;
            batch = Math.clamp(LARGEST_STEP / numbers, 1, settings.batch());
            for (Node node : network.biased()) {
                units.put(
                        node.name(), Math.sqrt(Tensors.meanSquare(value(values, node.output(0)))));
            }
        }
        network.biased()
                .forEach(node -> network.learnBias(node, units.getOrDefault(node.name(), 1.0)));
    }

    private static Tensor value(Map<String, Tensor> values, String name) {
        Tensor tensor = values.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("there is no value " + name);
        }
        return tensor;
    }

    private Tensor loss(double share) {
        Tensor chosen = chosen();
        Map<String, Tensor> inputs = new HashMap<>();
        quantized.forEach((name, tensor) -> {
            Tensor taken = tensor.index_select(0, chosen);
            inputs.put(
                    name,
                    settings.drop() == 0
                            ? taken
                            : Tensors.mixed(
                                    value(floats, name).index_select(0, chosen),
                                    taken,
                                    settings.drop()));
        });
        Tensor made = network.run(inputs, settings.drop(), share >= SETTLED);
        Tensor loss =
                made.sub(output.index_select(0, chosen)).square().mean().mul(new Scalar(1 / scale));
        if (share < WARM_UP || share >= SETTLED) {
            return loss;
        }
        double passed = (share - WARM_UP) / (SETTLED - WARM_UP);
        double beta = LAST_BETA + (FIRST_BETA - LAST_BETA) * (1 - passed);
        long size = network.weights().stream().mapToLong(SoftWeight::size).sum();
        for (SoftWeight weight : network.weights()) {
            loss = loss.add(weight.indecision(beta).mul(new Scalar(settings.pressure() / size)));
        }
        return loss;
    }

    private Tensor chosen() {
        long[] indices = random.ints(batch, 0, samples).asLongStream().toArray();
        return Tensor.create(indices, indices.length);
    }
}
