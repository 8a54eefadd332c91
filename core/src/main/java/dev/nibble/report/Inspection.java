package dev.nibble.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What can be said of a network without running it.
 *
 * @param irVersion version of the file format
 * @param opsets version of each operator set, the ONNX standard under the name {@code ai.onnx}
 * @param inputs what is fed
 * @param outputs what comes out
 * @param operators how many nodes there are of each operator, subgraphs included, the most frequent
 *     first
 * @param parameters numbers that the constants hold, subgraphs included
 * @param parameterBytes bytes that they take
 * @param compute work for one sample
 * @param codes what is quantized already
 * @param metadata the key-value pairs that the file carries
 * @param nodes a row for every compute node, those of subgraphs behind the node that holds them
 * @param dryRun what a recipe would do; empty if none was given or the network is quantized already
 * @param warnings what in the weights makes quantizing hard or pointless
 */
public record Inspection(
        long irVersion,
        Map<String, Long> opsets,
        List<Port> inputs,
        List<Port> outputs,
        Map<String, Long> operators,
        long parameters,
        long parameterBytes,
        Compute compute,
        Codes codes,
        Map<String, String> metadata,
        List<InspectedNode> nodes,
        Optional<Prediction> dryRun,
        List<Warning> warnings) {
    public Inspection {
        opsets = inOrder(opsets);
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        operators = inOrder(operators);
        metadata = inOrder(metadata);
        nodes = List.copyOf(nodes);
        warnings = List.copyOf(warnings);
    }

    private static <V> Map<String, V> inOrder(Map<String, V> map) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }

    /**
     * An input or output.
     *
     * @param type as in {@code float32 [N×3×224×224]}
     */
    public record Port(String name, String type) {}

    /**
     * Multiply-adds for one sample: axes of symbolic size in front count as 1.
     *
     * @param multiplyAdds of the nodes whose shapes are known
     * @param unknown nodes that multiply, but whose shapes the file does not tell
     */
    public record Compute(long multiplyAdds, List<String> unknown) {
        public Compute {
            unknown = List.copyOf(unknown);
        }
    }

    /**
     * What computes on codes or converts to them already, subgraphs included.
     *
     * @param forms nodes of each form: {@code Q/DQ}, {@code QOperator}, {@code dynamic}, {@code
     *     blocks}
     * @param formats tensors of codes by type and part, as in {@code int8 weights, several scales}
     */
    public record Codes(Map<String, Long> forms, Map<String, Long> formats) {
        public Codes {
            forms = inOrder(forms);
            formats = inOrder(formats);
        }

        /** Whether there are none. */
        public boolean isEmpty() {
            return forms.isEmpty();
        }
    }

    /**
     * What a recipe would do.
     *
     * @param recipe its name
     * @param obstacle why it would be refused as a whole; empty if it would not
     * @param parameterBytes bytes that the constants would take
     */
    public record Prediction(String recipe, Optional<String> obstacle, long parameterBytes) {}

    /**
     * Something suspicious.
     *
     * @param node the node that reads the weights
     * @param value name of the weights
     * @param what what is wrong, and what it means for codes
     */
    public record Warning(String node, String value, String what) {}
}
