package dev.nibble.cli;

import dev.nibble.formats.json.EvaluationJson;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The demonstration as JSON: for each network what {@code evaluate} says of its three files, and of
 * those of the training if there was one.
 */
record DemoJson(Path folder, List<DemoResult> results, Optional<DemoResult> training) {
    Map<String, Object> data() {
        Map<String, Object> networks = new LinkedHashMap<>();
        for (DemoResult result : results) {
            networks.put(result.network(), data(result));
        }
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("folder", folder);
        data.put("networks", networks);
        training.ifPresent(result -> data.put("training", data(result)));
        return data;
    }

    private static Map<String, @Nullable Object> data(DemoResult result) {
        return EvaluationJson.data(result.evaluation(), result.views());
    }
}
