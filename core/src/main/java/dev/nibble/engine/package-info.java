/**
 * The ports to the outside: what runs a network, what reads and writes its file, where samples come
 * from, and the lab that runs networks over samples and brings back statistics.
 *
 * <p>Imports {@code tensor}, {@code graph} and {@code observe}. Read {@link
 * dev.nibble.engine.Engine} and {@link dev.nibble.engine.Lab} first.
 */
@NullMarked
package dev.nibble.engine;

import org.jspecify.annotations.NullMarked;
