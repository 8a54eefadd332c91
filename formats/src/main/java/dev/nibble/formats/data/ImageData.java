package dev.nibble.formats.data;

import dev.nibble.engine.Sample;
import dev.nibble.engine.Samples;
import dev.nibble.error.NibbleException;
import dev.nibble.formats.FileErrors;
import dev.nibble.formats.MemoryBudget;
import dev.nibble.formats.image.ImagePreparation;
import dev.nibble.formats.image.Preprocessing;
import dev.nibble.formats.image.Thumbnail;
import dev.nibble.graph.Model;
import dev.nibble.graph.ValueInfo;
import dev.nibble.tensor.Tensor;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.spi.FileSystemProvider;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Images in a folder or zip, read one at a time. A zip is never unpacked; it is closed when nothing
 * refers to it.
 */
final class ImageData implements DataSet {
    private static final int MOST_FILE_BYTES = 256 << 20;
    private static final double HEAP_SHARE = 1 / 16.0;

    /** Others would be asked in vain before it, for every zip. */
    private static final FileSystemProvider ZIPS =
            FileSystemProvider.installedProviders().stream()
                    .filter(provider -> provider.getScheme().equals("jar"))
                    .findFirst()
                    .orElseThrow();

    private final Path data;
    private final List<ImageFile> images;
    private final boolean labelled;
    private final String remark;

    private ImageData(Path data, List<ImageFile> images, String remark) {
        this.data = data;
        this.images = List.copyOf(images);
        this.labelled = images.stream().noneMatch(image -> image.label() == Sample.UNLABELLED);
        this.remark = remark;
    }

    static ImageData openFolder(Path folder) {
        return open(folder, folder);
    }

    static ImageData openZip(Path zip) {
        try {
            return open(zip, opened(zip).getPath("/"));
        } catch (IOException | UnsupportedOperationException e) {
            throw new NibbleException(
                    "cannot read %s as a zip (%s); pack or fetch it again"
                            .formatted(zip, e.getMessage()),
                    e);
        }
    }

    private static FileSystem opened(Path zip) throws IOException {
        try {
            return ZIPS.newFileSystem(zip, Map.of());
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            // how Java's reader of zips ends where a length in the directory is wrong
            throw new IOException("its directory is damaged", e);
        }
    }

    private static ImageData open(Path data, Path root) {
        try {
            ImageSearch search = new ImageSearch(data, root);
            List<ImageFile> images = search.find();
            return new ImageData(data, images, search.remark());
        } catch (IOException e) {
            throw new NibbleException(
                    "cannot read %s: %s".formatted(data, FileErrors.reading(e)), e);
        } catch (UncheckedIOException e) {
            throw new NibbleException(
                    "cannot look through %s: %s"
                            .formatted(
                                    data, FileErrors.reading(Objects.requireNonNull(e.getCause()))),
                    e);
        }
    }

    @Override
    public int size() {
        return images.size();
    }

    @Override
    public int label(int index) {
        return images.get(index).label();
    }

    @Override
    public boolean labelled() {
        return labelled;
    }

    @Override
    public String description() {
        return "%d %simages of %s%s"
                .formatted(images.size(), labelled ? "labelled " : "", data, remark);
    }

    @Override
    public boolean needsPreprocessing() {
        return true;
    }

    @Override
    public Optional<String> thumbnail(String sample) {
        Optional<Path> file =
                images.stream()
                        .map(ImageFile::path)
                        .filter(path -> shown(data, path).equals(sample))
                        .findFirst();
        try {
            return file.isPresent()
                    ? Optional.of(Thumbnail.dataUri(read(file.get())))
                    : Optional.empty();
        } catch (IOException e) {
            throw new NibbleException(
                    "cannot read image %s: %s".formatted(sample, FileErrors.reading(e)), e);
        }
    }

    @Override
    public DataSet select(List<Integer> indices) {
        return new ImageData(data, indices.stream().map(images::get).toList(), remark);
    }

    @Override
    public Samples samples(Model model) {
        return samples(
                model,
                Preprocessing.of(model)
                        .orElseThrow(() ->
                                new NibbleException(
                                        "it is not known how to make inputs of the images of %s; say so by a preprocessing: %s"
                                                .formatted(data, Preprocessing.choices()))));
    }

    @Override
    public Samples samples(Model model, Preprocessing preprocessing) {
        return samples(model, new ImagePreparation(model, preprocessing));
    }

    Samples samples(Model model, ImagePreparation preparation) {
        ValueInfo input = model.graph().fedInputs().getFirst();
        return LoadedSamples.of(
                this,
                List.of(input),
                index -> {
                    Path path = images.get(index).path();
                    try {
                        String name = shown(data, path);
                        Map<String, Tensor> tensors =
                                new HashMap<>(preparation.prepare(read(path)));
                        tensors.replaceAll((_, tensor) -> InputFit.convert(tensor, input, name));
                        return new Sample(name, tensors, label(index));
                    } catch (IOException e) {
                        throw new NibbleException(
                                "cannot read image %s: %s"
                                        .formatted(shown(data, path), FileErrors.reading(e)),
                                e);
                    } catch (NibbleException e) {
                        throw new NibbleException(
                                "cannot decode image %s: %s"
                                        .formatted(shown(data, path), e.getMessage()),
                                e);
                    }
                });
    }

    private static byte[] read(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            int most = (int) MemoryBudget.ofHeap(HEAP_SHARE, MOST_FILE_BYTES);
            byte[] content = in.readNBytes(most + 1);
            if (content.length > most) {
                throw new NibbleException(
                        "it has more than %d MB; make it smaller, or %s"
                                .formatted(most >> 20, MemoryBudget.remedy()));
            }
            return content;
        }
    }

    /** A file as the user knows it; what lies in a zip has the zip in front. */
    static String shown(Path data, Path path) {
        return path.getFileSystem().equals(data.getFileSystem())
                ? path.toString()
                : data + "!" + path.toString().substring(1);
    }
}
