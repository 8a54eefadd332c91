package dev.nibble.repair;

import dev.nibble.plan.WeightedNode;
import dev.nibble.tensor.Shape;

/**
 * The weights of a layer as rows: one for each output channel, in the order of the patches that it
 * is multiplied with.
 *
 * @param rows output channels, of all groups
 * @param columns weights of one output channel
 * @param groups groups of output channels that see the same inputs
 * @param outputsFirst whether a row's weights follow each other; otherwise a column's do
 */
record WeightRows(int rows, int columns, int groups, boolean outputsFirst) {
    static WeightRows of(WeightedNode node) {
        Shape shape = node.weight().shape();
        boolean first = shape.normalize(node.outputAxis()) == 0;
        if (!first && shape.rank() != 2) {
            throw new IllegalArgumentException(
                    "weights of shape " + shape + " have no rows of output channels");
        }
        int rows = node.outputChannels();
        int groups = node.node().is("Conv") ? Math.toIntExact(node.node().integer("group", 1)) : 1;
        return new WeightRows(rows, Math.toIntExact(shape.elements() / rows), groups, first);
    }

    int rowsOfGroup() {
        return rows / groups;
    }

    /** Where a weight is in the data. */
    int element(int row, int column) {
        return outputsFirst ? row * columns + column : column * rows + row;
    }

    /** The rows of one group. */
    double[] rowsOf(float[] weights, int group) {
        int count = rowsOfGroup();
        double[] taken = new double[count * columns];
        for (int row = 0; row < count; row++) {
            for (int column = 0; column < columns; column++) {
                taken[row * columns + column] = weights[element(group * count + row, column)];
            }
        }
        return taken;
    }
}
