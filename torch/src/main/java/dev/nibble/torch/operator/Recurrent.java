package dev.nibble.torch.operator;

import static java.util.Map.entry;

import dev.nibble.graph.Attribute.StringList;

import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Recurrent layers. ONNX holds the parts of a weight in another order than libtorch, a bias for the
 * input beside one for the state, and directions along an axis of their own.
 */
final class Recurrent {
    private static final int LENGTHS = 4;
    private static final int STATE = 5;
    private static final int CELL = 6;
    private static final Set<Integer> LEARNS = Set.of(1, 2, 3);

    static final Map<String, Operator> TABLE =
            Map.ofEntries(
                    entry("GRU", new Operator(LEARNS, Recurrent::gru)),
                    entry("LSTM", new Operator(LEARNS, Recurrent::lstm)),
                    entry("RNN", new Operator(LEARNS, Recurrent::rnn)));

    private Recurrent() {}

    /**
     * A layer as libtorch wants it.
     *
     * @param input [steps × batch × features], turned round where the layer runs backwards only
     * @param state [directions × batch × hidden]
     */
    private record Layer(Call call, Tensor input, Tensor state, int directions, boolean backwards) {
        static Layer of(Call call) {
            String direction = call.node().text("direction").orElse("forward");
            int directions = direction.equals("bidirectional") ? 2 : 1;
            boolean batchFirst = call.flag("layout", false);
            Tensor given = batchFirst ? call.input(0).permute(1, 0, 2) : call.input(0);
            if (call.has(LENGTHS)) {
                long steps = given.size(0);
                long[] lengths = TorchTensors.longs(call.input(LENGTHS));
                call.require(
                        Arrays.stream(lengths).allMatch(length -> length == steps),
                        "sequence_lens are %s of %d".formatted(Arrays.toString(lengths), steps),
                        "whole sequences");
            }
            boolean backwards = direction.equals("reverse");
            return new Layer(
                    call,
                    backwards ? torch.flip(given, 0) : given,
                    begin(call, STATE, directions, given, batchFirst),
                    directions,
                    backwards);
        }

        static Tensor begin(
                Call call, int index, int directions, Tensor input, boolean batchFirst) {
            if (call.has(index)) {
                return batchFirst ? call.input(index).permute(1, 0, 2) : call.input(index);
            }
            long hidden = call.input(2).size(2);
            return input.new_zeros(directions, input.size(1), hidden);
        }

        Tensor cell() {
            return begin(call, CELL, directions, input, call.flag("layout", false));
        }

        boolean hasBias() {
            return call.has(3);
        }

        /** Weights and biases of all directions; {@code order} names the parts libtorch wants. */
        TensorVector parameters(int... order) {
            TensorVector all = new TensorVector();
            for (int i = 0; i < directions; i++) {
                all.push_back(ordered(call.input(1).select(0, i), order));
                all.push_back(ordered(call.input(2).select(0, i), order));
                if (hasBias()) {
                    Tensor both = call.input(3).select(0, i);
                    long half = both.size(0) / 2;
                    all.push_back(ordered(both.narrow(0, 0, half), order));
                    all.push_back(ordered(both.narrow(0, half, half), order));
                }
            }
            return all;
        }

        private static Tensor ordered(Tensor weight, int... order) {
            long part = weight.size(0) / order.length;
            TensorVector parts = new TensorVector();
            for (int from : order) {
                parts.push_back(weight.narrow(0, from * part, part));
            }
            return torch.cat(parts, 0);
        }

        /** [steps × batch × directions·hidden] as ONNX wants it. */
        Tensor outputs(Tensor made) {
            Tensor apart =
                    (backwards ? torch.flip(made, 0) : made)
                            .reshape(made.size(0), made.size(1), directions, state.size(2));
            return call.flag("layout", false)
                    ? apart.permute(1, 0, 2, 3)
                    : apart.permute(0, 2, 1, 3);
        }

        Tensor last(Tensor made) {
            return call.flag("layout", false) ? made.permute(1, 0, 2) : made;
        }
    }

    private static List<Tensor> lstm(Call call) {
        Layer layer = Layer.of(call);
        // input, output, forget, cell there; input, forget, cell, output here
        T_TensorTensorTensor_T made =
                torch.lstm(
                        layer.input(),
                        new TensorVector(layer.state(), layer.cell()),
                        layer.parameters(0, 2, 3, 1),
                        layer.hasBias(),
                        1,
                        0,
                        call.training(),
                        layer.directions() == 2,
                        false);
        return List.of(
                layer.outputs(made.get0()), layer.last(made.get1()), layer.last(made.get2()));
    }

    private static List<Tensor> rnn(Call call) {
        boolean relu =
                call.node().attributes().get("activations")
                                instanceof StringList(List<String> given)
                        && given.getFirst().equalsIgnoreCase("Relu");
        Layer layer = Layer.of(call);
        TensorVector parameters = layer.parameters(0);
        boolean both = layer.directions() == 2;
        T_TensorTensor_T made =
                relu
                        ? torch.rnn_relu(
                                layer.input(),
                                layer.state(),
                                parameters,
                                layer.hasBias(),
                                1,
                                0,
                                call.training(),
                                both,
                                false)
                        : torch.rnn_tanh(
                                layer.input(),
                                layer.state(),
                                parameters,
                                layer.hasBias(),
                                1,
                                0,
                                call.training(),
                                both,
                                false);
        return List.of(layer.outputs(made.get0()), layer.last(made.get1()));
    }

    private static List<Tensor> gru(Call call) {
        Layer layer = Layer.of(call);
        // update, reset, hidden there; reset, update, new here
        TensorVector parameters = layer.parameters(1, 0, 2);
        if (!call.flag("linear_before_reset", false)) {
            return resetFirst(layer, parameters);
        }
        T_TensorTensor_T made =
                torch.gru(
                        layer.input(),
                        layer.state(),
                        parameters,
                        layer.hasBias(),
                        1,
                        0,
                        call.training(),
                        layer.directions() == 2,
                        false);
        return List.of(layer.outputs(made.get0()), layer.last(made.get1()));
    }

    /** The form that libtorch does not have: the state is reset before it meets its weight. */
    private static List<Tensor> resetFirst(Layer layer, TensorVector parameters) {
        int each = layer.hasBias() ? 4 : 2;
        TensorVector outputs = new TensorVector();
        TensorVector states = new TensorVector();
        for (int direction = 0; direction < layer.directions(); direction++) {
            Tensor input = direction == 1 ? torch.flip(layer.input(), 0) : layer.input();
            Tensor weight = parameters.get((long) direction * each);
            Tensor recurrence = parameters.get((long) direction * each + 1);
            Tensor state = layer.state().select(0, direction);
            long hidden = state.size(1);
            Tensor seen = torch.matmul(input, weight.t());
            if (layer.hasBias()) {
                seen =
                        seen.add(parameters.get((long) direction * each + 2))
                                .add(parameters.get((long) direction * each + 3));
            }
            Tensor gates = recurrence.narrow(0, 0, 2 * hidden).t();
            Tensor fresh = recurrence.narrow(0, 2 * hidden, hidden).t();
            TensorVector made = new TensorVector();
            for (long step = 0; step < input.size(0); step++) {
                Tensor now = seen.select(0, step);
                Tensor gate =
                        torch.sigmoid(now.narrow(1, 0, 2 * hidden).add(torch.matmul(state, gates)));
                Tensor reset = gate.narrow(1, 0, hidden);
                Tensor update = gate.narrow(1, hidden, hidden);
                Tensor candidate =
                        torch.tanh(
                                now.narrow(1, 2 * hidden, hidden)
                                        .add(torch.matmul(reset.mul(state), fresh)));
                state = candidate.add(update.mul(state.sub(candidate)));
                made.push_back(state);
            }
            Tensor all = torch.stack(made, 0);
            outputs.push_back(direction == 1 ? torch.flip(all, 0) : all);
            states.push_back(state);
        }
        return List.of(layer.outputs(torch.cat(outputs, 2)), layer.last(torch.stack(states, 0)));
    }
}
