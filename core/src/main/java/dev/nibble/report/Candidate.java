package dev.nibble.report;

import dev.nibble.engine.Samples;

import java.nio.file.Path;

/**
 * A network file that takes part in an evaluation.
 *
 * @param file the file, run as it is
 * @param samples the samples as this network wants to see them; sample {@code i} is the same thing
 *     for every candidate, however each prepares it
 */
public record Candidate(Path file, Samples samples) {}
