package dev.nibble.formats.image;

import dev.nibble.error.NibbleException;
import dev.nibble.formats.MemoryBudget;
import dev.nibble.graph.Model;
import dev.nibble.graph.ValueInfo;
import dev.nibble.graph.ValueInfo.Dimension;
import dev.nibble.graph.ValueInfo.Fixed;
import dev.nibble.graph.ValueInfo.RankedTensor;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The one input of a network that takes pictures.
 *
 * @param channels 1 or 3
 * @param channelsFirst whether all of one channel comes before the next
 */
record ImageInput(
        String name, DataType type, int channels, int width, int height, boolean channelsFirst) {
    /**
     * The input that a network declares.
     *
     * @throws NibbleException if pictures do not fit it; the message says what it expects and what
     *     to do
     */
    static ImageInput of(Model model, Preprocessing preprocessing) {
        List<ValueInfo> inputs = model.graph().fedInputs();
        if (inputs.size() != 1) {
            throw new NibbleException(
                    "the network takes %d inputs (%s), but images feed one; give the samples as .npz"
                            .formatted(
                                    inputs.size(),
                                    inputs.stream()
                                            .map(ValueInfo::name)
                                            .collect(Collectors.joining(", "))));
        }
        ValueInfo input = inputs.getFirst();
        if (!(input.type() instanceof RankedTensor(DataType type, List<Dimension> dims))
                || dims.size() != 4) {
            throw unfit(input, "images need 4 axes: [N,C,H,W] or [N,H,W,C]");
        }
        boolean channelsFirst = channelsFirst(input, dims, preprocessing.layout());
        int rows = channelsFirst ? 2 : 1;
        int channels = dims.get(channelsFirst ? 1 : 3) instanceof Fixed(long size) ? (int) size : 3;
        int width = extent(input, dims.get(rows + 1), preprocessing.width(), "width");
        int height = extent(input, dims.get(rows), preprocessing.height(), "height");
        if ((long) width * height > Pixels.most()) {
            throw unfit(
                    input,
                    "%d×%d pixels do not fit the memory; %s"
                            .formatted(width, height, MemoryBudget.remedy()));
        }
        return new ImageInput(
                input.name(), checked(type, input), channels, width, height, channelsFirst);
    }

    /** The shape of one picture, a batch of one. */
    Shape shape() {
        return channelsFirst
                ? Shape.of(1, channels, height, width)
                : Shape.of(1, height, width, channels);
    }

    private static DataType checked(DataType type, ValueInfo input) {
        return switch (type) {
            case FLOAT64, FLOAT32, FLOAT16, BFLOAT16, UINT8 -> type;
            default ->
                    throw unfit(input, "images become floats or uint8; give the samples as .npz");
        };
    }

    private static boolean channelsFirst(ValueInfo input, List<Dimension> dims, Layout layout) {
        boolean first = isChannels(dims.get(1));
        boolean last = isChannels(dims.get(3));
        return switch (layout) {
            case NCHW -> {
                if (!first && dims.get(1) instanceof Fixed) {
                    throw unfit(input, "layout=nchw needs 1 or 3 channels on the second axis");
                }
                yield true;
            }
            case NHWC -> {
                if (!last && dims.get(3) instanceof Fixed) {
                    throw unfit(input, "layout=nhwc needs 1 or 3 channels on the last axis");
                }
                yield false;
            }
            case AUTO -> {
                if (!first && !last) {
                    throw unfit(
                            input,
                            "no axis is known to have 1 or 3 channels; add layout=nchw or"
                                + " layout=nhwc to the preprocessing, or give the samples as .npz");
                }
                yield first;
            }
        };
    }

    private static boolean isChannels(Dimension dim) {
        return dim instanceof Fixed(long size) && (size == 1 || size == 3);
    }

    private static int extent(ValueInfo input, Dimension dim, int given, String which) {
        return switch (dim) {
            case Fixed(long size) -> {
                if (given != 0 && given != size) {
                    throw unfit(
                            input,
                            "its %s is %d, not %d as size= says; leave size= out"
                                    .formatted(which, size, given));
                }
                if (size < 1 || size > Preprocessing.MAX_EXTENT) {
                    throw unfit(
                            input,
                            "a %s of %d is outside 1..%d"
                                    .formatted(which, size, Preprocessing.MAX_EXTENT));
                }
                yield (int) size;
            }
            case ValueInfo.Symbolic _ -> {
                if (given == 0) {
                    throw unfit(
                            input,
                            "its %s is not fixed; add size=WxH to the preprocessing, as in size=224"
                                    .formatted(which));
                }
                yield given;
            }
        };
    }

    private static NibbleException unfit(ValueInfo input, String why) {
        return new NibbleException(
                "input \"%s\" of the network is %s: %s".formatted(input.name(), input.type(), why));
    }
}
