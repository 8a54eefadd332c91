package dev.nibble.pass;

import dev.nibble.calibrate.ClippingSearch;
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
 * Gives every weight that is to be quantized a range, for each group that has a scale: that of its
 * own numbers, or in few bits the one with the least squared error.
 *
 * @param searchedBits formats of at most so many bits are searched, see {@link ClippingSearch};
 *     there clipping a few weights pays
 */
public record WeightRanges(RangeOverrides overrides, int searchedBits) implements Pass {
    private static final String NAME = "WeightRanges";
    private static final int FEW_BITS = 4;

    /** A search holds a tensor's numbers in memory several times over. */
    private static final long MOST_SEARCHED = 1L << 28;

    /** Searches the ranges of 4 bits and fewer. */
    public WeightRanges(RangeOverrides overrides) {
        this(overrides, FEW_BITS);
    }

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
        boolean few = scheme.format().bits() <= searchedBits;
        boolean searched = few && weight.elements() <= MOST_SEARCHED;
        List<Range> ranges =
                given.map(range -> fill(range, scaleShape))
                        .orElseGet(() -> {
                            List<Range> extremes = extremes(name, weight, scheme.granularity());
                            return searched ? searched(weight, scheme) : extremes;
                        });
        String groups = scaleShape.rank() == 0 ? "the tensor" : scaleShape + " groups";
        String unsearched = few ? ", too large to be searched" : "";
        String what =
                given.map(range -> "given range " + range)
                        .orElse(
                                searched
                                        ? "least squared error of " + groups
                                        : "min-max of " + groups + unsearched);
        return draft.with(
                        draft.plan()
                                .withEncoding(name, Encoding.ofRanges(scheme, scaleShape, ranges)))
                .noting(new Applied(NAME, name, what));
    }

    private static List<Range> searched(Tensor weight, Scheme scheme) {
        return ClippingSearch.ranges(weight.floats(), new double[0], weight.shape(), scheme);
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
