package dev.nibble.engine;

/**
 * How long one kernel of a loaded network takes.
 *
 * @param name of the node of the file that it computes; where it computes several, of one of them
 *     or of the value that the last of them makes
 * @param operator as the engine calls it, which may join several into one
 * @param medianMs half of the runs took at most so many milliseconds
 */
public record KernelTime(String name, String operator, double medianMs) {}
