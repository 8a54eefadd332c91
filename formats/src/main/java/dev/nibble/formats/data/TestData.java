package dev.nibble.formats.data;

import dev.nibble.engine.Sample;
import dev.nibble.engine.Samples;
import dev.nibble.error.NibbleException;
import dev.nibble.formats.FileErrors;
import dev.nibble.formats.image.Preprocessing;
import dev.nibble.formats.onnx.OnnxTensorFile;
import dev.nibble.graph.Model;
import dev.nibble.graph.ValueInfo;
import dev.nibble.tensor.Tensor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * ONNX's own test data: folders called {@code test_data_set_0}, …, each with the tensors {@code
 * input_0.pb}, … in the order of the network's inputs.
 */
final class TestData implements DataSet {
    private static final String PREFIX = "test_data_set_";
    private static final String FIRST_INPUT = "input_0.pb";

    private final Path folder;
    private final List<Path> sets;

    private TestData(Path folder, List<Path> sets) {
        this.folder = folder;
        this.sets = List.copyOf(sets);
    }

    static boolean looksLike(Path folder) {
        return Files.exists(folder.resolve(FIRST_INPUT)) || !sets(folder).isEmpty();
    }

    static TestData open(Path folder) {
        return new TestData(
                folder, Files.exists(folder.resolve(FIRST_INPUT)) ? List.of(folder) : sets(folder));
    }

    private static List<Path> sets(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry -> name(entry).startsWith(PREFIX))
                    .filter(Files::isDirectory)
                    .sorted(
                            Comparator.comparingInt((Path entry) -> name(entry).length())
                                    .thenComparing(TestData::name))
                    .toList();
        } catch (IOException e) {
            throw new NibbleException(
                    "cannot read %s: %s".formatted(folder, FileErrors.reading(e)), e);
        }
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }

    @Override
    public int size() {
        return sets.size();
    }

    @Override
    public int label(int index) {
        return Sample.UNLABELLED;
    }

    @Override
    public boolean labelled() {
        return false;
    }

    @Override
    public String description() {
        return "%d ONNX test data sets of %s".formatted(size(), folder);
    }

    @Override
    public boolean needsPreprocessing() {
        return false;
    }

    @Override
    public DataSet select(List<Integer> indices) {
        return new TestData(folder, indices.stream().map(sets::get).toList());
    }

    @Override
    public Samples samples(Model model) {
        List<ValueInfo> inputs = model.graph().fedInputs();
        return new LoadedSamples(this, 1, index -> sample(sets.get(index), inputs));
    }

    @Override
    public Samples samples(Model model, Preprocessing preprocessing) {
        throw new NibbleException(
                "preprocessing \"%s\" is for images, but %s holds tensors, which are fed as they are; leave it out"
                        .formatted(preprocessing, folder));
    }

    private static Sample sample(Path set, List<ValueInfo> inputs) {
        Map<String, Tensor> tensors = new HashMap<>();
        for (int i = 0; i < inputs.size(); i++) {
            Path file = set.resolve("input_%d.pb".formatted(i));
            Tensor tensor = OnnxTensorFile.read(file);
            InputFit.check(inputs.get(i), tensor.type(), tensor.shape(), file.toString());
            tensors.put(
                    inputs.get(i).name(), InputFit.convert(tensor, inputs.get(i), file.toString()));
        }
        Path surplus = set.resolve("input_%d.pb".formatted(inputs.size()));
        if (Files.exists(surplus)) {
            throw new NibbleException(
                    "%s is one input too many: the network takes %d; give data made for it"
                            .formatted(surplus, inputs.size()));
        }
        return new Sample(set.toString(), tensors, Sample.UNLABELLED);
    }
}
