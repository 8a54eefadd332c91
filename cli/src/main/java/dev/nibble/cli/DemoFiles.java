package dev.nibble.cli;

import dev.nibble.error.NibbleException;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * The embedded example in a folder of its own: two networks, images to calibrate with and images to
 * evaluate on.
 *
 * @param folder where the files are
 */
record DemoFiles(Path folder) {
    /** The networks, by the names of their files. */
    static final List<String> NETWORKS = List.of("resnet", "mobilenet");

    private static final String RESOURCES = "demo/";
    private static final String IMAGES = "images.zip";

    /**
     * Unpacks the example into a folder that does not exist or is empty.
     *
     * @throws NibbleException if there is something in it, or it cannot be written
     */
    static DemoFiles into(Path folder) {
        try {
            Files.createDirectories(folder);
            try (Stream<Path> present = Files.list(folder)) {
                if (present.findAny().isPresent()) {
                    throw new DirectoryNotEmptyException(folder.toString());
                }
            }
            DemoFiles files = new DemoFiles(folder);
            files.unpack();
            return files;
        } catch (DirectoryNotEmptyException e) {
            throw new NibbleException(
                    folder + " is not empty; name a folder that does not exist yet", e);
        } catch (FileAlreadyExistsException e) {
            throw new NibbleException(
                    folder + " is a file; name a folder that does not exist yet", e);
        } catch (IOException e) {
            throw new NibbleException(
                    "cannot unpack the example into %s: %s".formatted(folder, e), e);
        }
    }

    /** Unpacks the example into a new folder among the temporary files. */
    static DemoFiles intoTemporaryFolder() {
        try {
            return into(Files.createTempDirectory("nibble-demo-"));
        } catch (IOException e) {
            throw new NibbleException(
                    "cannot make a folder for temporary files: %s; name one with -o".formatted(e),
                    e);
        }
    }

    private void unpack() throws IOException {
        for (String network : NETWORKS) {
            try (InputStream resource = resource(network + ".onnx")) {
                Files.copy(resource, network(network));
            }
        }
        try (ZipInputStream zip = new ZipInputStream(new BufferedInputStream(resource(IMAGES)))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path target = folder.resolve(entry.getName());
                if (!entry.isDirectory()) {
                    Files.createDirectories(Objects.requireNonNull(target.getParent()));
                    Files.copy(zip, target);
                }
            }
        }
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(
                DemoFiles.class.getResourceAsStream(RESOURCES + name),
                name + " is missing from the jar");
    }

    /** The float network. */
    Path network(String name) {
        return folder.resolve(name + ".onnx");
    }

    /** Where a quantized version of a network goes. */
    Path quantized(String name, String recipe) {
        return folder.resolve("%s.%s.onnx".formatted(name, recipe));
    }

    Path calibrationImages() {
        return folder.resolve("calibrate");
    }

    Path evaluationImages() {
        return folder.resolve("evaluate");
    }
}
