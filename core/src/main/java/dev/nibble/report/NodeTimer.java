package dev.nibble.report;

import dev.nibble.cost.NodeTimes;
import dev.nibble.engine.Engine;
import dev.nibble.engine.Lab;
import dev.nibble.engine.ModelFormat;
import dev.nibble.engine.Progress;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;

import java.util.List;

/**
 * Tells what nodes take in a float network and in the quantized one.
 *
 * @param format what the engine reads
 */
record NodeTimer(Engine engine, ModelFormat format) {
    private static final int RUNS = 20;

    /** Times of the nodes of the float network, on the first sample of a lab. */
    List<NodeTiming> time(Model original, Model quantized, Lab lab) {
        Progress progress = lab.progress();
        progress.start("timing nodes", 2);
        try {
            NodeTimes before = times(original, lab);
            progress.advance(1);
            NodeTimes after = times(quantized, lab);
            progress.advance(1);
            return original.graph().nodes().stream()
                    .map(Node::name)
                    .map(node ->
                            new NodeTiming(
                                    node,
                                    before.ms().getOrDefault(node, Double.NaN),
                                    after.ms().getOrDefault(node, Double.NaN)))
                    .filter(NodeTiming::isKnown)
                    .toList();
        } finally {
            progress.finish();
        }
    }

    private NodeTimes times(Model model, Lab lab) {
        return NodeTimes.of(
                model.graph(), engine.kernelTimes(model, format, lab.samples().get(0), RUNS));
    }
}
