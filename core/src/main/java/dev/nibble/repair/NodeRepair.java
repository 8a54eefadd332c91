package dev.nibble.repair;

import dev.nibble.pass.Draft;
import dev.nibble.plan.WeightedNode;

/** Mends one node with weights, given what the float and the quantized network make of it. */
public interface NodeRepair {
    /**
     * Fits the constants of a node.
     *
     * @param node as it stands in the draft
     * @param sight the values around the node, those of the quantized network with all nodes before
     *     it already mended
     */
    Draft repair(Draft draft, WeightedNode node, Sight sight);
}
