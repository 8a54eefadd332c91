package dev.nibble.train;

import static dev.nibble.train.TrainingSettings.require;

/**
 * What a network learns from.
 *
 * @param labels how much the right classes count; cross entropy
 * @param teacher how much the outputs of the float network count: cross entropy with its softened
 *     classes (Hinton et al. 2015, arXiv 1503.02531), or the squared error where outputs are no
 *     classes
 * @param temperature softens classes; above 0
 * @param features how much the teacher's values inside count, where it has those of the network;
 *     squared error as a part of their power
 */
public record Teaching(double labels, double teacher, double temperature, double features) {
    /** Labels where there are any, and the float network. */
    public static final Teaching DEFAULT = new Teaching(1, 1, 2, 0);

    public Teaching {
        require(labels >= 0, "labels", labels, "at least 0");
        require(teacher >= 0, "teacher", teacher, "at least 0");
        require(temperature > 0, "temperature", temperature, "above 0");
        require(features >= 0, "features", features, "at least 0");
    }

    /** The same from the float network alone. */
    public Teaching withoutLabels() {
        return new Teaching(0, teacher, temperature, features);
    }

    /** The same from labels alone. */
    public Teaching withoutTeacher() {
        return new Teaching(labels, 0, temperature, 0);
    }

    /** Whether a teacher runs at all. */
    public boolean needsTeacher() {
        return teacher > 0 || features > 0;
    }
}
