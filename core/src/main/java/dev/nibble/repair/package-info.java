/**
 * What goes wrong in the quantized network, and how it is mended: passes that look at the lowered
 * network beside the float one.
 *
 * <p>Imports everything up to {@code lower}. Read {@link dev.nibble.repair.Sequential} and {@link
 * dev.nibble.repair.NodeRepair} first.
 */
@NullMarked
package dev.nibble.repair;

import org.jspecify.annotations.NullMarked;
