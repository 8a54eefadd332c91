package dev.nibble.formats.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.engine.Samples;
import dev.nibble.error.NibbleException;
import dev.nibble.formats.TestModels;
import dev.nibble.formats.data.DataSet;
import dev.nibble.formats.image.Preprocessing;
import dev.nibble.formats.json.RecipeFile;
import dev.nibble.formats.onnx.OnnxFormat;
import dev.nibble.formats.onnx.proto.GraphProto;
import dev.nibble.formats.onnx.proto.ModelProto;
import dev.nibble.formats.onnx.proto.NodeProto;
import dev.nibble.formats.onnx.proto.OperatorSetIdProto;
import dev.nibble.tensor.DataType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import javax.imageio.ImageIO;

/** Files that would take more memory than a small Java machine has: a message, not its end. */
class SmallHeapTest {
    private static final int MEGABYTE = 1 << 20;

    @TempDir private Path folder;

    @Test
    void hugeThingsInSmallFilesAreRefused() throws IOException, InterruptedException {
        emptyNodes(folder.resolve("nodes.onnx"));
        Files.writeString(folder.resolve("empty-lists.json"), "[" + "[],".repeat(MEGABYTE) + "[]]");
        zip("pixels.zip", "a.png", picture());
        zip("labels.zip", "labels.csv", new byte[40 * MEGABYTE]);
        zip("content.zip", "a.png", new byte[40 * MEGABYTE]);
        zip("array.npz", "x.npy", array(400 * MEGABYTE));

        List<String> said = readWithSmallHeap();

        assertThat(said)
                .as(said.toString())
                .hasSize(6)
                .allMatch(line -> line.startsWith("refused"));
        assertThat(String.join(" ", said))
                .contains("nodes.onnx: ", "takes about", "empty-lists.json", "shorten it")
                .contains("5000×5000 pixels", "has more than 4 MB", "unpacks to more than")
                .contains("(-Xmx)");
    }

    private List<String> readWithSmallHeap() throws IOException, InterruptedException {
        Path output = folder.resolve("said.txt");
        Process child =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx64m",
                                "-XX:TieredStopAtLevel=1",
                                "-Djava.awt.headless=true",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Child.class.getName(),
                                folder.toString())
                        .redirectOutput(output.toFile())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        assertThat(child.waitFor(5, TimeUnit.MINUTES)).isTrue();
        return Files.readAllLines(output);
    }

    /** The process with little memory: reads all files and says how each went. */
    static final class Child {
        private Child() {}

        public static void main(String... arguments) {
            Path folder = Path.of(arguments[0]);
            tell(() -> new OnnxFormat().read(folder.resolve("nodes.onnx")));
            tell(() -> RecipeFile.read(folder.resolve("empty-lists.json")));
            tell(() -> samples(folder.resolve("pixels.zip")).get(0));
            tell(() -> samples(folder.resolve("labels.zip")));
            tell(() -> samples(folder.resolve("content.zip")).get(0));
            tell(() -> DataSet.open(folder.resolve("array.npz")));
        }

        private static Samples samples(Path data) {
            return DataSet.open(data)
                    .samples(
                            TestModels.input(DataType.FLOAT32, 1, 3, 8, 8),
                            Preprocessing.parse("unit"));
        }

        private static void tell(Runnable reading) {
            try {
                reading.run();
                System.out.println("read");
            } catch (NibbleException e) {
                System.out.println("refused: " + e.getMessage());
            } catch (RuntimeException | Error e) {
                System.out.println("ended by " + e);
            }
        }
    }

    /** Two bytes for each node. */
    private static void emptyNodes(Path file) throws IOException {
        GraphProto.Builder graph = GraphProto.newBuilder();
        for (int i = 0; i < MEGABYTE; i++) {
            graph.addNode(NodeProto.getDefaultInstance());
        }
        ModelProto.Builder model =
                ModelProto.newBuilder()
                        .setIrVersion(8)
                        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(13))
                        .setGraph(graph);
        Files.write(file, model.build().toByteArray());
    }

    private static byte[] picture() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(5000, 5000, BufferedImage.TYPE_BYTE_GRAY), "png", out);
        return out.toByteArray();
    }

    private static byte[] array(int bytes) {
        byte[] header =
                "{'descr': '|u1', 'fortran_order': False, 'shape': (%d,)}"
                        .formatted(bytes)
                        .getBytes(StandardCharsets.US_ASCII);
        byte[] file = new byte[10 + header.length + bytes];
        byte[] start = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) header.length, 0};
        System.arraycopy(start, 0, file, 0, start.length);
        System.arraycopy(header, 0, file, start.length, header.length);
        return file;
    }

    private void zip(String name, String entry, byte[] content) throws IOException {
        try (OutputStream out = Files.newOutputStream(folder.resolve(name));
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry(entry));
            zip.write(content);
        }
    }
}
