package dev.nibble.report;

import dev.nibble.engine.Lab;
import dev.nibble.engine.Measurement;
import dev.nibble.engine.NoSamples;
import dev.nibble.engine.Probe;
import dev.nibble.engine.Progress;
import dev.nibble.engine.Samples;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.lower.Feasibility;
import dev.nibble.number.Scheme;
import dev.nibble.observe.Statistic;
import dev.nibble.pass.BatchNormFolding;
import dev.nibble.pass.Draft;
import dev.nibble.pass.Pass;
import dev.nibble.pass.Planning;
import dev.nibble.plan.Decision;
import dev.nibble.plan.NodeDecision;
import dev.nibble.plan.NothingToQuantize;
import dev.nibble.plan.Recipe;
import dev.nibble.plan.Target;
import dev.nibble.plan.WeightOperand;
import dev.nibble.prepare.Preparation;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Tensor;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a recipe would make of a network: folding and planning, without samples. */
final class DryRun {
    private final Draft draft;
    private final Map<String, Node> nodes = new HashMap<>();
    private final Constants constants;

    private DryRun(Draft draft) {
        this.draft = draft;
        this.constants = Constants.of(draft.graph());
        draft.graph().allNodes().forEach(node -> nodes.put(node.name(), node));
    }

    /** Plans a model as it is prepared for quantization. */
    static DryRun of(Model given, Recipe recipe) {
        Model model = Preparation.of(given).model();
        Pass passes =
                Pass.sequence(
                        List.of(
                                BatchNormFolding.sparing(recipe),
                                new Planning(recipe, Target.ONNX_RUNTIME_CPU)));
        return new DryRun(passes.apply(Draft.of(model), new ClosedLab()));
    }

    /** Why the recipe would be refused as a whole; empty if it would not. */
    Optional<String> obstacle() {
        return NothingToQuantize.sentence(draft.graph(), draft.plan())
                .or(() -> Feasibility.obstacle(draft.model(), draft.plan()));
    }

    /** What would become of a node of the original network. */
    NodeRow row(Node node) {
        NodeDecision decision =
                draft.plan()
                        .node(node.name())
                        .orElse(new NodeDecision.KeptFloat("nothing decides about it"));
        String word = "float";
        String reason = "";
        switch (decision) {
            case NodeDecision.Quantized _ -> word = "quantized";
            case NodeDecision.Dynamic _ -> word = "dynamic";
            case NodeDecision.WeightOnly(String why) -> {
                word = "weights";
                reason = why;
            }
            case NodeDecision.Absorbed(String into) -> {
                word = "absorbed";
                reason = "absorbed by " + into;
            }
            case NodeDecision.KeptFloat(String why) -> reason = why;
        }
        return new NodeRow(node.name(), node.operator(), word, format(node), reason);
    }

    private String format(Node original) {
        Node node = nodes.getOrDefault(original.name(), original);
        NodeDecision decision = draft.plan().node(original.name()).orElse(null);
        if (decision == null || !decision.hasCodes()) {
            return "";
        }
        Optional<String> weights =
                WeightOperand.of(draft.graph(), node).stream()
                        .flatMap(operand -> scheme(operand.name()).stream())
                        .findFirst()
                        .map(scheme -> scheme.format() + " " + scheme.granularity());
        Optional<String> activations =
                decision instanceof NodeDecision.Dynamic
                        ? Optional.of(NodeDecision.Dynamic.INPUT)
                        : scheme(node.input(0)).map(scheme -> scheme.format().toString());
        return weights.map(text -> text + activations.map(format -> " × " + format).orElse(""))
                .or(() -> activations)
                .orElse("");
    }

    private Optional<Scheme> scheme(String value) {
        return draft.plan()
                .value(value)
                .map(decision ->
                        switch (decision) {
                            case Decision.Planned(Scheme scheme) -> scheme;
                            case Decision.Quantize(var encoding) -> encoding.scheme();
                        });
    }

    /** Bytes that the constants of a node would take; 0 if it would be folded away. */
    long bytes(Node original) {
        Node node = nodes.get(original.name());
        if (node == null) {
            return 0;
        }
        long bytes = 0;
        for (Map.Entry<String, Tensor> constant : constants.firstReadBy(node).entrySet()) {
            bytes += bytes(node, constant.getKey(), constant.getValue());
        }
        return bytes;
    }

    private long bytes(Node node, String name, Tensor tensor) {
        boolean onCodes = draft.plan().isQuantized(node);
        for (WeightOperand operand : WeightOperand.of(draft.graph(), node)) {
            Optional<Scheme> weights = scheme(operand.name());
            if (weights.isEmpty()) {
                continue;
            }
            DataType type = weights.get().format().dataType();
            boolean narrow = type.bits() < Byte.SIZE;
            long groups =
                    weights.get().granularity().scaleShape(operand.tensor().shape()).elements();
            if (name.equals(operand.name())) {
                boolean product = node.is("Gemm") || node.is("MatMul");
                boolean folded = !product && !onCodes;
                boolean dynamic =
                        draft.plan().node(node.name()).orElse(null) instanceof NodeDecision.Dynamic;
                long zeroPoints = narrow || folded ? 0 : type.bytes(dynamic ? 1 : groups);
                return type.bytes(tensor.elements()) + groups * Float.BYTES + zeroPoints;
            }
            boolean bias = onCodes && !node.is("MatMul") && name.equals(node.input(2));
            if (bias) {
                long parameters = narrow ? 0 : groups * (Float.BYTES + Integer.BYTES);
                return Integer.BYTES * tensor.elements() + parameters;
            }
        }
        return tensor.data().byteSize();
    }

    /** For passes that decide without samples. */
    private record ClosedLab() implements Lab {
        @Override
        public Progress progress() {
            return Progress.NONE;
        }

        @Override
        public Lab reportingTo(Progress listener) {
            return this;
        }

        @Override
        public Samples samples() {
            return NoSamples.INSTANCE;
        }

        @Override
        public Lab over(Samples samples) {
            throw new UnsupportedOperationException("a dry run has no samples");
        }

        @Override
        public <S extends Statistic<S>> S measure(
                String stage, List<Probe> probes, Measurement<S> measurement) {
            throw new UnsupportedOperationException("a dry run measures nothing");
        }
    }
}
