package dev.nibble.formats.data;

import com.code_intelligence.jazzer.junit.FuzzTest;

import dev.nibble.engine.Samples;
import dev.nibble.formats.TestModels;
import dev.nibble.formats.fuzz.Expect;
import dev.nibble.formats.image.ImagePreparation;
import dev.nibble.formats.image.Preprocessing;
import dev.nibble.formats.image.SmallPictures;
import dev.nibble.graph.Model;
import dev.nibble.tensor.DataType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Zips of pictures, of any bytes. */
class ImageZipFuzzTest {
    private static final Path FILE = Expect.folder().resolve("a.zip");
    private static final Model NETWORK = TestModels.input(DataType.FLOAT32, 1, 3, 4, 4);
    private static final ImagePreparation PREPARATION =
            SmallPictures.preparation(NETWORK, Preprocessing.parse("unit"));

    @FuzzTest(maxDuration = "2h", maxExecutions = 2_000_000)
    void readsOrRefuses(byte[] content) throws IOException {
        Files.write(FILE, content);
        Expect.resultOrMessage(() -> ImageData.openZip(FILE))
                .ifPresent(ImageZipFuzzTest::lookAtSamples);
    }

    private static void lookAtSamples(ImageData data) {
        Samples samples = data.samples(NETWORK, PREPARATION);
        for (int i = 0; i < Math.min(samples.size(), 4); i++) {
            int index = i;
            Expect.resultOrMessage(() -> samples.get(index));
        }
    }
}
