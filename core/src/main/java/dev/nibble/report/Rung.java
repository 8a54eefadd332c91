package dev.nibble.report;

/**
 * One repair that was tried, and what it brought on the samples that judge.
 *
 * @param pass its name
 * @param kept whether it stayed
 * @param score of the network with it, and all that was kept before
 * @param why it was kept or not, in words
 * @param seconds how long it took, judging included
 */
public record Rung(String pass, boolean kept, Score score, String why, double seconds) {}
