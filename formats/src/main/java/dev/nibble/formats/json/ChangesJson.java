package dev.nibble.formats.json;

import dev.nibble.report.AnswerChanges;
import dev.nibble.report.AnswerChanges.Change;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Samples whose answer changed as JSON, with their pictures. */
final class ChangesJson {
    private ChangesJson() {}

    /**
     * Null if no answers were compared.
     *
     * @param pictures the picture of a sample, by its name
     */
    static @Nullable Map<String, @Nullable Object> data(
            AnswerChanges changes, Function<String, Optional<String>> pictures) {
        if (changes.compared() == 0) {
            return null;
        }
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("compared", changes.compared());
        data.put("count", changes.count());
        data.put(
                "samples",
                changes.first().stream().map(change -> change(change, pictures)).toList());
        return data;
    }

    private static Map<String, @Nullable Object> change(
            Change change, Function<String, Optional<String>> pictures) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("name", change.sample());
        data.put("before", change.before());
        data.put("after", change.after());
        data.put("label", change.knownLabel());
        data.put("image", pictures.apply(change.sample()));
        return data;
    }
}
