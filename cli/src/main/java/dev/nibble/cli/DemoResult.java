package dev.nibble.cli;

import dev.nibble.Nibble;
import dev.nibble.formats.data.DataSet;
import dev.nibble.formats.data.Views;
import dev.nibble.formats.data.Views.Network;
import dev.nibble.formats.data.Views.View;
import dev.nibble.report.Evaluation;
import dev.nibble.report.Evaluation.Entry;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * How one network of the example did.
 *
 * @param network its name
 * @param kinds what each of the networks evaluated is called, the float one first
 * @param evaluation of the float network and of what was made of it, in this order
 * @param views how each saw the images
 */
record DemoResult(String network, List<String> kinds, Evaluation evaluation, List<View> views) {

    /** Evaluates what was made of a network on images that nothing was made with. */
    static DemoResult of(
            String name, List<String> kinds, Nibble network, DemoFiles files, Path... made) {
        List<Network> networks =
                Stream.concat(Stream.of(network), Stream.of(made).map(Nibble::read))
                        .map(one -> new Network(one.source(), one.model()))
                        .toList();
        List<View> views = Views.of(DataSet.open(files.evaluationImages()), networks);
        Evaluation evaluation =
                network.evaluate(
                        views.getFirst().candidate().samples(),
                        views.stream().skip(1).map(View::candidate).toList());
        return new DemoResult(name, kinds, evaluation, views);
    }

    Entry floating() {
        return evaluation.baseline();
    }

    /** The networks evaluated, the float one first. */
    List<Entry> entries() {
        return evaluation.models();
    }
}
