package dev.nibble.formats.json;

import dev.nibble.math.ErrorMeasures;
import dev.nibble.math.Proportion;
import dev.nibble.observe.ErrorStatistic;
import dev.nibble.pass.Finding;
import dev.nibble.report.NodeLinks;
import dev.nibble.report.NodeRow;
import dev.nibble.report.OutputCheck;
import dev.nibble.report.OutputComparison;
import dev.nibble.report.Report;
import dev.nibble.report.Rung;
import dev.nibble.report.Search;
import dev.nibble.report.Soundness;
import dev.nibble.report.Verdict;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The report of a quantization as JSON, as {@code docs/report-json.md} describes it; {@link
 * JsonText} and {@link JsonFile} write it down.
 */
public final class ReportJson {
    private ReportJson() {}

    /** The report of a network that has been written. */
    public static Map<String, @Nullable Object> data(Report report, WrittenNetwork written) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("kind", "quantization");
        data.put("model", written.model());
        data.put("output", written.output());
        data.put("seconds", written.seconds());
        data.put(
                "sizeBytes",
                pair("float", written.floatBytes(), "quantized", written.quantizedBytes()));
        data.put("sizeRatio", written.ratio());
        data.put(
                "parameterBytes",
                pair(
                        "float",
                        report.parameters().floatBytes(),
                        "quantized",
                        report.parameters().quantizedBytes()));
        data.put("error", error(report.error()));
        data.put("verdict", verdict(report.verdict()));
        data.put("soundness", soundness(report.soundness()));
        data.put("rungs", report.rungs().stream().map(ReportJson::rung).toList());
        data.put("search", Search.of(report));
        data.put(
                "nodes",
                IntStream.range(0, report.nodes().size())
                        .mapToObj(i -> node(report.nodes().get(i), report.links().get(i)))
                        .toList());
        data.put("values", report.values());
        data.put("findings", report.findings().stream().map(ReportJson::finding).toList());
        data.put(
                "changed",
                ChangesJson.data(report.verdict().score().changes(), written.origin().pictures()));
        data.put("next", written.origin().next());
        data.put("provenance", provenance(report, written));
        return data;
    }

    private static Map<String, @Nullable Object> node(NodeRow row, NodeLinks links) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("node", row.node());
        data.put("operator", row.operator());
        data.put("decision", row.decision());
        data.put("format", row.format());
        data.put("reason", row.reason());
        data.put("inputs", links.inputs());
        data.put("outputs", links.outputs());
        data.put("weights", links.weights());
        data.put("parameters", links.parameters());
        data.put("multiplyAdds", links.multiplyAdds());
        return data;
    }

    private static Map<String, @Nullable Object> soundness(Soundness soundness) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("checkedOn", soundness.unchecked().isPresent() ? null : soundness.checkedOn());
        data.put("generated", soundness.generated());
        data.put("unchecked", soundness.unchecked());
        data.put("leastSqnrDb", soundness.leastSqnrDb());
        Map<String, Object> outputs = new TreeMap<>();
        soundness.outputs().forEach((name, check) -> outputs.put(name, output(check)));
        data.put("outputs", outputs);
        data.put("damages", soundness.damages());
        return data;
    }

    private static Map<String, @Nullable Object> output(OutputCheck check) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("sqnrDb", check.error().count() == 0 ? null : check.sqnrDb());
        data.put("notFinite", check.notFinite());
        data.put("agreement", check.counted() == 0 ? null : check.agreement());
        data.put("otherShapes", check.reshaped());
        return data;
    }

    /** Null if nothing was run. */
    private static @Nullable Map<String, @Nullable Object> error(OutputComparison comparison) {
        if (comparison.samples() == 0) {
            return null;
        }
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("samples", comparison.samples());
        data.put("agreement", comparison.agreement());
        data.putAll(measures(comparison.total()));
        Map<String, Object> outputs = new TreeMap<>();
        comparison.errors().forEach((name, error) -> outputs.put(name, measures(error)));
        data.put("outputs", outputs);
        return data;
    }

    private static Map<String, @Nullable Object> verdict(Verdict verdict) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("judgedOn", verdict.judgedOn());
        data.put("limit", verdict.limit());
        data.put("met", verdict.met());
        data.put("agreementLow", verdict.agreement().map(Proportion::low));
        data.put("agreementHigh", verdict.agreement().map(Proportion::high));
        data.put("top1Change", verdict.score().accuracy().difference());
        data.put("top1ChangeStandardError", verdict.score().accuracy().standardError());
        return data;
    }

    private static Map<String, @Nullable Object> rung(Rung rung) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("pass", rung.pass());
        data.put("kept", rung.kept());
        data.put("why", rung.why());
        data.put("sqnrDb", rung.score().comparison().sqnrDb());
        data.put("agreement", rung.score().comparison().agreement());
        data.put("top1Change", rung.score().accuracy().difference());
        data.put("seconds", rung.seconds());
        return data;
    }

    private static Map<String, @Nullable Object> measures(ErrorStatistic statistic) {
        ErrorMeasures measures = statistic.measures();
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("sqnrDb", measures.sqnrDb());
        data.put("cosine", measures.cosine());
        data.put("mse", measures.mse());
        data.put("maxError", measures.maxError());
        return data;
    }

    private static Map<String, @Nullable Object> finding(Finding finding) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("pass", finding.pass());
        data.put("subject", finding.subject());
        switch (finding) {
            case Finding.Applied applied -> data.put("applied", applied.what());
            case Finding.Skipped skipped -> data.put("skipped", skipped.why());
            case Finding.Measured measured -> {
                data.put("measured", measured.quantity());
                data.put("value", measured.value());
            }
        }
        return data;
    }

    private static Map<String, @Nullable Object> provenance(Report report, WrittenNetwork written) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("nibble", written.origin().version());
        data.put("engine", report.provenance().engine());
        data.put("command", written.origin().command());
        data.put("seed", written.origin().seed());
        Map<String, Object> hashes = new LinkedHashMap<>();
        hashes.put("model", written.modelSha256());
        hashes.put("output", written.outputSha256());
        data.put("sha256", hashes);
        data.put("samples", report.provenance().samples());
        data.put("preprocess", written.preprocess());
        data.put("recipe", RecipeFile.data(written.recipe()));
        data.put("recipeChosen", written.chosen());
        data.put("plan", PlanData.of(written.plan()));
        return data;
    }

    private static Map<String, Object> pair(String first, long one, String second, long two) {
        Map<String, Object> pair = new LinkedHashMap<>();
        pair.put(first, one);
        pair.put(second, two);
        return pair;
    }
}
