/**
 * Benchmarks of the kernels and of whole runs.
 *
 * <p>May import everything but the command line; nothing imports it.
 */
@NullMarked
package dev.nibble.bench;

import org.jspecify.annotations.NullMarked;
