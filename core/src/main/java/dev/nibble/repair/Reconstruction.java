package dev.nibble.repair;

import dev.nibble.engine.EvenlySpaced;
import dev.nibble.engine.Lab;
import dev.nibble.engine.Progress;
import dev.nibble.engine.Samples;
import dev.nibble.engine.Walk;
import dev.nibble.error.NibbleException;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.lower.QdqLowering;
import dev.nibble.pass.Draft;
import dev.nibble.pass.Finding;
import dev.nibble.pass.Finding.Applied;
import dev.nibble.pass.Finding.Skipped;
import dev.nibble.pass.OwnConstants;
import dev.nibble.pass.Pass;
import dev.nibble.plan.Plan;
import dev.nibble.plan.WeightedNode;
import dev.nibble.repair.Reconstructor.Values;
import dev.nibble.tensor.Tensor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * Fits blocks one after the other, the float network and the quantized one walked side by side.
 *
 * @param patience after so many blocks in a row that could not be improved the rest is left alone
 * @param cut takes a network apart
 */
record Reconstruction(
        String name,
        ReconstructionSettings settings,
        int patience,
        BiFunction<Graph, Plan, List<Block>> cut)
        implements Pass {
    @Override
    public Draft apply(Draft draft, Lab lab) {
        Reconstructor reconstructor = Reconstructor.find(name);
        if (lab.samples().size() == 0) {
            return draft.noting(new Skipped(name, draft.graph().name(), "there are no samples"));
        }
        Draft at = withOwnBiases(draft);
        List<Block> blocks = cut.apply(at.graph(), at.plan());
        at = notingLeftOut(at, blocks);
        Progress progress = lab.progress();
        Lab silent =
                lab.over(EvenlySpaced.atMost(settings.samples(), lab.samples()))
                        .reportingTo(Progress.NONE);
        progress.start(name, (long) blocks.size() * settings.iterations());
        try (Walk floats = new Walk(name, silent);
                Walk quantized = new Walk(name, silent)) {
            Way way = new Way(reconstructor, floats, quantized, silent.samples(), progress);
            int futile = 0;
            for (int i = 0; i < blocks.size(); i++) {
                Draft before = at;
                at = fit(at, blocks.get(i), way);
                futile = at.fitted().equals(before.fitted()) ? futile + 1 : 0;
                if (futile == patience) {
                    return at.noting(givingUp(blocks.subList(i + 1, blocks.size())));
                }
                way.letGo(at, blocks.subList(i + 1, blocks.size()));
            }
            return at;
        } finally {
            progress.finish();
        }
    }

    private List<Finding> givingUp(List<Block> later) {
        return later.stream()
                .<Finding>map(block ->
                        new Skipped(
                                name,
                                block.output(),
                                "none of the " + patience + " blocks before it could be improved"))
                .toList();
    }

    private static Draft withOwnBiases(Draft draft) {
        Draft at = draft;
        for (Node node : draft.graph().nodes()) {
            boolean takesBias =
                    WeightedNode.of(draft.graph(), node).isPresent() && !node.is("MatMul");
            if (takesBias && at.plan().isQuantized(node)) {
                at = OwnConstants.bias(at, node);
            }
        }
        return at;
    }

    /** Says which quantized nodes no block has. */
    private Draft notingLeftOut(Draft draft, List<Block> blocks) {
        Set<String> reached = new HashSet<>();
        blocks.forEach(block -> block.nodes().forEach(node -> reached.add(node.name())));
        Draft at = draft;
        for (Node node : draft.graph().nodes()) {
            boolean leftOut =
                    draft.plan().isQuantized(node)
                            && WeightedNode.of(draft.graph(), node).isPresent()
                            && !reached.contains(node.name());
            if (leftOut) {
                at =
                        at.noting(
                                new Skipped(
                                        name,
                                        node.name(),
                                        "it lies where the network ends in several outputs"));
            }
        }
        return at;
    }

    private Draft fit(Draft draft, Block block, Way way) {
        Optional<String> obstacle = way.reconstructor.obstacle(draft.graph(), block);
        if (obstacle.isPresent()) {
            way.progress.advance(settings.iterations());
            return draft.noting(new Skipped(name, block.output(), obstacle.get()));
        }
        double before = way.error(draft, block);
        if (before == 0) {
            way.progress.advance(settings.iterations());
            return draft.noting(new Skipped(name, block.output(), "it has no error"));
        }
        Values values = way.values(draft, block, before);
        Draft fitted;
        try {
            fitted =
                    way.reconstructor.fit(draft, block, values, settings, way.progress).into(draft);
        } catch (NibbleException e) {
            return draft.noting(new Skipped(name, block.output(), message(e)));
        }
        double after = way.error(fitted, block);
        return after < before
                ? fitted.noting(
                        new Applied(
                                name,
                                block.output(),
                                text("error %.3g, was %.3g of the output's power", after, before)))
                : draft.noting(
                        new Skipped(
                                name,
                                block.output(),
                                text(
                                        "its error would not fall: %.3g, fitted %.3g of the"
                                                + " output's power",
                                        before, after)));
    }

    private static String text(String format, double first, double second) {
        return String.format(Locale.ROOT, format, first, second);
    }

    private static String message(NibbleException e) {
        return String.valueOf(e.getMessage());
    }

    /** Both networks on every sample, as far as they were walked. */
    private record Way(
            Reconstructor reconstructor,
            Walk floats,
            Walk quantized,
            Samples samples,
            Progress progress) {

        Values values(Draft draft, Block block, double errorBefore) {
            Model lowered = QdqLowering.lower(draft);
            Map<String, List<Tensor>> exact = new HashMap<>();
            Map<String, List<Tensor>> rounded = new HashMap<>();
            for (String input : block.inputs()) {
                if (draft.graph().isInput(input)) {
                    exact.put(input, fed(input));
                    rounded.put(input, fed(input));
                } else {
                    exact.put(input, floats.values(draft.model(), input));
                    rounded.put(input, quantized.values(lowered, input));
                }
            }
            return new Values(
                    exact, rounded, floats.values(draft.model(), block.output()), errorBefore);
        }

        private List<Tensor> fed(String input) {
            List<Tensor> tensors = new ArrayList<>();
            for (int i = 0; i < samples.size(); i++) {
                Tensor tensor = samples.get(i).inputs().get(input);
                if (tensor == null) {
                    throw new NibbleException(
                            "sample " + samples.get(i).name() + " has no input " + input);
                }
                tensors.add(tensor);
            }
            return tensors;
        }

        /** What the lowered block does wrong, beside the power of what it should deliver. */
        double error(Draft draft, Block block) {
            List<Tensor> wanted = floats.values(draft.model(), block.output());
            List<Tensor> made = quantized.values(QdqLowering.lower(draft), block.output());
            double error = 0;
            double power = 0;
            for (int i = 0; i < wanted.size(); i++) {
                float[] right = wanted.get(i).floats();
                float[] wrong = made.get(i).floats();
                for (int j = 0; j < right.length; j++) {
                    double difference = (double) wrong[j] - right[j];
                    error += difference * difference;
                    power += (double) right[j] * right[j];
                }
            }
            quantized.forget(block.output());
            return error / Math.max(power, Double.MIN_NORMAL);
        }

        void letGo(Draft draft, List<Block> later) {
            Set<String> needed = new HashSet<>();
            for (Block block : later) {
                block.inputs().stream()
                        .filter(input -> !draft.graph().isInput(input))
                        .forEach(needed::add);
            }
            Set<String> neededFloats = new HashSet<>(needed);
            later.forEach(block -> neededFloats.add(block.output()));
            floats.keepFor(draft.model(), neededFloats);
            quantized.keepFor(QdqLowering.lower(draft), needed);
        }
    }
}
