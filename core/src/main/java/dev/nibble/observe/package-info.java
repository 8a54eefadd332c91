/**
 * What can be learned from streams of tensors in constant memory: statistics that merge, and
 * observers that make them.
 *
 * <p>Imports {@code tensor}, {@code math} and {@code kernel}. Read {@link
 * dev.nibble.observe.Statistic} and {@link dev.nibble.observe.Histogram} first.
 */
@NullMarked
package dev.nibble.observe;

import org.jspecify.annotations.NullMarked;
