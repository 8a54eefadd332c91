package dev.nibble.formats.data;

import dev.nibble.engine.Sample;
import dev.nibble.error.NibbleException;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the images of a folder or zip and their classes. */
final class ImageSearch {
    private static final String LABELS = "labels.csv";
    private static final Set<String> EXTENSIONS = Set.of("jpg", "jpeg", "png", "bmp", "gif");

    /** What systems and packers leave behind. */
    private static final Set<String> CLUTTER = Set.of("__macosx", "thumbs.db", "desktop.ini");

    private final Path data;
    private final Path root;
    private int ignored;

    ImageSearch(Path data, Path root) {
        this.data = data;
        this.root = root;
    }

    /** How many files were left out, if any: the end of a description. */
    String remark() {
        return ignored == 0
                ? ""
                : " (%d other %s left out)".formatted(ignored, ignored == 1 ? "file" : "files");
    }

    /**
     * The images in a fixed order: that of {@code labels.csv}, else alphabetical.
     *
     * @throws NibbleException if there are none, or it is not clear what their classes are
     */
    List<ImageFile> find() throws IOException {
        Path folder = withoutWrapping(root);
        if (Files.exists(folder.resolve(LABELS))) {
            LabelsFile labels = new LabelsFile(data, folder.resolve(LABELS));
            List<ImageFile> images = labels.read();
            ignored = unlisted(folder, images);
            return images;
        }
        List<Path> entries = visible(folder);
        List<Path> folders = entries.stream().filter(Files::isDirectory).toList();
        List<Path> images = entries.stream().filter(ImageSearch::isImage).toList();
        ignored += entries.size() - folders.size() - images.size();
        if (!images.isEmpty() && !folders.isEmpty()) {
            throw new NibbleException(
                    "%s holds both images and folders (%s), so their classes are unclear; add a %s or move the images"
                            .formatted(shown(folder), names(folders), LABELS));
        }
        List<ImageFile> found = folders.isEmpty() ? unlabelled(images) : classes(folders);
        if (found.isEmpty()) {
            throw new NibbleException(
                    folders.isEmpty()
                            ? "found no images (jpg, png, bmp, gif) in %s; %s"
                                    .formatted(shown(folder), DataSet.CHOICES)
                            : "found no images (jpg, png, bmp, gif) directly in the folders %s of %s; %s"
                                    .formatted(names(folders), shown(folder), DataSet.CHOICES));
        }
        return found;
    }

    private static List<ImageFile> unlabelled(List<Path> images) {
        return images.stream().map(image -> new ImageFile(image, Sample.UNLABELLED)).toList();
    }

    private List<ImageFile> classes(List<Path> folders) throws IOException {
        List<ImageFile> found = new ArrayList<>();
        for (int label = 0; label < folders.size(); label++) {
            for (Path file : visible(folders.get(label))) {
                if (isImage(file)) {
                    found.add(new ImageFile(file, label));
                } else {
                    ignored++;
                }
            }
        }
        return found;
    }

    /** What lies within a folder that holds nothing but another folder. */
    private static Path withoutWrapping(Path folder) throws IOException {
        List<Path> entries = visible(folder);
        return entries.size() == 1 && Files.isDirectory(entries.getFirst())
                ? entries.getFirst()
                : folder;
    }

    /** How many images lie in a folder, in linked folders too, that are not among those listed. */
    private static int unlisted(Path folder, List<ImageFile> listed) throws IOException {
        Set<Path> known = listed.stream().map(ImageFile::path).collect(Collectors.toSet());
        AtomicInteger count = new AtomicInteger();
        Files.walkFileTree(
                folder,
                EnumSet.of(FileVisitOption.FOLLOW_LINKS),
                Integer.MAX_VALUE,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path at, BasicFileAttributes attributes) {
                        return isHidden(at) && !at.equals(folder)
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        if (isImage(file) && !isHidden(file) && !known.contains(file.normalize())) {
                            count.incrementAndGet();
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException e)
                            throws IOException {
                        if (e instanceof FileSystemLoopException) {
                            return FileVisitResult.CONTINUE;
                        }
                        throw e;
                    }
                });
        return count.get();
    }

    private static List<Path> visible(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry -> !isHidden(entry))
                    .sorted(Comparator.comparing(ImageSearch::name))
                    .toList();
        }
    }

    private static boolean isHidden(Path path) {
        String name = name(path);
        return name.startsWith(".") || CLUTTER.contains(name.toLowerCase(Locale.ROOT));
    }

    private static boolean isImage(Path path) {
        String name = name(path);
        return EXTENSIONS.contains(
                        name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT))
                && Files.isRegularFile(path);
    }

    /** The last name of a path; paths of a zip's folders end with a slash. */
    private static String name(Path path) {
        String name = String.valueOf(path.getFileName());
        return name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
    }

    private static String names(List<Path> folders) {
        String first =
                folders.stream().limit(3).map(ImageSearch::name).collect(Collectors.joining(", "));
        return folders.size() > 3 ? first + ", …" : first;
    }

    private String shown(Path path) {
        return ImageData.shown(data, path);
    }
}
