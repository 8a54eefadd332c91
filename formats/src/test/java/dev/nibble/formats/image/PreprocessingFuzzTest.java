package dev.nibble.formats.image;

import com.code_intelligence.jazzer.junit.FuzzTest;

import dev.nibble.formats.TestModels;
import dev.nibble.formats.fuzz.Expect;
import dev.nibble.graph.Model;
import dev.nibble.tensor.DataType;

import java.nio.charset.StandardCharsets;

/** What a network's metadata may say about its preprocessing. */
class PreprocessingFuzzTest {
    private static final Model NETWORK = TestModels.input(DataType.FLOAT32, 1, 3, "h", "w");

    @FuzzTest(maxDuration = "2h", maxExecutions = 2_000_000)
    void understandsOrRefuses(byte[] content) {
        String text = new String(content, StandardCharsets.UTF_8);
        Expect.resultOrMessage(() ->
                Preprocessing.of(NETWORK.withMetadata(Preprocessing.METADATA_KEY, text))
                        .map(preprocessing -> new ImagePreparation(NETWORK, preprocessing)));
    }
}
