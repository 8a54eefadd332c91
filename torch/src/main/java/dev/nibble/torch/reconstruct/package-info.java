/**
 * Fits the constants of quantized blocks with gradients: rounding, biases, scales.
 *
 * <p>May import core, JavaCPP and {@link dev.nibble.torch.operator}. Read {@link
 * dev.nibble.torch.reconstruct.TorchReconstructor} first.
 */
@NullMarked
package dev.nibble.torch.reconstruct;

import org.jspecify.annotations.NullMarked;
