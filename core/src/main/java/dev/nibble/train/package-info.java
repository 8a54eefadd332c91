/**
 * Training a network that is already in place: what is asked for, who does it, and how it goes.
 *
 * <p>May import the packages of core before it. Read {@link dev.nibble.train.TrainingSettings} and
 * {@link dev.nibble.train.NetworkTrainer} first.
 */
@NullMarked
package dev.nibble.train;

import org.jspecify.annotations.NullMarked;
