package dev.nibble.formats.npy;

import com.code_intelligence.jazzer.junit.FuzzTest;

import dev.nibble.formats.fuzz.Expect;

import java.io.ByteArrayInputStream;
import java.lang.foreign.MemorySegment;

/** Arrays of any bytes. */
class NpyFuzzTest {
    @FuzzTest(maxDuration = "2h", maxExecutions = 2_000_000)
    void readsOrRefuses(byte[] content) {
        Expect.resultOrMessage(() ->
                NpyFile.read(new ByteArrayInputStream(content), MemorySegment.ofArray(content)));
    }
}
