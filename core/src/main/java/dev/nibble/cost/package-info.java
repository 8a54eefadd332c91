/**
 * What running a network takes: operations, bytes moved, time and energy.
 *
 * <p>Imports {@code tensor}, {@code graph}, {@code opset} and {@code engine}. Read {@link
 * dev.nibble.cost.Work} and {@link dev.nibble.cost.EnergyEstimate} first.
 */
@NullMarked
package dev.nibble.cost;

import org.jspecify.annotations.NullMarked;
