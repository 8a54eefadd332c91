package dev.nibble.onnxruntime;

import dev.nibble.graph.Attribute;
import dev.nibble.graph.Attribute.FloatList;
import dev.nibble.graph.Attribute.FloatValue;
import dev.nibble.graph.Attribute.IntList;
import dev.nibble.graph.Attribute.IntValue;
import dev.nibble.graph.Attribute.StringValue;
import dev.nibble.graph.Extras;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;
import dev.nibble.tensor.Tensor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A network of one operator for a span of operator-set versions, as a line of {@code
 * opset-cases.txt} writes it; that file explains the notation.
 *
 * @param outputs how many outputs the node delivers
 * @param excuse why it cannot be run, or nothing
 * @param reference what computes the same in a version that can be run, or nothing
 */
record OpsetCase(
        String line,
        String opType,
        long from,
        long to,
        List<String> inputs,
        Map<String, Attribute> attributes,
        int outputs,
        String excuse,
        String reference) {
    private static final long IR_VERSION = 8;

    /** The version that references are written in. */
    static final long REFERENCE = 13;

    static OpsetCase of(String line) {
        String[] head = line.split(" - ", 2);
        if (head.length == 2) {
            String[] words = head[0].split(" ");
            long from = words.length > 1 ? Long.parseLong(words[1]) : 1;
            long to = words.length > 1 ? from : Long.MAX_VALUE;
            return new OpsetCase(
                    line, words[0], from, to, List.of(), Map.of(), 0, head[1].strip(), "");
        }
        String[] parts = line.split("\\s*\\|\\s*", -1);
        String[] words = parts[0].split(" ");
        String[] span = words[1].split("-", -1);
        return new OpsetCase(
                line,
                words[0],
                Long.parseLong(span[0]),
                span.length == 1
                        ? Long.parseLong(span[0])
                        : span[1].isEmpty() ? Long.MAX_VALUE : Long.parseLong(span[1]),
                words(parts[1]),
                attributes(parts.length > 2 ? parts[2] : ""),
                parts.length > 3 && !parts[3].isEmpty() ? Integer.parseInt(parts[3]) : 1,
                "",
                parts.length > 4 ? parts[4] : "");
    }

    boolean covers(long version) {
        return from <= version && version <= to;
    }

    /** The network in one version of the operator set. */
    Model model(long version) {
        if (runsOthers()) {
            return OpsetLoops.model(inputs.getFirst(), version);
        }
        return model(opType, inputs, attributes, version);
    }

    private boolean runsOthers() {
        return !inputs.isEmpty() && inputs.getFirst().startsWith("@");
    }

    /** What to feed to the network. */
    List<String> operands() {
        return runsOthers() ? OpsetLoops.operands(inputs.getFirst()) : inputs;
    }

    /** The network to compare with where the old version cannot be run. */
    Model referenceModel() {
        if (runsOthers()) {
            return model(REFERENCE);
        }
        if (reference.isEmpty()) {
            Map<String, Attribute> rest = new LinkedHashMap<>(attributes);
            rest.remove("consumed_inputs");
            return model(opType, inputs, rest, REFERENCE);
        }
        String[] halves = reference.split(" : ", 2);
        List<String> words = words(halves[0]);
        return model(
                words.getFirst(),
                words.subList(1, words.size()),
                attributes(halves.length > 1 ? halves[1] : ""),
                REFERENCE);
    }

    private Model model(
            String operator, List<String> operands, Map<String, Attribute> given, long version) {
        List<String> names = new ArrayList<>();
        List<ValueInfo> declared = new ArrayList<>();
        Map<String, Tensor> constants = new LinkedHashMap<>();
        for (int i = 0; i < operands.size(); i++) {
            OpsetOperand operand = OpsetOperand.of(operands.get(i));
            names.add(operand.isLeftOut() ? "" : "x" + i);
            if (operand.isFed()) {
                declared.add(operand.declare("x" + i));
            } else if (!operand.isLeftOut()) {
                constants.put("x" + i, operand.constant());
            }
        }
        List<String> results =
                Stream.iterate(0, i -> i + 1).limit(outputs).map(i -> "y" + i).toList();
        Node node = new Node("only", operator, "", names, results, given, Extras.NONE);
        Graph graph =
                Graph.of(
                        "case",
                        List.of(node),
                        declared,
                        results.stream().map(Networks::untyped).toList(),
                        constants);
        return new Model(graph, IR_VERSION, Map.of("", version), Map.of(), Extras.NONE);
    }

    /** Random numbers for the inputs of a network of this case; the same for its reference. */
    static Map<String, Tensor> feeds(Model model, List<String> operands) {
        Map<String, Tensor> feeds = new LinkedHashMap<>();
        for (ValueInfo input : model.graph().inputs()) {
            int index = Integer.parseInt(input.name().substring(1));
            feeds.put(input.name(), OpsetOperand.of(operands.get(index)).random(index));
        }
        return feeds;
    }

    /** The operands of the reference, or its own. */
    List<String> referenceOperands() {
        if (reference.isEmpty()) {
            return operands();
        }
        List<String> words = words(reference.split(" : ", 2)[0]);
        return words.subList(1, words.size());
    }

    private static List<String> words(String text) {
        return text.isBlank() ? List.of() : List.of(text.strip().split(" +"));
    }

    private static Map<String, Attribute> attributes(String text) {
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        for (String word : words(text)) {
            String[] pair = word.split("=", 2);
            attributes.put(pair[0], attribute(pair[1]));
        }
        return attributes;
    }

    private static Attribute attribute(String text) {
        if (text.startsWith("[")) {
            List<String> items =
                    Stream.of(text.substring(1, text.length() - 1).split(","))
                            .filter(item -> !item.isEmpty())
                            .toList();
            return text.contains(".")
                    ? new FloatList(items.stream().map(Float::valueOf).toList())
                    : new IntList(items.stream().map(Long::valueOf).toList());
        }
        if (text.matches("-?\\d+")) {
            return new IntValue(Long.parseLong(text));
        }
        return text.matches("-?\\d+\\.\\d+")
                ? new FloatValue(Float.parseFloat(text))
                : new StringValue(text);
    }
}
