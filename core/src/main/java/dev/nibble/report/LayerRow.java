package dev.nibble.report;

import java.util.List;

/**
 * One layer of a float network beside what became of it in a quantized one.
 *
 * <p>A layer ends at a value that both networks have; it begins at the values before it that both
 * have. So a convolution is one layer with the batch normalization that was folded into it and the
 * activation that its codes imply.
 *
 * @param layer name of the node that counts: the last one with weights, or else the last one
 * @param operator operator of that node
 * @param nodes names of all nodes of the float network in it, in execution order
 * @param value the value that is compared, by its name in the float network
 * @param accumulatedSqnrDb signal to noise of the value when the quantized network runs as it is;
 *     infinite if nothing differs, NaN where shapes differ
 * @param accumulatedNoise the same as noise power over signal power; 0 if nothing differs
 * @param addedSqnrDb signal to noise of the value when the quantized layer is fed with the values
 *     of the float network: what this layer alone adds
 * @param addedNoise the same as noise power over signal power
 * @param share noise in the outputs of the float network with this layer alone quantized, as a
 *     share of the noise in the outputs of the quantized network; shares need not add up to 1. NaN
 *     if the outputs have no noise
 * @param weightSqnrDb signal to noise of the weights; NaN without weights in both networks that can
 *     be laid beside each other
 * @param notFinite elements of the value that are NaN or infinite in the quantized network where
 *     they are not in the float one
 */
public record LayerRow(
        String layer,
        String operator,
        List<String> nodes,
        String value,
        double accumulatedSqnrDb,
        double accumulatedNoise,
        double addedSqnrDb,
        double addedNoise,
        double share,
        double weightSqnrDb,
        long notFinite) {
    public LayerRow {
        nodes = List.copyOf(nodes);
    }
}
