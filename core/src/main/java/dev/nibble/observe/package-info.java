/**
 * What can be learned from streams of tensors in constant memory: statistics that merge, and
 * observers that make them.
 *
 * <p>Imports {@code tensor}, {@code kernel}, {@code math} and {@code graph}. Read {@link
 * dev.nibble.observe.Statistic} and {@link dev.nibble.observe.Histogram} first.
 */
@NullMarked
package dev.nibble.observe;

import org.jspecify.annotations.NullMarked;
