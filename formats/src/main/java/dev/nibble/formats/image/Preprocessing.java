package dev.nibble.formats.image;

import dev.nibble.error.NibbleException;
import dev.nibble.graph.Model;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What makes a picture the input of a network: its size, then {@code (x · scale − mean) / std} for
 * each channel, x being 0..255.
 *
 * <p>A network is only as good as its preprocessing: with another one it seems broken. So it is
 * always given by somebody: on the command line, or in the metadata that Nibble writes into the
 * networks it makes.
 *
 * @param scale factor of the 8-bit values
 * @param mean what is subtracted, one number for all channels or one for each, always in the order
 *     red, green, blue
 * @param std what it is divided by, likewise
 * @param channels the order of the colours
 * @param layout the order of the axes
 * @param resize how a picture gets its size
 * @param crop for {@link ResizeMode#CROP}: the size over the shorter side before cutting, in (0, 1]
 * @param width pixels; 0 for what the network's input declares
 * @param height pixels; 0 for what the network's input declares
 */
public record Preprocessing(
        double scale,
        List<Double> mean,
        List<Double> std,
        ChannelOrder channels,
        Layout layout,
        ResizeMode resize,
        double crop,
        int width,
        int height) {
    /** The metadata of a network under which its preprocessing is kept. */
    public static final String METADATA_KEY = "nibble.preprocess";

    /** Pixels that an input of a network may have on a side. */
    static final int MAX_EXTENT = 1 << 14;

    public Preprocessing {
        mean = checked("mean", mean);
        std = checked("std", std);
        if (!(Double.isFinite(scale) && scale != 0)) {
            throw new NibbleException("scale %s is not a number other than 0".formatted(scale));
        }
        if (std.contains(0.0)) {
            throw new NibbleException("std must not be 0, it is divided by");
        }
        if (!(crop > 0 && crop <= 1)) {
            throw new NibbleException(
                    "crop %s is outside 0 (not included) to 1, as in 0.875".formatted(crop));
        }
        if (width < 0 || height < 0 || (width == 0) != (height == 0)) {
            throw new NibbleException("size %d×%d is not positive".formatted(width, height));
        }
        if (width > MAX_EXTENT || height > MAX_EXTENT) {
            throw new NibbleException(
                    "size %d×%d is beyond %d pixels a side".formatted(width, height, MAX_EXTENT));
        }
    }

    private static List<Double> checked(String name, List<Double> values) {
        boolean finite = values.stream().allMatch(Double::isFinite);
        if (!finite || (values.size() != 1 && values.size() != 3)) {
            throw new NibbleException("%s %s has to be 1 or 3 numbers".formatted(name, values));
        }
        return List.copyOf(values);
    }

    /**
     * Reads {@code imagenet}, {@code tf}, {@code unit}, {@code raw} or the name of a JSON file,
     * followed by settings, as in {@code tf,resize=exact}.
     *
     * @throws NibbleException if that is not understood; the message lists what is allowed
     */
    public static Preprocessing parse(String text) {
        return PreprocessingParser.parse(text);
    }

    /**
     * What a network says about its own preprocessing, if anything. It cannot name a file: networks
     * come from strangers.
     *
     * @throws NibbleException if what it says is not understood
     */
    public static Optional<Preprocessing> of(Model model) {
        return Optional.ofNullable(model.metadata().get(METADATA_KEY))
                .map(PreprocessingParser::parseWithoutFiles);
    }

    /**
     * The presets in both orders of colours that this is not, with its own way to the size: what to
     * try where a network does worse than it should.
     */
    public List<Preprocessing> alternatives() {
        return Arrays.stream(Preset.values())
                .flatMap(preset ->
                        Arrays.stream(ChannelOrder.values())
                                .map(order ->
                                        new Preprocessing(
                                                preset.scale,
                                                preset.mean,
                                                preset.std,
                                                order,
                                                layout,
                                                resize,
                                                crop,
                                                width,
                                                height)))
                .filter(other -> !other.equals(this))
                .toList();
    }

    /** All presets and settings, for messages. */
    public static String choices() {
        return PreprocessingParser.CHOICES;
    }

    /** The text that {@link #parse} reads back, without reference to a file. */
    @Override
    public String toString() {
        StringBuilder text =
                new StringBuilder(
                        Preset.named(scale, mean, std)
                                .map(preset -> preset.name().toLowerCase(Locale.ROOT))
                                .orElseGet(() ->
                                        "scale=%s,mean=%s,std=%s"
                                                .formatted(scale, joined(mean), joined(std))));
        if (channels != ChannelOrder.RGB) {
            text.append(",channels=").append(lower(channels));
        }
        if (layout != Layout.AUTO) {
            text.append(",layout=").append(lower(layout));
        }
        text.append(",resize=").append(lower(resize));
        if (resize == ResizeMode.CROP && crop != PreprocessingParser.DEFAULT_CROP) {
            text.append(",crop=").append(crop);
        }
        if (width > 0) {
            text.append(",size=").append(width).append('x').append(height);
        }
        return text.toString();
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static String joined(List<Double> values) {
        return values.stream().map(String::valueOf).collect(Collectors.joining(":"));
    }
}
