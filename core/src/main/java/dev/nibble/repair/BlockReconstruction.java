package dev.nibble.repair;

import dev.nibble.engine.Lab;
import dev.nibble.pass.Draft;
import dev.nibble.pass.Pass;

/**
 * Fits the rounding of the weights, the biases and, if wanted, the scales of the activations of one
 * block after the other, so that each delivers what it does in the float network although what
 * comes in is already quantized.
 *
 * <p>Li et al. 2021 (BRECQ), arXiv 2102.05426, with the mean squared error in the place of the
 * Fisher-weighted one; activations are quantized at random (Wei et al. 2022, QDrop, arXiv
 * 2203.05740). A block is kept as it was where the engine finds no smaller error. Needs gradients:
 * the artifact {@code dev.nibble:nibble-torch}.
 */
public record BlockReconstruction(ReconstructionSettings settings) implements Pass {
    /** Blocks in a row that may fail before the rest is given up. */
    private static final int PATIENCE = 4;

    private static final String NAME = "BlockReconstruction";

    @Override
    public Draft apply(Draft draft, Lab lab) {
        return new Reconstruction(NAME, settings, PATIENCE, Blocks::of).apply(draft, lab);
    }
}
