package dev.nibble.formats.data;

import com.code_intelligence.jazzer.junit.FuzzTest;

import dev.nibble.formats.fuzz.Expect;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Label files of any bytes beside two pictures. */
class LabelsFuzzTest {
    private static final Path FOLDER = Expect.folder();

    static {
        try {
            Files.write(FOLDER.resolve("a.png"), new byte[1]);
            Files.write(Files.createDirectory(FOLDER.resolve("d")).resolve("b.png"), new byte[1]);
        } catch (IOException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @FuzzTest(maxDuration = "2h", maxExecutions = 2_000_000)
    void readsOrRefuses(byte[] content) throws IOException {
        Path file = FOLDER.resolve("labels.csv");
        Files.write(file, content);
        Expect.resultOrMessage(() -> new LabelsFile(FOLDER, file).read());
    }
}
