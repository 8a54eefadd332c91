package dev.nibble.torch.operator;

import static java.util.Map.entry;

import dev.nibble.graph.Attribute.GraphValue;
import dev.nibble.graph.Graph;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Operators that run subgraphs. */
final class Control {
    static final Map<String, Operator> TABLE =
            Map.ofEntries(
                    entry("If", Operator.several(Control::branch)),
                    entry("Loop", Operator.several(Control::loop)));

    private Control() {}

    private static Graph graph(Call call, String attribute) {
        if (call.node().attributes().get(attribute) instanceof GraphValue(Graph graph)) {
            return graph;
        }
        throw call.refused("it has no " + attribute, attribute);
    }

    private static List<Tensor> branch(Call call) {
        boolean holds = call.input(0).item_bool();
        return call.subgraphs().run(graph(call, holds ? "then_branch" : "else_branch"), List.of());
    }

    /** The body takes the round, whether to go on, and what is carried from round to round. */
    private static List<Tensor> loop(Call call) {
        Graph body = graph(call, "body");
        long rounds = call.has(0) ? call.input(0).item_long() : Long.MAX_VALUE;
        boolean goesOn = !call.has(1) || call.input(1).item_bool();
        int carried = call.node().inputs().size() - 2;
        List<Tensor> state = new ArrayList<>();
        for (int i = 0; i < carried; i++) {
            state.add(call.input(i + 2));
        }
        List<TensorVector> collected = new ArrayList<>();
        for (int i = carried + 1; i < body.outputs().size(); i++) {
            collected.add(new TensorVector());
        }
        for (long round = 0; round < rounds && goesOn; round++) {
            List<Tensor> inputs = new ArrayList<>();
            inputs.add(TorchTensors.ofLongs(new long[] {round}).reshape(new long[0]));
            inputs.add(
                    TorchTensors.ofLongs(new long[] {1})
                            .reshape(new long[0])
                            .ne(new org.bytedeco.pytorch.Scalar(0L)));
            inputs.addAll(state);
            List<Tensor> outputs = call.subgraphs().run(body, inputs);
            goesOn = outputs.getFirst().item_bool();
            state = outputs.subList(1, carried + 1);
            for (int i = 0; i < collected.size(); i++) {
                collected.get(i).push_back(outputs.get(carried + 1 + i));
            }
        }
        List<Tensor> results = new ArrayList<>(state);
        for (TensorVector parts : collected) {
            call.require(!parts.empty(), "it collects values in no round at all", "one round");
            results.add(torch.stack(parts, 0));
        }
        return results;
    }
}
