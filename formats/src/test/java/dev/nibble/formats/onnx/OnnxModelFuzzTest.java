package dev.nibble.formats.onnx;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.CodedOutputStream;

import dev.nibble.formats.fuzz.Expect;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/** Models of any bytes; what was read can be named, written and read again. */
class OnnxModelFuzzTest {
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
        Expect.resultOrMessage(() -> read(content)).ifPresent(OnnxModelFuzzTest::writeAndReadAgain);
    }

    private static Model read(byte[] content) {
        return ModelReader.read(MemorySegment.ofArray(content), new ExternalData(FOLDER));
    }

    private static void writeAndReadAgain(Model model) {
        ModelWriter writer = new ModelWriter(model.map(Graph::named), Placement.INLINE);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            writer.writeTo(CodedOutputStream.newInstance(out));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var _ = read(out.toByteArray());
    }
}
