package dev.nibble.formats.image;

import java.util.List;
import java.util.Optional;

/** The usual ways to make numbers of 8-bit values. */
enum Preset {
    /** Mean and deviation of the ImageNet photos, as torchvision's networks want. */
    IMAGENET(1 / 255.0, List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225)),
    /** −1 to 1, as TensorFlow's networks want. */
    TF(1 / 127.5, List.of(1.0), List.of(1.0)),
    /** 0 to 1. */
    UNIT(1 / 255.0, List.of(0.0), List.of(1.0)),
    /** 0 to 255, as stored. */
    RAW(1, List.of(0.0), List.of(1.0));

    final double scale;
    final List<Double> mean;
    final List<Double> std;

    Preset(double scale, List<Double> mean, List<Double> std) {
        this.scale = scale;
        this.mean = mean;
        this.std = std;
    }

    /** The preset that has these numbers. */
    static Optional<Preset> named(double scale, List<Double> mean, List<Double> std) {
        for (Preset preset : values()) {
            if (preset.scale == scale && preset.mean.equals(mean) && preset.std.equals(std)) {
                return Optional.of(preset);
            }
        }
        return Optional.empty();
    }
}
