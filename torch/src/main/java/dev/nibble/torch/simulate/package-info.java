/**
 * A quantized network in libtorch: what is rounded where, as lowering would write it down, with
 * gradients through the rounding.
 *
 * <p>May import core, {@code torch.operator} and JavaCPP. Read {@link
 * dev.nibble.torch.simulate.Simulation} and {@link dev.nibble.torch.simulate.Placement} first.
 */
@NullMarked
package dev.nibble.torch.simulate;

import org.jspecify.annotations.NullMarked;
