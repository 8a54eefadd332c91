package dev.nibble.pass;

import dev.nibble.engine.Lab;
import dev.nibble.error.NibbleException;
import dev.nibble.graph.Graph;
import dev.nibble.number.Encoding;
import dev.nibble.number.Granularity;
import dev.nibble.number.Granularity.PerAxis;
import dev.nibble.number.Granularity.PerBlock;
import dev.nibble.number.Granularity.PerTensor;
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
                        .orElseGet(() -> extremes(name, weight, scheme.granularity(), scaleShape));
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

    private static List<Range> extremes(
            String name, Tensor weight, Granularity granularity, Shape scaleShape) {
        int groups = Math.toIntExact(scaleShape.elements());
        float[] least = new float[groups];
        float[] greatest = new float[groups];
        float[] values = weight.floats();
        Groups index = Groups.of(granularity, weight.shape());
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new NibbleException(
                        "weight "
                                + name
                                + " holds "
                                + values[i]
                                + " at "
                                + i
                                + "; such a network cannot be quantized");
            }
            int group = index.of(i);
            least[group] = Math.min(least[group], values[i]);
            greatest[group] = Math.max(greatest[group], values[i]);
        }
        List<Range> ranges = new ArrayList<>(groups);
        for (int group = 0; group < groups; group++) {
            ranges.add(new Range(least[group], greatest[group]));
        }
        return ranges;
    }

    /**
     * Which scale an element belongs to: its place along the axis, in blocks, among those of its
     * outer and inner axes.
     */
    private record Groups(int inner, int axis, int block, int blocks, boolean crossInner) {
        static Groups of(Granularity granularity, Shape shape) {
            return switch (granularity) {
                case PerTensor _ -> new Groups(1, 1, 1, 1, false);
                case PerAxis(int axis) -> {
                    int at = shape.normalize(axis);
                    int extent = Math.toIntExact(shape.dim(at));
                    yield new Groups(
                            Math.toIntExact(shape.product(at + 1, shape.rank())),
                            extent,
                            1,
                            extent,
                            false);
                }
                case PerBlock(int axis, int blockSize) -> {
                    int at = shape.normalize(axis);
                    int extent = Math.toIntExact(shape.dim(at));
                    yield new Groups(
                            Math.toIntExact(shape.product(at + 1, shape.rank())),
                            extent,
                            blockSize,
                            Math.ceilDiv(extent, blockSize),
                            true);
                }
            };
        }

        int of(int element) {
            int along = element / inner % axis / block;
            return crossInner
                    ? (element / inner / axis * blocks + along) * inner + element % inner
                    : along;
        }
    }
}
