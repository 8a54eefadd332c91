package dev.nibble.examples.compatibility;

import dev.nibble.Nibble;
import dev.nibble.engine.Samples;
import dev.nibble.error.NibbleException;
import dev.nibble.formats.data.DataSet;
import dev.nibble.formats.image.Preprocessing;
import dev.nibble.graph.ValueInfo;
import dev.nibble.graph.ValueInfo.Dimension;
import dev.nibble.graph.ValueInfo.Fixed;
import dev.nibble.graph.ValueInfo.RankedTensor;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds samples of the right kind for a network: photos for pictures, a signal like speech for
 * sound, text for bytes, and what can be made up for everything else.
 *
 * @param calibrating photos to calibrate on
 * @param judging photos to judge on
 * @param count how many samples of each at most
 */
record Materials(DataSet calibrating, DataSet judging, int count) {
    private static final long CALIBRATION_SEED = 1;
    private static final long JUDGEMENT_SEED = 1001;
    private static final int PICTURE_RANK = 4;

    /** Less is no picture. */
    private static final long LEAST_EXTENT = 16;

    /** Fewer numbers in a row are a state, not a signal. */
    private static final long LEAST_SIGNAL = 256;

    /** A row of an odd length is half a spectrum. */
    private static final int SPECTRUM = 257;

    private static final float STATE_SCALE = 0.3f;

    /** How pictures become inputs, by a part of the file's name; otherwise from 0 to 1. */
    private static final Map<String, String> PREPROCESSING =
            Map.ofEntries(
                    Map.entry("face_detection_front", "tf"),
                    Map.entry("MobileNetV1-x050", "tf,size=224"),
                    Map.entry("deeplab", "tf"),
                    Map.entry("saved_model__model", "raw,channels=bgr"),
                    Map.entry("Pipeline__model__model", "raw,channels=bgr"),
                    Map.entry("nanodet", "imagenet,channels=bgr"),
                    Map.entry("reidentification", "raw,channels=bgr"),
                    Map.entry("det_infer", "imagenet,size=320"),
                    Map.entry("rec_infer", "tf,size=320x32"),
                    Map.entry("yolox", "raw,channels=bgr"),
                    Map.entry("Ultra-Light", "tf"),
                    Map.entry("yunet", "raw,channels=bgr"),
                    Map.entry("yunet_s_dynamic", "raw,channels=bgr,size=320"),
                    Map.entry("FastestDet", "unit,channels=bgr"),
                    Map.entry("SqueezeNet_fp16", "scale=1,mean=123:117:104,std=1,channels=bgr"),
                    Map.entry("models__mnist", "raw"));

    private static final List<String> SOUND = List.of("DNSMOS", "DTLN", "silero");
    private static final List<String> TEXT = List.of("nnsplit");

    private static final String WORDS =
            "Der Zug nach Norden hat Verspätung. Wir warten seit einer Stunde auf dem Bahnsteig!"
                    + " It will rain tomorrow, they say. Who has seen the key to the cellar?";

    /**
     * Samples for a network.
     *
     * @throws NibbleException if there are none that it runs on
     */
    Material of(Nibble network) {
        String file = String.valueOf(network.source().getFileName());
        if (takesPictures(network)) {
            Preprocessing preprocessing = Preprocessing.parse(spec(file) + ",resize=exact");
            return new Material(
                    "photos",
                    photos(calibrating, network, preprocessing),
                    photos(judging, network, preprocessing));
        }
        Samples first = network.generatedInputs(count, CALIBRATION_SEED);
        Samples second = network.generatedInputs(count, JUDGEMENT_SEED);
        if (SOUND.stream().anyMatch(file::contains)) {
            return new Material(
                    "sound",
                    new AlteredSamples(first, "sound", (i, made) -> sound(i, made)),
                    new AlteredSamples(second, "sound", (i, made) -> sound(count + i, made)));
        }
        if (TEXT.stream().anyMatch(file::contains)) {
            return new Material(
                    "text",
                    new AlteredSamples(first, "text", (i, made) -> text(i, made)),
                    new AlteredSamples(second, "text", (i, made) -> text(count + i, made)));
        }
        boolean tokens =
                network.model().graph().fedInputs().stream()
                        .anyMatch(input ->
                                input.type() instanceof RankedTensor(DataType type, _)
                                        && type == DataType.INT64);
        return new Material(tokens ? "tokens" : "noise", first, second);
    }

    private Samples photos(DataSet images, Nibble network, Preprocessing preprocessing) {
        DataSet some = images.size() <= count ? images : images.subset(count, 0);
        return some.samples(network.model(), preprocessing);
    }

    private static String spec(String file) {
        return PREPROCESSING.entrySet().stream()
                .filter(entry -> file.contains(entry.getKey()))
                .max(
                        Comparator.comparingInt(
                                (Map.Entry<String, String> entry) -> entry.getKey().length()))
                .map(Map.Entry::getValue)
                .orElse("unit");
    }

    private static boolean takesPictures(Nibble network) {
        List<ValueInfo> inputs = network.model().graph().fedInputs();
        if (inputs.size() != 1
                || !(inputs.getFirst().type() instanceof RankedTensor(_, List<Dimension> dims))
                || dims.size() != PICTURE_RANK) {
            return false;
        }
        Optional<Integer> channels =
                Stream.of(1, 3).filter(axis -> isColors(dims.get(axis))).findFirst();
        return channels.isPresent()
                && Stream.of(1, 2, 3)
                        .filter(axis -> !axis.equals(channels.get()))
                        .noneMatch(axis ->
                                dims.get(axis) instanceof Fixed(long size)
                                        && size > 0
                                        && size < LEAST_EXTENT);
    }

    private static boolean isColors(Dimension dim) {
        return dim instanceof Fixed(long size) && (size == 1 || size == 3);
    }

    private static Tensor sound(int sample, Tensor made) {
        Shape shape = made.shape();
        if (made.type() != DataType.FLOAT32) {
            return made;
        }
        int length = Math.toIntExact(made.elements());
        if (shape.rank() == 0 || length != shape.dim(-1) || length < LEAST_SIGNAL) {
            float[] state = made.floats();
            for (int i = 0; i < state.length; i++) {
                state[i] *= STATE_SCALE;
            }
            return Tensor.ofFloats(shape, state);
        }
        return Tensor.ofFloats(
                shape,
                length == SPECTRUM
                        ? Speech.spectrum(Speech.of(sample, 2 * (SPECTRUM - 1)))
                        : Speech.of(sample, length));
    }

    private static Tensor text(int sample, Tensor made) {
        byte[] words = WORDS.getBytes(StandardCharsets.UTF_8);
        byte[] text = new byte[Math.toIntExact(made.elements())];
        for (int i = 0; i < text.length; i++) {
            text[i] = words[(sample * 7 + i) % words.length];
        }
        return made.type() == DataType.UINT8
                ? Tensor.ofBytes(DataType.UINT8, made.shape(), text)
                : made;
    }
}
