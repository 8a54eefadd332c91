/**
 * Training a network further on libtorch, float or as its quantized version computes.
 *
 * <p>May import core, {@code torch.operator}, {@code torch.simulate} and JavaCPP. Read {@link
 * dev.nibble.torch.finetune.TorchNetworkTrainer} and {@link dev.nibble.torch.finetune.FineTuning}
 * first.
 */
@NullMarked
package dev.nibble.torch.finetune;

import org.jspecify.annotations.NullMarked;
