package dev.nibble.pass;

import dev.nibble.engine.Lab;
import dev.nibble.error.NibbleException;
import dev.nibble.graph.Graph;
import dev.nibble.number.Encoding;
import dev.nibble.number.Granularity;
import dev.nibble.number.GroupRanges;
import dev.nibble.number.Range;
import dev.nibble.number.Scheme;
import dev.nibble.pass.Finding.Applied;
import dev.nibble.plan.Decision;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Gives every weight that is to be quantized the range of its own numbers, for each group that has
 * a scale.
 */
public record WeightRanges(RangeOverrides overrides) implements Pass {
    private static final String NAME = "WeightRanges";

    @Override
    public Draft apply(Draft draft, Lab lab) {
        Draft at = draft;
        for (Map.Entry<String, Decision> entry : draft.plan().values().entrySet()) {
            Optional<Tensor> weight = draft.graph().constant(entry.getKey());
            if (weight.isPresent() && entry.getValue() instanceof Decision.Planned(Scheme scheme)) {
                at = encode(at, entry.getKey(), weight.get(), scheme);
            }
        }
        return at;
    }

    private Draft encode(Draft draft, String name, Tensor weight, Scheme scheme) {
        Shape scaleShape = scheme.granularity().scaleShape(weight.shape());
        Graph graph = draft.graph();
        Optional<Range> given = overrides.range(graph, draft.plan(), name);
        List<Range> ranges =
                given.map(range -> fill(range, scaleShape))
                        .orElseGet(() -> extremes(name, weight, scheme.granularity()));
        String what =
                given.map(range -> "given range " + range)
                        .orElse(
                                "min-max of "
                                        + (scaleShape.rank() == 0
                                                ? "the tensor"
                                                : scaleShape + " groups"));
        return draft.with(
                        draft.plan()
                                .withEncoding(name, Encoding.ofRanges(scheme, scaleShape, ranges)))
                .noting(new Applied(NAME, name, what));
    }

    private static List<Range> fill(Range range, Shape scaleShape) {
        Range[] ranges = new Range[Math.toIntExact(scaleShape.elements())];
        Arrays.fill(ranges, range);
        return List.of(ranges);
    }

    private static List<Range> extremes(String name, Tensor weight, Granularity granularity) {
        try {
            return GroupRanges.of(weight, granularity);
        } catch (IllegalArgumentException e) {
            throw new NibbleException(
                    "weight "
                            + name
                            + " cannot be quantized: its "
                            + e.getMessage()
                            + "; repair the model or keep the nodes"
                            + " that read it float",
                    e);
        }
    }
}
