package dev.nibble.formats.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.engine.Sample;
import dev.nibble.engine.Samples;
import dev.nibble.error.NibbleException;
import dev.nibble.formats.SharedFiles;
import dev.nibble.formats.TestModels;
import dev.nibble.formats.image.Preprocessing;
import dev.nibble.graph.Model;
import dev.nibble.tensor.DataType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import javax.imageio.ImageIO;

class DataSetTest {
    private static final Model MODEL = TestModels.input(DataType.FLOAT32, "N", 3, 2, 2);
    private static final Preprocessing RAW = Preprocessing.parse("raw");

    @TempDir private Path folder;

    @Test
    void readsLabelsFromATable() throws IOException {
        image("b.png", 1);
        image("sub/a.jpg", 2);
        image("unlisted.png", 3);
        Files.writeString(
                folder.resolve("labels.csv"),
                "\uFEFFid, file ,label\r\n1,\"b.png\",7\r\n\r\n2,sub/a.jpg,0\r\n");
        DataSet data = DataSet.open(folder);
        assertThat(labels(data)).containsExactly(7, 0);
        assertThat(names(data))
                .containsExactly(folder.resolve("b.png"), folder.resolve("sub/a.jpg"));
        assertThat(data.labelled()).isTrue();
        assertThat(data.description())
                .isEqualTo("2 labelled images of " + folder + " (1 other file left out)");
    }

    @Test
    void countsTheUnlistedThroughLinks() throws IOException {
        image("photos/1.png", 1);
        image("photos/2.png", 2);
        image("elsewhere/3.png", 3);
        image("elsewhere/4.png", 4);
        Path real = folder.resolve("photos");
        Files.createSymbolicLink(real.resolve("more"), folder.resolve("elsewhere"));
        Files.createSymbolicLink(real.resolve("again"), real);
        Files.writeString(real.resolve("labels.csv"), "file,label\n1.png,0\nmore/3.png,1\n");
        Path link = Files.createSymbolicLink(folder.resolve("link"), real);

        assertThat(DataSet.open(link).description())
                .isEqualTo("2 labelled images of " + link + " (2 other files left out)");
    }

    @Test
    void takesFoldersAsClasses() throws IOException {
        image("dog/1.png", 1);
        image("cat/2.png", 2);
        image("cat/1.PNG", 3);
        image("ape/.hidden.png", 4);
        image("__MACOSX/x.png", 4);
        Files.writeString(folder.resolve("readme.txt"), "text");
        Files.writeString(folder.resolve("cat/notes.txt"), "text");
        DataSet data = DataSet.open(folder);
        assertThat(names(data))
                .containsExactly(
                        folder.resolve("cat/1.PNG"),
                        folder.resolve("cat/2.png"),
                        folder.resolve("dog/1.png"));
        assertThat(labels(data)).containsExactly(1, 1, 2);
        assertThat(data.description()).contains("3 labelled images", "2 other files left out");
    }

    @Test
    void feedsAnImageAsOftenAsTheNetworkTakesThemAtOnce() throws IOException {
        image("a.png", 3);
        Samples samples =
                DataSet.open(folder).samples(TestModels.input(DataType.FLOAT64, 2, 3, 2, 2), RAW);
        assertThat(samples.get(0).inputs().get("x")).hasToString("float64 [2×3×2×2]");
        assertThat(samples.get(0).inputs().values().iterator().next().floats()).containsOnly(3);
        assertThat(samples.description()).endsWith(", each fed 2 times at once");
    }

    @Test
    void looksThroughASingleFolder() throws IOException {
        image("train/a/1.png", 1);
        image("train/b/1.png", 2);
        Files.createDirectory(folder.resolve(".git"));
        assertThat(labels(DataSet.open(folder))).containsExactly(0, 1);
    }

    @Test
    void takesPlainImagesWithoutLabels() throws IOException {
        image("b.png", 1);
        image("a.bmp", 2);
        DataSet data = DataSet.open(folder);
        assertThat(names(data)).containsExactly(folder.resolve("a.bmp"), folder.resolve("b.png"));
        assertThat(data.labelled()).isFalse();
        assertThat(data.label(0)).isEqualTo(Sample.UNLABELLED);
        assertThat(data.samples(MODEL, RAW).get(0).knownLabel()).isEmpty();
    }

    @Test
    void readsAZipWithoutOrder() throws IOException {
        image("b/1.png", 50);
        image("a/2.png", 20);
        image("a/1.png", 10);
        Path zip = zip("test/", "test/b/", "test/b/1.png", "test/a/2.png", "test/a/1.png");
        DataSet data = DataSet.open(zip);
        assertThat(labels(data)).containsExactly(0, 0, 1);
        Samples samples = data.samples(MODEL, RAW);
        assertThat(samples.get(0).name()).isEqualTo(zip + "!test/a/1.png");
        assertThat(IntStream.range(0, 3).mapToObj(i -> first(samples.get(i))))
                .containsExactly(10f, 20f, 50f);
        assertThat(
                        IntStream.range(0, 300)
                                .parallel()
                                .mapToObj(i -> first(samples.get(i % 3)))
                                .toList())
                .isEqualTo(
                        IntStream.range(0, 300)
                                .mapToObj(i -> List.of(10f, 20f, 50f).get(i % 3))
                                .toList());
    }

    @Test
    void readsLabelsInAZip() throws IOException {
        image("1.png", 5);
        Files.writeString(folder.resolve("labels.csv"), "file,label\n1.png,3\n");
        Path zip = zip("w/1.png", "w/labels.csv");
        assertThat(labels(DataSet.open(zip))).containsExactly(3);
        Files.writeString(folder.resolve("labels.csv"), "file,label\n2.png,3\n");
        Path wrong = zip("w/1.png", "w/labels.csv");
        assertThatThrownBy(() -> DataSet.open(wrong))
                .hasMessageContaining(
                        wrong + "!w/labels.csv line 2: there is no file " + wrong + "!w/2.png");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    file,label\\n1.png,0\\nno.png,1       | line 3: there is no file
                    file,label\\n1.png,zero               | line 2: label "zero" is not a whole number
                    file,label\\n1.png,-1                 | line 2: label "-1" is not a whole number
                    file,label\\n1.png                    | line 2: it has 1 fields, the first line has 2
                    file,label\\n1.png,0\\n./1.png,0      | line 3: ./1.png is listed twice
                    file,label\\n../1.png,0               | line 2: "../1.png" lies outside the folder
                    file,label\\n/etc/passwd,0            | line 2: "/etc/passwd" lies outside the folder
                    file,label\\n"1.png,0                 | line 2: a quote is not closed
                    file,label\\n                         | it lists no images
                    image,class\\n1.png,0                 | line 1: the columns are [image, class], but file and label
                    """)
    void namesTheLineThatIsWrong(String table, String message) throws IOException {
        image("1.png", 1);
        Files.writeString(folder.resolve("labels.csv"), table.replace("\\n", "\n"));
        assertThatThrownBy(() -> DataSet.open(folder))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining(folder.resolve("labels.csv").toString())
                .hasMessageContaining(message);
    }

    @Test
    void saysWhatIsMissing() throws IOException {
        assertThatThrownBy(() -> DataSet.open(folder.resolve("no")))
                .hasMessageContaining("there is no data at " + folder.resolve("no"))
                .hasMessageContaining("labels.csv");
        assertThatThrownBy(() -> DataSet.open(folder)).hasMessageContaining("found no images");
        Files.createDirectories(folder.resolve("a/b/c"));
        Files.createDirectories(folder.resolve("d"));
        assertThatThrownBy(() -> DataSet.open(folder))
                .hasMessageContaining("directly in the folders a, d of");
        image("1.png", 1);
        assertThatThrownBy(() -> DataSet.open(folder))
                .hasMessageContaining("both images and folders (a, d)");
        Path text = Files.writeString(folder.resolve("data.txt"), "text");
        assertThatThrownBy(() -> DataSet.open(text)).hasMessageContaining("of no known kind");
        Path broken = Files.writeString(folder.resolve("broken.zip"), "text");
        assertThatThrownBy(() -> DataSet.open(broken))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining("broken.zip as a zip");
    }

    @Test
    void namesTheImageThatCannotBeDecoded() throws IOException {
        Files.writeString(folder.resolve("bad.jpg"), "no picture");
        Samples samples = DataSet.open(folder).samples(MODEL, RAW);
        assertThatThrownBy(() -> samples.get(0))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining("cannot decode image " + folder.resolve("bad.jpg"));
        Path zip = zip("bad.jpg");
        Samples zipped = DataSet.open(zip).samples(MODEL, RAW);
        assertThatThrownBy(() -> zipped.get(0))
                .hasMessageContaining("cannot decode image " + zip + "!bad.jpg");
        Files.delete(folder.resolve("bad.jpg"));
        assertThatThrownBy(() -> samples.get(0)).hasMessageContaining("does not exist");
    }

    @Test
    void refusesAnImageThatUnpacksToTooMuch() throws IOException {
        Path zip = folder.resolve("bomb.zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            out.putNextEntry(new ZipEntry("bomb.png"));
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 257; i++) {
                out.write(zeros);
            }
        }
        Samples samples = DataSet.open(zip).samples(MODEL, RAW);
        assertThatThrownBy(() -> samples.get(0)).hasMessageContaining("more than 256 MB");
    }

    @Test
    void refusesAZipThatLeavesItsFolder() throws IOException {
        Path zip = folder.resolve("slip.zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            out.putNextEntry(new ZipEntry("../slip.png"));
            out.write("x".getBytes(StandardCharsets.UTF_8));
        }
        assertThatThrownBy(() -> DataSet.open(zip)).isInstanceOf(NibbleException.class);
    }

    @Test
    void takesThePreprocessingFromTheNetwork() throws IOException {
        image("1.png", 51);
        DataSet data = DataSet.open(folder);
        Model told = MODEL.withMetadata(Preprocessing.METADATA_KEY, "unit,resize=exact");
        assertThat(first(data.samples(told).get(0))).isEqualTo(0.2f);
        assertThatThrownBy(() -> data.samples(MODEL))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining("imagenet, tf, unit, raw");
    }

    @Test
    void drawsEvenlyFromAllClasses() throws IOException {
        for (int i = 0; i < 20; i++) {
            image("many/%02d.png".formatted(i), i);
        }
        for (int i = 0; i < 5; i++) {
            image("few/%d.png".formatted(i), i);
            image("other/%d.png".formatted(i), i);
        }
        DataSet data = DataSet.open(folder);
        DataSet drawn = data.subset(12, 1);
        assertThat(labels(drawn)).containsExactly(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2);
        assertThat(names(drawn)).isSorted().doesNotHaveDuplicates();
        assertThat(names(data.subset(12, 1))).isEqualTo(names(drawn));
        assertThat(names(data.subset(12, 2))).isNotEqualTo(names(drawn));
        assertThat(labels(data.subset(28, 1)).stream().filter(label -> label == 1)).hasSize(18);
        assertThat(names(data.subset(30, 1))).isEqualTo(names(data));
        assertThatThrownBy(() -> data.subset(31, 1))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining("has only 30; ask for fewer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"eval", "calibrate"})
    void readsTheSharedPhotos(String name) {
        DataSet data = DataSet.open(SharedFiles.get("data/imagenet/" + name));
        assertThat(data.size()).isEqualTo(name.equals("eval") ? 400 : 100);
        assertThat(data.labelled()).isTrue();
        Model model = TestModels.input(DataType.FLOAT32, "N", 3, 224, 224);
        Sample sample =
                data.samples(model, Preprocessing.parse("tf,resize=exact")).get(data.size() - 1);
        assertThat(sample.inputs()).containsOnlyKeys("x");
    }

    @Test
    void readsTheSharedZip() {
        DataSet data = DataSet.open(SharedFiles.get("data/cifar10/cifar10-test.zip"));
        assertThat(data.size()).isEqualTo(10_000);
        assertThat(labels(data.subset(20, 0)))
                .containsExactly(0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9);
    }

    private static List<Integer> labels(DataSet data) {
        return IntStream.range(0, data.size()).mapToObj(data::label).toList();
    }

    private static List<Path> names(DataSet data) {
        Samples samples = data.samples(MODEL, RAW);
        return IntStream.range(0, data.size())
                .mapToObj(i -> Path.of(samples.get(i).name()))
                .toList();
    }

    private static float first(Sample sample) {
        return sample.inputs().values().iterator().next().floats()[0];
    }

    private void image(String name, int brightness) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        BufferedImage image = new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 4; i++) {
            image.setRGB(i % 2, i / 2, brightness * 0x10101);
        }
        String format = name.substring(name.lastIndexOf('.') + 1);
        try (OutputStream out = Files.newOutputStream(file)) {
            assertThat(ImageIO.write(image, format, out)).isTrue();
        }
    }

    /**
     * A zip with the given entries, in that order; content comes from the file named by what
     * follows the first folder.
     */
    private Path zip(String... entries) throws IOException {
        Path zip = folder.resolve("z%d.zip".formatted(System.nanoTime()));
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            for (String entry : entries) {
                out.putNextEntry(new ZipEntry(entry));
                if (!entry.endsWith("/")) {
                    Path file = folder.resolve(entry.substring(entry.indexOf('/') + 1));
                    out.write(Files.readAllBytes(file));
                }
            }
        }
        return zip;
    }
}
