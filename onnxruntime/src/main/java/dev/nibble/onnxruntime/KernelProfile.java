package dev.nibble.onnxruntime;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import dev.nibble.engine.KernelTime;
import dev.nibble.error.NibbleException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads the profile that ONNX Runtime writes: a JSON array of events, of which those of category
 * {@code Node} whose names end in {@code _kernel_time} are runs of kernels.
 *
 * <p>What optimizations made is called after a node, with {@code _token_} and a number behind it,
 * or after the value that it makes, with {@code _nchwc} behind it.
 */
final class KernelProfile {
    /** Runs that are not counted. */
    static final int WARM_UP = 3;

    private static final String KERNEL = "_kernel_time";
    private static final Pattern MADE = Pattern.compile("(_nchwc|_token_\\d+)+$");
    private static final double MICROS_PER_MS = 1e3;

    private KernelProfile() {}

    /** One run of a kernel. */
    private record Event(String name, String category, String operator, long micros) {
        boolean isKernel() {
            return category.equals("Node") && name.endsWith(KERNEL);
        }

        /** What it is called in the profile, and its operator. */
        List<String> key() {
            return List.of(name.substring(0, name.length() - KERNEL.length()), operator);
        }
    }

    /**
     * The kernels of a profile.
     *
     * @param runs how many runs at its end count
     * @param known names of nodes and values; a kernel that is called so is called after that
     */
    static List<KernelTime> read(Path profile, int runs, Set<String> known) {
        Map<List<String>, List<Long>> taken = new LinkedHashMap<>();
        try (JsonParser parser = new JsonFactory().createParser(profile.toFile())) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.START_OBJECT) {
                Event event = event(parser);
                if (event.isKernel()) {
                    taken.computeIfAbsent(event.key(), _ -> new ArrayList<>()).add(event.micros());
                }
            }
        } catch (IOException cause) {
            throw new NibbleException(
                    "the profile that ONNX Runtime wrote to %s cannot be read: %s"
                            .formatted(profile, cause.getMessage()),
                    cause);
        }
        List<KernelTime> kernels = new ArrayList<>();
        taken.forEach((key, micros) ->
                kernels.add(
                        new KernelTime(
                                known.contains(key.getFirst())
                                        ? key.getFirst()
                                        : MADE.matcher(key.getFirst()).replaceFirst(""),
                                key.getLast(),
                                medianMs(micros, runs))));
        return kernels;
    }

    private static Event event(JsonParser parser) throws IOException {
        String name = "";
        String category = "";
        String operator = "";
        long micros = 0;
        int depth = 1;
        while (depth > 0) {
            switch (parser.nextToken()) {
                case START_OBJECT, START_ARRAY -> depth++;
                case END_OBJECT, END_ARRAY -> depth--;
                case FIELD_NAME -> {}
                case null -> throw new IOException("it ends within an event");
                default -> {
                    switch (String.valueOf(parser.currentName())) {
                        case "name" -> name = depth == 1 ? parser.getText() : name;
                        case "cat" -> category = parser.getText();
                        case "dur" -> micros = parser.getValueAsLong();
                        case "op_name" -> operator = parser.getText();
                        default -> {}
                    }
                }
            }
        }
        return new Event(name, category, operator, micros);
    }

    /** Of the last runs; a kernel that runs several times in one takes all of them together. */
    private static double medianMs(List<Long> micros, int runs) {
        int times = Math.max(1, micros.size() / (WARM_UP + runs));
        List<Long> counted =
                micros.subList(Math.max(0, micros.size() - runs * times), micros.size()).stream()
                        .sorted()
                        .toList();
        int middle = counted.size() / 2;
        double median =
                counted.size() % 2 == 1
                        ? counted.get(middle)
                        : (counted.get(middle - 1) + counted.get(middle)) / 2.0;
        return times * median / MICROS_PER_MS;
    }
}
