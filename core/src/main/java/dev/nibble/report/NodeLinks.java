package dev.nibble.report;

import java.util.List;
import java.util.OptionalLong;

/**
 * What a node of the float model is joined to.
 *
 * @param inputs values that it reads, constants left out
 * @param outputs values that it computes
 * @param weights its weights that are codes, by the names of their {@link ValueRow}s
 * @param parameters how many numbers its constants hold
 * @param multiplyAdds its work for one sample; empty if it multiplies nothing or shapes are not
 *     known
 */
public record NodeLinks(
        List<String> inputs,
        List<String> outputs,
        List<String> weights,
        long parameters,
        OptionalLong multiplyAdds) {
    public NodeLinks {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        weights = List.copyOf(weights);
    }
}
