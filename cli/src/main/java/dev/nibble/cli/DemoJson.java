package dev.nibble.cli;

import dev.nibble.formats.json.EvaluationJson;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The demonstration as JSON: for each network what {@code evaluate} says of its three files. */
record DemoJson(Path folder, List<DemoResult> results) {
    Map<String, Object> data() {
        Map<String, Object> networks = new LinkedHashMap<>();
        for (DemoResult result : results) {
            networks.put(
                    result.network(), EvaluationJson.data(result.evaluation(), result.views()));
        }
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("folder", folder);
        data.put("networks", networks);
        return data;
    }
}
