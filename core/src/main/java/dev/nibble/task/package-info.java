/**
 * What the numbers that a network gives are for, and measures that fit it: masks, embeddings,
 * tokens, quantities.
 *
 * <p>Imports {@code tensor}, {@code math}, {@code graph} and {@code observe}. Read {@link
 * dev.nibble.task.Task} and {@link dev.nibble.task.TaskScores} first.
 */
@NullMarked
package dev.nibble.task;

import org.jspecify.annotations.NullMarked;
