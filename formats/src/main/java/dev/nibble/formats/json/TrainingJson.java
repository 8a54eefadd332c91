package dev.nibble.formats.json;

import dev.nibble.Trained;
import dev.nibble.train.EpochResult;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/** How a training went, as JSON. */
public final class TrainingJson {
    private TrainingJson() {}

    /** The data to be written. */
    public static Map<String, @Nullable Object> data(Trained trained) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("best", trained.best());
        data.put("start", start(trained.start()));
        data.put("epochs", trained.epochs().stream().map(TrainingJson::epoch).toList());
        return data;
    }

    private static Map<String, @Nullable Object> start(EpochResult start) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("heldOutLoss", start.heldOutLoss());
        data.put("accuracy", orNull(start.accuracy()));
        data.put("agreement", orNull(start.agreement()));
        return data;
    }

    private static Map<String, @Nullable Object> epoch(EpochResult result) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("epoch", result.epoch());
        data.put("loss", result.loss());
        data.put("heldOutLoss", result.heldOutLoss());
        data.put("accuracy", orNull(result.accuracy()));
        data.put("agreement", orNull(result.agreement()));
        data.put("learningRate", result.learningRate());
        data.put("seconds", result.seconds());
        return data;
    }

    private static @Nullable Double orNull(OptionalDouble number) {
        return number.isPresent() ? number.getAsDouble() : null;
    }
}
