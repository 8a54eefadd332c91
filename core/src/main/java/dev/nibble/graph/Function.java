package dev.nibble.graph;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An operator that the model itself defines by other operators (ONNX FunctionProto).
 *
 * @param overload tells functions of one name apart; mostly empty
 * @param inputs names of the values that a call gives; one may leave the last ones out
 * @param outputs names of the values that a call gets
 * @param attributes names of the attributes that a call has to give
 * @param defaults attributes that it may give, with their values if it does not
 * @param nodes the body; an {@link Attribute.Reference} in it stands for an attribute of the call
 * @param opsets version of each operator set that the body uses, by domain
 * @param extras what else the file says about it
 */
public record Function(
        String domain,
        String name,
        String overload,
        List<String> inputs,
        List<String> outputs,
        List<String> attributes,
        Map<String, Attribute> defaults,
        List<Node> nodes,
        Map<String, Long> opsets,
        Extras extras) {
    public Function {
        domain = domain.equals("ai.onnx") ? "" : domain;
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        attributes = List.copyOf(attributes);
        defaults = Collections.unmodifiableMap(new LinkedHashMap<>(defaults));
        nodes = List.copyOf(nodes);
        Map<String, Long> versions = new LinkedHashMap<>();
        opsets.forEach((set, version) -> versions.put(set.equals("ai.onnx") ? "" : set, version));
        opsets = Collections.unmodifiableMap(versions);
    }

    /** Whether a node calls it, or one that differs in its overload only. */
    public boolean isCalledBy(Node node) {
        return node.opType().equals(name) && node.domain().equals(domain);
    }

    /** The name with its domain. */
    @Override
    public String toString() {
        return domain.isEmpty() ? name : domain + "." + name;
    }
}
