package dev.nibble.formats.json;

import dev.nibble.formats.image.Preprocessing;
import dev.nibble.report.LayerComparison;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A comparison layer by layer as JSON, as {@code docs/compare.md} describes it; {@link JsonText}
 * and {@link JsonFile} write it down.
 */
public final class ComparisonJson {
    private ComparisonJson() {}

    /** The comparison of two network files as plain data. */
    public static Map<String, @Nullable Object> data(
            LayerComparison comparison,
            Path original,
            Path quantized,
            Optional<Preprocessing> preprocessing) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("kind", "comparison");
        data.put("float", original);
        data.put("quantized", quantized);
        data.put("engine", comparison.engine());
        data.put("samples", comparison.samples());
        data.put("preprocess", preprocessing.map(Preprocessing::toString));
        data.put("sqnrDb", comparison.sqnrDb());
        data.put("sharesOn", comparison.sharesOn());
        data.put("layers", comparison.layers());
        data.put("worst", comparison.worstFirst().stream().map(row -> row.value()).toList());
        data.put("unmatched", comparison.unmatched());
        data.put("remedy", comparison.remedy());
        data.put("times", comparison.times());
        return data;
    }
}
