package dev.nibble.pass;

import dev.nibble.calibrate.ClippingSearch;
import dev.nibble.engine.Lab;
import dev.nibble.error.NibbleException;
import dev.nibble.graph.Graph;
import dev.nibble.number.Encoding;
import dev.nibble.number.Granularity;
import dev.nibble.number.Granularity.PerAxis;
import dev.nibble.number.Granularity.PerBlock;
import dev.nibble.number.Granularity.PerTensor;
import dev.nibble.number.GroupRanges;
import dev.nibble.number.Range;
import dev.nibble.number.Scheme;
import dev.nibble.pass.Finding.Applied;
import dev.nibble.plan.Decision;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.ArrayList;
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

    /** Elements that are searched at a time, where that can be. */
    private static final long PIECE = 1L << 18;

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

    /** A piece after the other, where no group goes beyond one. */
    static List<Range> searched(Tensor weight, Scheme scheme) {
        long[] dims = weight.shape().dims();
        long step = step(scheme.granularity(), weight.shape());
        long rows = dims.length == 0 ? 1 : dims[0];
        if (step == 0 || rows == 0 || weight.elements() <= PIECE) {
            return ClippingSearch.ranges(weight.floats(), new double[0], weight.shape(), scheme);
        }
        long row = weight.elements() / rows;
        long most = Math.max(1, PIECE / (row * step)) * step;
        List<Range> ranges = new ArrayList<>();
        for (long first = 0; first < rows; first += most) {
            dims[0] = Math.min(most, rows - first);
            float[] values = new float[Math.toIntExact(dims[0] * row)];
            weight.copyFloats(first * row, values, 0, values.length);
            ranges.addAll(ClippingSearch.ranges(values, new double[0], Shape.of(dims), scheme));
        }
        return ranges;
    }

    /** How many rows, the extents of the first axis, no group goes beyond; 0 if there is none. */
    private static long step(Granularity granularity, Shape shape) {
        return switch (granularity) {
            case PerTensor() -> 0;
            case PerAxis(int axis) -> shape.normalize(axis) == 0 ? 1 : 0;
            case PerBlock(int axis, int blockSize) -> shape.normalize(axis) == 0 ? blockSize : 1;
        };
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
