package dev.nibble.task;

import java.util.List;

/** Samples as points, near one another where their directions are. */
final class Embeddings {
    private Embeddings() {}

    /** The cosine of the angle between two rows; 1 if both are 0, 0 if one is. */
    static double cosine(float[] one, float[] two) {
        double product = 0;
        double square = 0;
        double otherSquare = 0;
        for (int i = 0; i < one.length; i++) {
            product += (double) one[i] * two[i];
            square += (double) one[i] * one[i];
            otherSquare += (double) two[i] * two[i];
        }
        if (square == 0 || otherSquare == 0) {
            return square == otherSquare ? 1 : 0;
        }
        return product / Math.sqrt(square * otherSquare);
    }

    /**
     * How many samples have the same nearest other sample in both networks, each searching among
     * its own embeddings.
     */
    static long sameNeighbours(List<List<Float>> baseline, List<List<Float>> other) {
        int[] one = nearest(baseline);
        int[] two = nearest(other);
        long same = 0;
        for (int i = 0; i < one.length; i++) {
            same += one[i] == two[i] ? 1 : 0;
        }
        return same;
    }

    /** The other sample with the greatest cosine to each; the first of equals. */
    private static int[] nearest(List<List<Float>> rows) {
        float[][] points = rows.stream().map(Embeddings::array).toArray(float[][]::new);
        int[] nearest = new int[points.length];
        for (int i = 0; i < points.length; i++) {
            double best = Double.NEGATIVE_INFINITY;
            nearest[i] = i;
            for (int j = 0; j < points.length; j++) {
                double cosine = i == j ? Double.NaN : cosine(points[i], points[j]);
                if (cosine > best) {
                    best = cosine;
                    nearest[i] = j;
                }
            }
        }
        return nearest;
    }

    private static float[] array(List<Float> row) {
        float[] array = new float[row.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = row.get(i);
        }
        return array;
    }
}
