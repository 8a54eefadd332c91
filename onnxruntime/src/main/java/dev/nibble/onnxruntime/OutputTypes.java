package dev.nibble.onnxruntime;

import dev.nibble.onnxruntime.RunMemory.OutputType;
import dev.nibble.tensor.Shape;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What runs have taught about the outputs: their types and shapes for given shapes of the inputs.
 *
 * <p>An output whose shape depends on more than that is remembered too, and never predicted again.
 */
final class OutputTypes {
    /** Networks for text see many lengths; beyond so many the oldest are learned anew. */
    private static final int MAX_REMEMBERED = 256;

    private final Map<List<Shape>, Map<String, OutputType>> learned = new LinkedHashMap<>();
    private final Set<String> varying = new HashSet<>();

    synchronized boolean isEmpty() {
        return learned.isEmpty();
    }

    /** The outputs that can be predicted and pinned; none if such inputs were never seen. */
    synchronized Map<String, OutputType> expected(List<Shape> inputs) {
        Map<String, OutputType> expected = new HashMap<>(learned.getOrDefault(inputs, Map.of()));
        expected.keySet().removeAll(varying);
        expected.values().removeIf(type -> !type.canBePinned());
        return expected;
    }

    synchronized void learn(List<Shape> inputs, Map<String, OutputType> outputs) {
        learned.getOrDefault(inputs, Map.of())
                .forEach((name, before) -> {
                    if (!before.equals(outputs.getOrDefault(name, before))) {
                        varying.add(name);
                    }
                });
        if (!learned.containsKey(inputs) && learned.size() >= MAX_REMEMBERED) {
            learned.remove(learned.keySet().iterator().next());
        }
        learned.computeIfAbsent(inputs, _ -> new HashMap<>()).putAll(outputs);
    }
}
