/**
 * Training a network on libtorch: the graph of a {@link dev.nibble.graph.Model} runs as libtorch
 * operators, its weights learn, and the same model comes back with the learnt weights.
 *
 * <p>May import core and JavaCPP. Read {@link dev.nibble.torch.train.Trainer} and {@link
 * dev.nibble.torch.train.TorchNetwork} first.
 */
@NullMarked
package dev.nibble.torch.train;

import org.jspecify.annotations.NullMarked;
