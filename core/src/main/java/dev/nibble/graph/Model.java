package dev.nibble.graph;

import dev.nibble.error.NibbleException;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * A network with what surrounds it.
 *
 * @param graph the main graph
 * @param irVersion version of the file format
 * @param opsets version of each operator set, by domain; the ONNX standard has the empty name
 * @param metadata the key-value pairs that the file carries
 * @param functions operators that the model defines itself
 * @param extras what else the file says: producer, doc string, unknown fields
 */
public record Model(
        Graph graph,
        long irVersion,
        Map<String, Long> opsets,
        Map<String, String> metadata,
        List<Function> functions,
        Extras extras) {
    public Model {
        Map<String, Long> versions = new TreeMap<>();
        opsets.forEach((domain, version) ->
                versions.merge(domain.equals("ai.onnx") ? "" : domain, version, Math::max));
        opsets = Collections.unmodifiableMap(versions);
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
        functions = List.copyOf(functions);
    }

    /** A model without functions. */
    public Model(
            Graph graph,
            long irVersion,
            Map<String, Long> opsets,
            Map<String, String> metadata,
            Extras extras) {
        this(graph, irVersion, opsets, metadata, List.of(), extras);
    }

    public Model with(Graph other) {
        return new Model(other, irVersion, opsets, metadata, functions, extras);
    }

    /** The same model with its graph edited. */
    public Model map(UnaryOperator<Graph> edit) {
        return with(edit.apply(graph));
    }

    public Model withMetadata(String key, String value) {
        Map<String, String> changed = new LinkedHashMap<>(metadata);
        changed.put(key, value);
        return new Model(graph, irVersion, opsets, changed, functions, extras);
    }

    public Model withOpset(String domain, long version, long minimumIrVersion) {
        Map<String, Long> changed = new TreeMap<>(opsets);
        changed.put(domain, version);
        return new Model(
                graph, Math.max(irVersion, minimumIrVersion), changed, metadata, functions, extras);
    }

    /** The same model with other functions and operator sets. */
    public Model withFunctions(List<Function> other, Map<String, Long> imported) {
        return new Model(graph, irVersion, imported, metadata, other, extras);
    }

    /** Version of the standard operator set. */
    public long opset() {
        Long version = opsets.get("");
        if (version == null) {
            throw new NibbleException(
                    "the model imports no version of the ONNX operator set, only "
                            + opsets.keySet()
                            + "; re-export it with an opset");
        }
        return version;
    }
}
