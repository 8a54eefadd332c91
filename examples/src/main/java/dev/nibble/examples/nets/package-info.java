/**
 * Small convolutional networks, untrained, written as the ONNX graphs that exporters write.
 *
 * <p>May import core. Read {@link dev.nibble.examples.nets.SmallNetworks} and {@link
 * dev.nibble.examples.nets.NetworkBuilder} first.
 */
@NullMarked
package dev.nibble.examples.nets;

import org.jspecify.annotations.NullMarked;
