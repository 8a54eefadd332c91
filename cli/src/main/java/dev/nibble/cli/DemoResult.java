package dev.nibble.cli;

import dev.nibble.formats.data.Views.View;
import dev.nibble.report.Evaluation;
import dev.nibble.report.Evaluation.Entry;

import java.util.List;

/**
 * How one network of the example did.
 *
 * @param network its name
 * @param evaluation of the float network, the carelessly quantized one, and Nibble's, in this order
 * @param views how each saw the images
 */
record DemoResult(String network, Evaluation evaluation, List<View> views) {
    Entry floating() {
        return evaluation.baseline();
    }

    Entry careless() {
        return evaluation.models().get(1);
    }

    Entry quantized() {
        return evaluation.models().get(2);
    }
}
