package dev.nibble.formats.data;

import dev.nibble.engine.Samples;
import dev.nibble.error.NibbleException;
import dev.nibble.formats.image.Preprocessing;
import dev.nibble.formats.image.Thumbnail;
import dev.nibble.graph.Model;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Samples as they lie on disk, before it is known which network they are for.
 *
 * <ul>
 *   <li>a folder or zip of images: with a {@code labels.csv} (columns {@code file,label}), with one
 *       folder for each class (in alphabetical order these are the labels 0, 1, …), or without
 *       labels; a single folder around it is looked through, hidden files are not seen, images that
 *       {@code labels.csv} does not list are left out;
 *   <li>a {@code .npz} with an array for each input of the network, named as it, and optionally
 *       {@code labels}; or a {@code .npy} for its only input; the first axis counts the samples;
 *   <li>a folder with ONNX's {@code test_data_set_0}, … in it, or one of these.
 * </ul>
 */
public sealed interface DataSet permits ImageData, ArrayData, TestData {
    /** What {@link #open} takes, for messages. */
    String CHOICES =
            "give a folder or zip of images (with labels.csv, or one folder per class), a .npz or"
                    + " .npy file, or a folder of ONNX test_data_set_* folders";

    /**
     * Finds out what lies there.
     *
     * @throws NibbleException if there is nothing, or nothing that is understood; the message names
     *     file and remedy
     */
    static DataSet open(Path data) {
        if (!Files.exists(data)) {
            throw new NibbleException("there is no data at %s; %s".formatted(data, CHOICES));
        }
        String name = String.valueOf(data.getFileName()).toLowerCase(Locale.ROOT);
        if (Files.isDirectory(data)) {
            return TestData.looksLike(data) ? TestData.open(data) : ImageData.openFolder(data);
        } else if (name.endsWith(".zip")) {
            return ImageData.openZip(data);
        } else if (name.endsWith(".npz")) {
            return ArrayData.openNpz(data);
        } else if (name.endsWith(".npy")) {
            return ArrayData.openNpy(data);
        }
        throw new NibbleException("the data %s is of no known kind; %s".formatted(data, CHOICES));
    }

    int size();

    /** The right class of a sample; {@link dev.nibble.engine.Sample#UNLABELLED} if unknown. */
    int label(int index);

    /** Whether every sample has a label. */
    boolean labelled();

    /** What lies where, for reports. */
    String description();

    /** Whether a {@link Preprocessing} is needed to make inputs of it. */
    boolean needsPreprocessing();

    /**
     * The picture behind a sample, small, as {@link Thumbnail} makes it; empty where there is none.
     *
     * @param sample its name
     */
    default Optional<String> thumbnail(String sample) {
        return Optional.empty();
    }

    /** Some of the samples, in the given order. */
    DataSet select(List<Integer> indices);

    /**
     * The inputs of one network, as they are or with the preprocessing that the network's metadata
     * tells.
     *
     * @throws NibbleException if they do not fit the network, or if it tells none and one is needed
     */
    Samples samples(Model model);

    /**
     * The inputs of one network made from images.
     *
     * @throws NibbleException if they do not fit the network, or if these are no images
     */
    Samples samples(Model model, Preprocessing preprocessing);

    /**
     * A random part, balanced over the classes where labels are known; in the original order. The
     * same seed gives the same part.
     *
     * @throws NibbleException if there are fewer samples
     */
    default DataSet subset(int count, long seed) {
        if (count > size()) {
            throw new NibbleException(
                    "%d samples are asked for, but %s has only %d; ask for fewer"
                            .formatted(count, description(), size()));
        }
        return count == size() ? this : select(BalancedDraw.draw(size(), this::label, count, seed));
    }
}
