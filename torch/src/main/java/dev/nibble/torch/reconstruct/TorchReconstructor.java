package dev.nibble.torch.reconstruct;

import dev.nibble.engine.Progress;
import dev.nibble.error.NibbleException;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.pass.Draft;
import dev.nibble.repair.Block;
import dev.nibble.repair.ReconstructionSettings;
import dev.nibble.repair.Reconstructor;
import dev.nibble.torch.operator.Operators;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch;

import java.util.Optional;

/** Fits blocks with libtorch, on one thread. */
public final class TorchReconstructor implements Reconstructor {
    /**
     * Fixed, since sums of floats depend on it. With more, libtorch's threads wait for each other
     * at every operation, and on a busy machine that takes ten times as long.
     */
    private static final int THREADS = 1;

    @Override
    public Optional<String> obstacle(Graph graph, Block block) {
        for (Node node : block.nodes()) {
            if (node.is("Constant")) {
                continue;
            }
            Optional<String> refusal = Operators.refusal(node);
            if (refusal.isPresent()) {
                return Optional.of(
                        "node %s (%s): %s"
                                .formatted(node.name(), node.operator(), refusal.orElseThrow()));
            }
            if (node.subgraphs().findAny().isPresent()) {
                return Optional.of("node %s runs subgraphs".formatted(node.name()));
            }
            if (node.outputs().size() > 1) {
                return Optional.of("node %s has several outputs".formatted(node.name()));
            }
        }
        return Optional.empty();
    }

    @Override
    public Fit fit(
            Draft draft,
            Block block,
            Values values,
            ReconstructionSettings settings,
            Progress progress) {
        torch.set_num_threads(THREADS);
        torch.manual_seed(settings.seed());
        try (PointerScope _ = new PointerScope()) {
            return new Fitting(draft, block, values, settings).run(progress);
        } catch (RuntimeException e) {
            throw refusal(block, e);
        }
    }

    /** What libtorch itself throws says nothing to the user; all else passes as it is. */
    private static RuntimeException refusal(Block block, RuntimeException e) {
        return e.getClass() == RuntimeException.class
                ? new NibbleException(
                        "libtorch cannot compute the block up to " + block.output(), e)
                : e;
    }
}
