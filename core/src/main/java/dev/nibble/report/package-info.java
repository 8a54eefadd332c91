/**
 * What was done and what it cost, as data: reports of quantization and of evaluation, and what a
 * network is.
 *
 * <p>Imports everything up to {@code task}. Read {@link dev.nibble.report.Report} and {@link
 * dev.nibble.report.OutputComparison} first.
 */
@NullMarked
package dev.nibble.report;

import org.jspecify.annotations.NullMarked;
