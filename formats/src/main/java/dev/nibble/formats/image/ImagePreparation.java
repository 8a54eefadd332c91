package dev.nibble.formats.image;

import dev.nibble.error.NibbleException;
import dev.nibble.graph.Model;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Tensor;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;

/**
 * Makes the input of one network from image files; may be used from several threads at once.
 *
 * <p>Decode, resize, then look every 8-bit value up in a table of 256 floats for each channel.
 */
public final class ImagePreparation {
    private static final int VALUES = 256;

    private final Preprocessing preprocessing;
    private final ImageInput input;
    private final ImageDecoder decoder;

    /**
     * For each channel in the network's order: which channel of the picture it is, and what its
     * values become.
     */
    private final int[] sources;

    private final float[][] tables;

    /**
     * The way from files to one network.
     *
     * @throws NibbleException if the network does not take pictures, or not with this preprocessing
     */
    public ImagePreparation(Model model, Preprocessing preprocessing) {
        this(model, preprocessing, new ImageDecoder());
    }

    ImagePreparation(Model model, Preprocessing preprocessing, ImageDecoder decoder) {
        this.decoder = decoder;
        this.preprocessing = preprocessing;
        this.input = ImageInput.of(model, preprocessing);
        int channels = input.channels();
        sources = new int[channels];
        tables = new float[channels][];
        for (int c = 0; c < channels; c++) {
            sources[c] = preprocessing.channels() == ChannelOrder.BGR ? channels - 1 - c : c;
            tables[c] = table(sources[c]);
        }
        boolean untouched =
                preprocessing.scale() == 1
                        && preprocessing.mean().stream().allMatch(mean -> mean == 0)
                        && preprocessing.std().stream().allMatch(std -> std == 1);
        if (input.type() == DataType.UINT8 && !untouched) {
            throw new NibbleException(
                    "input \"%s\" of the network takes uint8, so it scales images itself; use raw instead of \"%s\""
                            .formatted(input.name(), preprocessing));
        }
    }

    /**
     * The inputs that a network gets for one picture: float16 or uint8 where it takes these, else
     * float32, in a batch of one.
     *
     * @param file the content of an image file
     * @throws NibbleException if it cannot be decoded; the message does not know the file's name
     */
    public Map<String, Tensor> prepare(byte[] file) {
        Pixels decoded = decoder.decode(file);
        Pixels colors = input.channels() == 1 ? decoded.toLuma() : decoded;
        return Map.of(input.name(), tensor(resized(colors)));
    }

    private Pixels resized(Pixels image) {
        int width = input.width();
        int height = input.height();
        if (image.width() == width && image.height() == height) {
            return image;
        }
        return switch (preprocessing.resize()) {
            case EXACT -> Resampler.resize(image, width, height);
            case CROP -> cropped(image, width, height);
        };
    }

    /** Scaled so that both sides reach size / crop and one of them just does, then the middle. */
    private Pixels cropped(Pixels image, int width, int height) {
        int wantedWidth = (int) Math.rint(width / preprocessing.crop());
        int wantedHeight = (int) Math.rint(height / preprocessing.crop());
        boolean widthDecides =
                (long) wantedWidth * image.height() >= (long) wantedHeight * image.width();
        int scaledWidth =
                widthDecides
                        ? wantedWidth
                        : extent((long) image.width() * wantedHeight / image.height());
        int scaledHeight =
                widthDecides
                        ? extent((long) image.height() * wantedWidth / image.width())
                        : wantedHeight;
        int left = (int) Math.rint((scaledWidth - width) / 2.0);
        int top = (int) Math.rint((scaledHeight - height) / 2.0);
        return Resampler.resize(image, scaledWidth, scaledHeight).crop(left, top, width, height);
    }

    /** What does not fit an int does not fit the memory either, as {@link Resampler} will say. */
    private static int extent(long pixels) {
        return (int) Math.min(pixels, Integer.MAX_VALUE);
    }

    private float[] table(int channel) {
        float[] table = new float[VALUES];
        double mean = of(preprocessing.mean(), channel, "mean");
        double std = of(preprocessing.std(), channel, "std");
        for (int value = 0; value < VALUES; value++) {
            table[value] = (float) ((value * preprocessing.scale() - mean) / std);
        }
        return table;
    }

    private double of(List<Double> values, int channel, String what) {
        if (values.size() > 1 && input.channels() == 1) {
            throw new NibbleException(
                    "input \"%s\" of the network has 1 channel, but \"%s\" has a %s for 3; use unit, tf, raw or one %s"
                            .formatted(input.name(), preprocessing, what, what));
        }
        return values.get(values.size() == 1 ? 0 : channel);
    }

    private Tensor tensor(Pixels image) {
        return switch (input.type()) {
            case FLOAT16 -> half(floats(image));
            case UINT8 ->
                    new Tensor(DataType.UINT8, input.shape(), MemorySegment.ofArray(bytes(image)));
            default -> Tensor.ofFloats(input.shape(), floats(image));
        };
    }

    private float[] floats(Pixels image) {
        int channels = input.channels();
        float[] values = new float[image.data().length];
        int plane = image.width() * image.height();
        for (int c = 0; c < channels; c++) {
            int start = input.channelsFirst() ? c * plane : c;
            int step = input.channelsFirst() ? 1 : channels;
            lookUp(image.data(), sources[c], channels, tables[c], values, start, step);
        }
        return values;
    }

    private static void lookUp(
            byte[] pixels, int from, int stride, float[] table, float[] values, int to, int step) {
        int target = to;
        for (int i = from; i < pixels.length; i += stride) {
            values[target] = table[pixels[i] & 0xFF];
            target += step;
        }
    }

    /** The stored values in the network's order of channels and axes. */
    private byte[] bytes(Pixels image) {
        float[] values = floats(image);
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) (int) values[i];
        }
        return bytes;
    }

    private Tensor half(float[] values) {
        short[] half = new short[values.length];
        for (int i = 0; i < values.length; i++) {
            half[i] = Float.floatToFloat16(values[i]);
        }
        return new Tensor(DataType.FLOAT16, input.shape(), MemorySegment.ofArray(half));
    }
}
