package dev.nibble.repair;

import dev.nibble.number.Encoding;
import dev.nibble.number.Granularity;
import dev.nibble.number.GroupIndex;
import dev.nibble.number.Scheme;
import dev.nibble.tensor.Shape;

/**
 * The codes and scales that the weights of a layer may take; scales may still change while the
 * codes are found.
 */
final class RoundingGrid {
    private final WeightRows layout;
    private final Scheme scheme;
    private final Shape scaleShape;
    private final float[] scales;
    private final int[] zeroPoints;
    private final int[] groups;
    private final boolean scalePerRow;

    RoundingGrid(WeightRows layout, Shape weights, int outputAxis, Encoding encoding) {
        this.layout = layout;
        this.scheme = encoding.scheme();
        this.scaleShape = encoding.scaleShape();
        this.scales = encoding.scales();
        this.zeroPoints = encoding.zeroPoints();
        this.groups = GroupIndex.of(weights, encoding.granularity());
        this.scalePerRow =
                encoding.granularity() instanceof Granularity.PerAxis(int axis)
                        && weights.normalize(axis) == weights.normalize(outputAxis);
    }

    /** Whether each output channel has one scale, and no other channel has it. */
    boolean scalePerRow() {
        return scalePerRow;
    }

    private int group(int row, int column) {
        return groups[layout.element(row, column)];
    }

    float scale(int row, int column) {
        return scales[group(row, column)];
    }

    /** Gives a row another scale; rows may be given theirs at the same time. */
    void rescale(int row, float scale) {
        if (!scalePerRow) {
            throw new IllegalStateException("row " + row + " shares its scale with others");
        }
        scales[group(row, 0)] = scale;
    }

    /** The lowest code, counted from the one that stands for 0. */
    int least(int row, int column) {
        return scheme.format().min() - zeroPoints[group(row, column)];
    }

    /** The highest code, counted from the one that stands for 0. */
    int greatest(int row, int column) {
        return scheme.format().max() - zeroPoints[group(row, column)];
    }

    Encoding encoding() {
        return new Encoding(scheme, scaleShape, scales, zeroPoints);
    }
}
