package dev.nibble.formats.onnx;

import com.code_intelligence.jazzer.junit.FuzzTest;

import dev.nibble.formats.fuzz.Expect;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Tensor;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files with one tensor, its data inside or outside; what was read has its elements. */
class OnnxTensorFuzzTest {
    private static final Path FOLDER = Expect.folder();

    static {
        try {
            Files.write(FOLDER.resolve("w.data"), new byte[256]);
            Files.createSymbolicLink(FOLDER.resolve("link"), Path.of("/etc"));
        } catch (IOException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @FuzzTest(maxDuration = "2h", maxExecutions = 2_000_000)
    void readsOrRefuses(byte[] content) {
        Expect.resultOrMessage(() ->
                        OnnxTensorFile.read(
                                MemorySegment.ofArray(content), new ExternalData(FOLDER)))
                .ifPresent(OnnxTensorFuzzTest::lookAtElements);
    }

    private static void lookAtElements(Tensor tensor) {
        if (tensor.type() == DataType.STRING) {
            if (tensor.strings().size() != tensor.elements()) {
                throw new AssertionError(tensor + " has " + tensor.strings().size() + " texts");
            }
        } else if (tensor.isFloatingPoint()) {
            tensor.floats();
        }
    }
}
