package dev.nibble.report;

import dev.nibble.cost.MultiplyAdds;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;
import dev.nibble.plan.Recipe;
import dev.nibble.prepare.Preparation;
import dev.nibble.report.Inspection.Codes;
import dev.nibble.report.Inspection.Compute;
import dev.nibble.report.Inspection.Port;
import dev.nibble.report.Inspection.Prediction;
import dev.nibble.report.Inspection.Warning;
import dev.nibble.tensor.Tensor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Looks at a network and says what it is. */
public final class Inspector {
    private final Graph graph;
    private final Constants constants;
    private final MultiplyAdds multiplyAdds;
    private final Optional<DryRun> dryRun;
    private final List<Warning> warnings = new ArrayList<>();
    private final List<String> unknown = new ArrayList<>();

    private Inspector(Graph graph, Optional<DryRun> dryRun) {
        this.graph = graph;
        this.constants = Constants.of(graph);
        this.multiplyAdds = MultiplyAdds.in(graph);
        this.dryRun = dryRun;
    }

    /**
     * Inspects a network.
     *
     * @param recipe one to try without samples; not tried on a network that is quantized already
     * @throws dev.nibble.error.NibbleException if a pattern of the recipe matches nothing
     */
    public static Inspection inspect(Model given, Optional<Recipe> recipe) {
        Model model = given.map(Graph::named);
        Codes codes = CodeCensus.of(model.graph());
        Optional<DryRun> dryRun =
                recipe.filter(_ -> codes.isEmpty()).map(one -> DryRun.of(given, one));
        return new Inspector(Preparation.flat(given).model().graph(), dryRun)
                .inspect(model, codes, recipe.map(Recipe::name).orElse(""));
    }

    private Inspection inspect(Model model, Codes codes, String recipe) {
        List<InspectedNode> nodes = new ArrayList<>();
        graph.allNodes().filter(node -> !node.is("Constant")).forEach(node -> nodes.add(row(node)));
        long multiplied = nodes.stream().mapToLong(node -> node.multiplyAdds().orElse(0)).sum();
        Graph read = model.graph();
        long bytes = Constants.bytes(Constants.all(Stream.of(read)));
        long saved =
                nodes.stream()
                        .mapToLong(node -> node.parameterBytes() - node.predictedBytes())
                        .sum();
        Map<String, Long> opsets = new TreeMap<>();
        model.opsets()
                .forEach((domain, version) ->
                        opsets.put(domain.isEmpty() ? "ai.onnx" : domain, version));
        return new Inspection(
                model.irVersion(),
                opsets,
                graph.fedInputs().stream().map(Inspector::port).toList(),
                graph.outputs().stream().map(Inspector::port).toList(),
                operators(),
                Constants.all(Stream.of(read)).mapToLong(Tensor::elements).sum(),
                bytes,
                new Compute(multiplied, unknown),
                codes,
                model.metadata(),
                nodes,
                dryRun.map(run -> new Prediction(recipe, run.obstacle(), bytes - saved)),
                warnings);
    }

    private static Port port(ValueInfo info) {
        return new Port(info.name(), info.type().toString());
    }

    private Map<String, Long> operators() {
        Map<String, Long> counts = new TreeMap<>();
        graph.allNodes().forEach(node -> counts.merge(node.operator(), 1L, Long::sum));
        Map<String, Long> sorted = new LinkedHashMap<>();
        counts.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
        return sorted;
    }

    private InspectedNode row(Node node) {
        Map<String, Tensor> own = constants.firstReadBy(node);
        Optional<Spread> spread = WeightCheck.spread(graph, node);
        warnings.addAll(WeightCheck.warnings(graph, node, own, spread));
        OptionalLong work = multiplyAdds.of(node);
        if (work.isEmpty() && MultiplyAdds.multiplies(node)) {
            unknown.add(node.name());
        }
        long bytes = Constants.bytes(own.values().stream());
        Optional<NodeRow> planned = dryRun.map(run -> run.row(node));
        return new InspectedNode(
                node.name(),
                node.operator(),
                own.values().stream().mapToLong(Tensor::elements).sum(),
                bytes,
                work,
                spread.map(Spread::min).map(Float::doubleValue).orElse(Double.NaN),
                spread.map(Spread::max).map(Float::doubleValue).orElse(Double.NaN),
                planned.map(NodeRow::decision).orElse(""),
                planned.map(NodeRow::format).orElse(""),
                planned.map(NodeRow::reason).orElse(""),
                dryRun.map(run -> run.bytes(node)).orElse(bytes));
    }
}
