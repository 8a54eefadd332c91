package dev.nibble.torch.reconstruct;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.number.Encoding;
import dev.nibble.number.Quantizer;
import dev.nibble.pass.Draft;
import dev.nibble.plan.NodeDecision;
import dev.nibble.plan.Plan;
import dev.nibble.plan.WeightedNode;
import dev.nibble.repair.Block;
import dev.nibble.repair.Reconstructor.Fit;
import dev.nibble.torch.operator.Call;
import dev.nibble.torch.operator.Operators;
import dev.nibble.torch.operator.TorchTensors;
import dev.nibble.torch.reconstruct.FakeQuantizer.Learned;
import dev.nibble.torch.simulate.Placement;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A block as lowering would write it down, in libtorch: weights between two codes, activations
 * rounded where the plan says so.
 */
final class QuantizedBlock {
    private final Draft draft;
    private final Block block;
    private final Placement placement;
    private final Map<String, Tensor> constants = new HashMap<>();
    private final Map<String, Tensor> fixedWeights = new HashMap<>();
    private final Map<String, SoftWeight> weights = new TreeMap<>();
    private final Map<String, LearnedBias> biases = new TreeMap<>();
    private final Map<String, FakeQuantizer> quantizers = new TreeMap<>();

    /**
     * A bias on its way.
     *
     * @param begin what it was
     * @param unit the size of what it is added to
     * @param change what is added to it, in that unit; learned
     */
    record LearnedBias(Tensor begin, double unit, Tensor change) {
        Tensor now() {
            return begin.add(change.mul(new Scalar(unit)));
        }
    }

    /**
     * A block whose constants are what they are in the draft.
     *
     * @param learnScales whether the scales of activations that nothing before the block shares are
     *     to be learned
     */
    QuantizedBlock(Draft draft, Block block, boolean learnScales) {
        this.draft = draft;
        this.block = block;
        this.placement = new Placement(draft.graph(), draft.plan());
        Graph graph = draft.graph();
        for (Node node : block.nodes()) {
            node.inputs()
                    .forEach(input ->
                            graph.constant(input)
                                    .ifPresent(tensor ->
                                            constants.computeIfAbsent(
                                                    input, _ -> TorchTensors.toTorch(tensor))));
            WeightedNode.of(graph, node).filter(this::hasCodes).ifPresent(this::weigh);
        }
        Set<String> learned = learnScales ? groupsOfItsOwn() : Set.of();
        block.inputs().forEach(input -> addQuantizer(input, Set.of()));
        block.nodes()
                .forEach(node -> node.outputs().forEach(output -> addQuantizer(output, learned)));
    }

    private boolean hasCodes(WeightedNode weighted) {
        return draft.plan().node(weighted.node().name()).filter(NodeDecision::hasCodes).isPresent();
    }

    private void weigh(WeightedNode weighted) {
        String name = weighted.weightName();
        Encoding encoding = draft.plan().encoding(name).orElseThrow();
        dev.nibble.tensor.Tensor fitted = draft.fittedConstant(name);
        if (block.nodes().containsAll(draft.graph().consumers(name))) {
            weights.computeIfAbsent(name, _ -> SoftWeight.of(weighted.weight(), fitted, encoding));
        } else {
            fixedWeights.computeIfAbsent(
                    name, _ -> TorchTensors.toTorch(Quantizer.fakeQuantize(fitted, encoding)));
        }
    }

    private void addQuantizer(String value, Set<String> learned) {
        Plan plan = draft.plan();
        if (draft.graph().constant(value).isPresent()) {
            return;
        }
        String group = plan.group(value);
        plan.encoding(value)
                .ifPresent(encoding ->
                        quantizers.computeIfAbsent(
                                group,
                                _ ->
                                        new FakeQuantizer(
                                                encoding,
                                                learned.contains(group)
                                                        ? new Learned.By(parameter(1))
                                                        : new Learned.Not())));
    }

    private static Tensor parameter(long size) {
        return torch.zeros(size).requires_grad_(true);
    }

    /** The groups of values that share an encoding with nothing in front of the block. */
    private Set<String> groupsOfItsOwn() {
        Graph graph = draft.graph();
        Set<String> groups = new HashSet<>();
        block.nodes()
                .forEach(node ->
                        node.outputs().forEach(output -> groups.add(draft.plan().group(output))));
        graph.inputs().forEach(input -> groups.remove(draft.plan().group(input.name())));
        int end = graph.nodes().indexOf(block.nodes().getLast());
        graph.nodes().subList(0, end).stream()
                .filter(node -> !block.nodes().contains(node))
                .flatMap(node -> node.outputs().stream())
                .forEach(output -> groups.remove(draft.plan().group(output)));
        return groups;
    }

    /** Makes the bias of a node learn. */
    void learnBias(Node node, double unit) {
        String name = node.input(2);
        dev.nibble.tensor.Tensor begin = draft.fittedConstant(name);
        biases.put(
                name,
                new LearnedBias(
                        TorchTensors.toTorch(begin),
                        unit,
                        torch.zeros(begin.shape().dims()).requires_grad_(true)));
    }

    /** The nodes whose bias no one else reads. */
    List<Node> biased() {
        Graph graph = draft.graph();
        return block.nodes().stream()
                .filter(node ->
                        WeightedNode.of(graph, node)
                                .filter(this::hasCodes)
                                .filter(WeightedNode::hasBias)
                                .filter(weighted ->
                                        graph.constants().containsKey(weighted.biasName())
                                                && graph.consumers(weighted.biasName()).size() == 1)
                                .isPresent())
                .toList();
    }

    /** Every value of the float network. */
    Map<String, Tensor> runFloat(Map<String, Tensor> inputs) {
        Map<String, Tensor> values = new HashMap<>(constants);
        values.putAll(inputs);
        for (Node node : block.nodes()) {
            if (!node.is("Constant")) {
                Operators.compute(
                        new Call(node, name -> made(values, name), false, draft.model().opset()),
                        values::put);
            }
        }
        return values;
    }

    /**
     * What the quantized block delivers.
     *
     * @param drop the share of activations that are left float
     * @param settled whether weights are on the grid, instead of on their way to it
     */
    Tensor run(Map<String, Tensor> inputs, double drop, boolean settled) {
        Map<String, Tensor> values = new HashMap<>(constants);
        Map<String, Tensor> codes = new HashMap<>();
        weights.forEach((name, weight) ->
                codes.put(name, settled ? weight.hard().detach() : weight.soft()));
        codes.putAll(fixedWeights);
        biases.forEach((name, bias) -> codes.put(name, bias.now()));
        inputs.forEach((name, tensor) -> store(name, tensor, drop, values, codes));
        for (Node node : block.nodes()) {
            if (node.is("Constant")) {
                continue;
            }
            boolean onCodes = placement.readsCodes(node);
            Call call =
                    new Call(
                            node,
                            name ->
                                    onCodes && codes.containsKey(name)
                                            ? made(codes, name)
                                            : made(values, name),
                            false,
                            draft.model().opset());
            Operators.compute(call, (name, tensor) -> store(name, tensor, drop, values, codes));
        }
        return made(values, block.output());
    }

    /** Rounds a value for all readers, or for the quantized ones if it is float by itself. */
    private void store(
            String value,
            Tensor tensor,
            double drop,
            Map<String, Tensor> values,
            Map<String, Tensor> codes) {
        FakeQuantizer quantizer = quantizers.get(draft.plan().group(value));
        if (quantizer == null || !placement.isRounded(value)) {
            values.put(value, tensor);
        } else if (!placement.isMadeOfCodes(value)) {
            values.put(value, tensor);
            codes.put(value, quantizer.apply(tensor, drop));
        } else {
            // what comes in from outside was rounded there
            boolean outside = block.inputs().contains(value);
            values.put(value, outside ? tensor : quantizer.apply(tensor, drop));
        }
    }

    private static Tensor made(Map<String, Tensor> values, String name) {
        Tensor value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("nothing makes value " + name + " of the block");
        }
        return value;
    }

    Collection<SoftWeight> weights() {
        return weights.values();
    }

    List<Tensor> biasChanges() {
        return biases.values().stream().map(LearnedBias::change).toList();
    }

    List<Tensor> scaleChanges() {
        return quantizers.values().stream()
                .flatMap(quantizer ->
                        quantizer.change() instanceof Learned.By(Tensor part)
                                ? java.util.stream.Stream.of(part)
                                : java.util.stream.Stream.empty())
                .toList();
    }

    /** What was learned, rounded hard. */
    Fit fit() {
        Map<String, dev.nibble.tensor.Tensor> learned = new TreeMap<>();
        weights.forEach((name, weight) ->
                learned.put(name, TorchTensors.fromTorch(weight.hard().detach())));
        biases.forEach(
                (name, bias) -> learned.put(name, TorchTensors.fromTorch(bias.now().detach())));
        Map<String, Encoding> encodings = new TreeMap<>();
        quantizers.forEach((group, quantizer) -> {
            if (quantizer.change() instanceof Learned.By(Tensor part)) {
                encodings.put(group, quantizer.scaled(1 + part.item_float()));
            }
        });
        return new Fit(learned, encodings);
    }
}
