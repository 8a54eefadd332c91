package dev.nibble.formats.json;

import dev.nibble.report.Inspection;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An inspection as JSON, as {@code docs/inspect-and-dequantize.md} describes it; {@link JsonText}
 * and {@link JsonFile} write it down.
 */
public final class InspectionJson {
    private InspectionJson() {}

    /** The inspection of a network file. */
    public static Map<String, @Nullable Object> data(
            Inspection inspection, Path model, long sizeBytes) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("model", model);
        data.put("sizeBytes", sizeBytes);
        data.put("irVersion", inspection.irVersion());
        data.put("opsets", inspection.opsets());
        data.put("inputs", inspection.inputs());
        data.put("outputs", inspection.outputs());
        data.put("operators", inspection.operators());
        data.put("parameters", inspection.parameters());
        data.put("parameterBytes", inspection.parameterBytes());
        data.put("compute", inspection.compute());
        data.put("quantized", !inspection.codes().isEmpty());
        data.put("codes", inspection.codes());
        data.put("metadata", inspection.metadata());
        data.put("dryRun", inspection.dryRun());
        data.put("nodes", inspection.nodes());
        data.put("warnings", inspection.warnings());
        return data;
    }
}
