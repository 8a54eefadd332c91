package dev.nibble.cli;

import dev.nibble.Nibble;
import dev.nibble.engine.Samples;
import dev.nibble.formats.data.DataSet;
import dev.nibble.formats.data.OtherViews;
import dev.nibble.formats.image.Preprocessing;
import dev.nibble.report.BaselineCheck;
import dev.nibble.report.BaselineCheck.Better;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Looks whether a float network makes sense on labelled samples, and says so where it does not. */
record BaselineText(Console console) {
    /** The check; empty without labels. */
    static Optional<BaselineCheck> check(
            Nibble network, DataSet data, Samples samples, Optional<Preprocessing> used) {
        if (!samples.labelled()) {
            return Optional.empty();
        }
        Map<String, Samples> others =
                used.filter(_ -> data.needsPreprocessing())
                        .map(known -> OtherViews.of(data, network.model(), known))
                        .orElse(Map.of());
        BaselineCheck check = network.checkBaseline(samples, others);
        return check.labelled() == 0 ? Optional.empty() : Optional.of(check);
    }

    void print(BaselineCheck check, Path network) {
        check.better().ifPresent(better -> say(better, network));
        if (check.better().isEmpty() && check.isGuessing()) {
            console.warn(
                    "%s gets %d of %d samples right, no more than guessing among %d classes would: look at labels and preprocessing"
                            .formatted(network, check.right(), check.labelled(), check.classes()));
        }
    }

    private void say(Better better, Path network) {
        console.warn(
                "%s gets %s right as its images are prepared now, but %s with --preprocess %s (%d samples, ± %s points): is that how it was trained?"
                        .formatted(
                                network,
                                Figures.percent(better.top1Used()),
                                Figures.percent(better.top1()),
                                better.name(),
                                better.samples(),
                                Figures.decimal(100 * better.standardError(), 1)));
    }
}
