package dev.nibble.report;

import dev.nibble.pass.Finding;

import java.util.List;

/**
 * What a quantization did and what it cost.
 *
 * @param nodes a row for every compute node of the float model, in its order
 * @param links what each of these nodes is joined to, in the same order
 * @param values a row for every quantized weight and activation
 * @param parameters bytes of constants, float and quantized
 * @param rungs repairs that were tried, in order, and what each brought
 * @param verdict what was reached
 * @param soundness whether it is fit to be handed over
 * @param findings what the passes had to say, in order
 */
public record Report(
        Provenance provenance,
        List<NodeRow> nodes,
        List<NodeLinks> links,
        List<ValueRow> values,
        Parameters parameters,
        List<Rung> rungs,
        Verdict verdict,
        Soundness soundness,
        List<Finding> findings) {
    public Report {
        nodes = List.copyOf(nodes);
        links = List.copyOf(links);
        if (links.size() != nodes.size()) {
            throw new IllegalArgumentException(
                    "%d nodes, but links of %d".formatted(nodes.size(), links.size()));
        }
        values = List.copyOf(values);
        rungs = List.copyOf(rungs);
        findings = List.copyOf(findings);
    }

    /** Outputs of the quantized network against the float one, on the samples that judged. */
    public OutputComparison error() {
        return verdict.error();
    }

    /** How many nodes got a decision such as {@code quantized}. */
    public long count(String decision) {
        return nodes.stream().filter(row -> row.decision().equals(decision)).count();
    }

    /** Bytes that the constants of the network take. */
    public record Parameters(long floatBytes, long quantizedBytes) {}

    /**
     * How the result came about.
     *
     * @param engine name and version of the runtime that calibrated
     * @param recipe name of the recipe
     * @param samples where the calibration samples came from and how many there were
     */
    public record Provenance(String engine, String recipe, String samples) {}
}
