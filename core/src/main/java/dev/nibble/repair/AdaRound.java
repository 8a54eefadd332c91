package dev.nibble.repair;

import dev.nibble.engine.Lab;
import dev.nibble.pass.Draft;
import dev.nibble.pass.Pass;

/**
 * Learns for every weight whether to round it up or down, layer after layer, so that what the layer
 * delivers behind its activation stays what it is in the float network.
 *
 * <p>Nagel et al. 2020, arXiv 2004.10568, with biases learned, too. A layer is kept as it was where
 * the engine finds no smaller error. Needs gradients: the artifact {@code dev.nibble:nibble-torch}.
 */
public record AdaRound(ReconstructionSettings settings) implements Pass {
    private static final String NAME = "AdaRound";

    @Override
    public Draft apply(Draft draft, Lab lab) {
        return new Reconstruction(NAME, settings, Integer.MAX_VALUE, Blocks::layers)
                .apply(draft, lab);
    }
}
