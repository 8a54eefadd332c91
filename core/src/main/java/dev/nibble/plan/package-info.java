/**
 * Who decides: what the user asked for (recipe), what the runtime executes well (target), and what
 * follows for every node and value of a graph (plan).
 *
 * <p>Imports everything up to {@code engine}. Read {@link dev.nibble.plan.Plan} and {@link
 * dev.nibble.plan.Planner} first.
 */
@NullMarked
package dev.nibble.plan;

import org.jspecify.annotations.NullMarked;
