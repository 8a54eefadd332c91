package dev.nibble.formats.data;

import dev.nibble.engine.Sample;
import dev.nibble.engine.Samples;
import dev.nibble.error.NibbleException;
import dev.nibble.formats.image.Preprocessing;
import dev.nibble.formats.npy.NpyFile;
import dev.nibble.formats.npy.NpzFile;
import dev.nibble.graph.Model;
import dev.nibble.graph.ValueInfo;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/** Arrays whose first axis counts the samples. */
final class ArrayData implements DataSet {
    private static final int MOST_SAMPLES = 4_000_000;
    private static final List<String> LABEL_NAMES = List.of("labels", "label");

    private final Path file;

    /** By name; the array of a {@code .npy} has none. */
    private final Map<String, Tensor> arrays;

    private final int[] labels;
    private final List<Integer> indices;

    private ArrayData(Path file, Map<String, Tensor> arrays, int[] labels, List<Integer> indices) {
        this.file = file;
        this.arrays = arrays;
        this.labels = labels;
        this.indices = List.copyOf(indices);
    }

    static ArrayData openNpy(Path file) {
        return open(file, Map.of("", NpyFile.read(file)), new int[0]);
    }

    static ArrayData openNpz(Path file) {
        Map<String, Tensor> arrays = new LinkedHashMap<>(NpzFile.read(file));
        int[] labels = new int[0];
        for (String name : LABEL_NAMES) {
            Tensor array = arrays.remove(name);
            if (array != null) {
                labels = labels(array, file, name);
            }
        }
        return open(file, arrays, labels);
    }

    private static ArrayData open(Path file, Map<String, Tensor> arrays, int[] labels) {
        long size = -1;
        for (Map.Entry<String, Tensor> array : arrays.entrySet()) {
            Shape shape = array.getValue().shape();
            if (shape.rank() == 0) {
                throw new NibbleException(
                        "%s is a single number; its first axis has to count the samples"
                                .formatted(named(file, array.getKey())));
            }
            if (size >= 0 && shape.dim(0) != size) {
                throw new NibbleException(
                        "%s holds %d samples, but the arrays before it hold %d; save as many of each"
                                .formatted(named(file, array.getKey()), shape.dim(0), size));
            }
            size = shape.dim(0);
        }
        if (size <= 0) {
            throw new NibbleException("%s holds no samples; %s".formatted(file, DataSet.CHOICES));
        }
        if (size > MOST_SAMPLES) {
            throw new NibbleException(
                    "%s holds %d samples, at most %d are taken; save a part of them"
                            .formatted(file, size, MOST_SAMPLES));
        }
        if (labels.length > 0 && labels.length != size) {
            throw new NibbleException(
                    "%s holds %d labels for %d samples; save as many of each"
                            .formatted(file, labels.length, size));
        }
        return new ArrayData(file, arrays, labels, IntStream.range(0, (int) size).boxed().toList());
    }

    private static int[] labels(Tensor array, Path file, String name) {
        if (array.isFloatingPoint()) {
            throw new NibbleException(
                    "%s holds %s; labels have to be whole numbers, one for each sample"
                            .formatted(named(file, name), array));
        }
        if (array.elements() > MOST_SAMPLES) {
            throw new NibbleException(
                    "%s holds %s; labels have to be one for each of at most %d samples"
                            .formatted(named(file, name), array, MOST_SAMPLES));
        }
        long[] values = array.longs();
        int[] labels = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            if (values[i] < 0 || values[i] > Integer.MAX_VALUE) {
                throw new NibbleException(
                        "%s holds %d; labels count from 0".formatted(named(file, name), values[i]));
            }
            labels[i] = (int) values[i];
        }
        return labels;
    }

    private static String named(Path file, String array) {
        return array.isEmpty()
                ? "the array of " + file
                : "array \"%s\" of %s".formatted(array, file);
    }

    @Override
    public int size() {
        return indices.size();
    }

    @Override
    public int label(int index) {
        return labelled() ? labels[indices.get(index)] : Sample.UNLABELLED;
    }

    @Override
    public boolean labelled() {
        return labels.length > 0;
    }

    @Override
    public String description() {
        return "%d %ssamples of %s".formatted(size(), labelled() ? "labelled " : "", file);
    }

    @Override
    public boolean needsPreprocessing() {
        return false;
    }

    @Override
    public DataSet select(List<Integer> chosen) {
        return new ArrayData(file, arrays, labels, chosen.stream().map(indices::get).toList());
    }

    @Override
    public Samples samples(Model model) {
        Map<ValueInfo, Tensor> byInput = new LinkedHashMap<>();
        List<String> unused = new ArrayList<>(arrays.keySet());
        for (ValueInfo input : model.graph().fedInputs()) {
            Tensor array = arrays.get(input.name());
            if (array == null && arrays.containsKey("") && model.graph().fedInputs().size() == 1) {
                array = arrays.get("");
                unused.remove("");
            }
            if (array == null) {
                throw new NibbleException(
                        "%s has no array for input \"%s\" of the network (%s), only %s; save an .npz with that name"
                                .formatted(file, input.name(), input.type(), arrays.keySet()));
            }
            unused.remove(input.name());
            InputFit.check(
                    input,
                    array.type(),
                    InputFit.sampleShape(input, array),
                    named(file, input.name()));
            byInput.put(input, array);
        }
        if (!unused.isEmpty()) {
            throw new NibbleException(
                    "%s has arrays %s, which are no inputs of the network; its inputs are %s"
                            .formatted(
                                    file,
                                    unused,
                                    model.graph().fedInputs().stream()
                                            .map(ValueInfo::name)
                                            .toList()));
        }
        List<ValueInfo> repeated =
                byInput.keySet().stream()
                        .filter(input ->
                                InputFit.repeats(input, Objects.requireNonNull(byInput.get(input))))
                        .toList();
        return LoadedSamples.of(this, repeated, index -> sample(index, byInput));
    }

    @Override
    public Samples samples(Model model, Preprocessing preprocessing) {
        throw new NibbleException(
                "preprocessing \"%s\" is for images, but %s holds arrays, which are fed as they are; leave it out"
                        .formatted(preprocessing, file));
    }

    private Sample sample(int index, Map<ValueInfo, Tensor> byInput) {
        int row = indices.get(index);
        String name = "%s[%d]".formatted(file, row);
        Map<String, Tensor> inputs = new HashMap<>();
        byInput.forEach((input, array) -> {
            Shape shape = InputFit.sampleShape(input, array);
            long bytes = array.type().bytes(shape.elements());
            Tensor slice =
                    new Tensor(array.type(), shape, array.data().asSlice(row * bytes, bytes));
            inputs.put(input.name(), InputFit.convert(slice, input, name));
        });
        return new Sample(name, inputs, label(index));
    }
}
