package dev.nibble.formats.npy;

import com.code_intelligence.jazzer.junit.FuzzTest;

import dev.nibble.formats.fuzz.Expect;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Zips of arrays, of any bytes. */
class NpzFuzzTest {
    private static final Path FILE = Expect.folder().resolve("a.npz");

    @FuzzTest(maxDuration = "2h", maxExecutions = 2_000_000)
    void readsOrRefuses(byte[] content) throws IOException {
        Files.write(FILE, content);
        Expect.resultOrMessage(() -> NpzFile.read(FILE));
    }
}
