package dev.nibble.formats.image;

import com.code_intelligence.jazzer.junit.FuzzTest;

import dev.nibble.formats.fuzz.Expect;

/** Pictures of any bytes. */
class ImageFuzzTest {
    private static final ImageDecoder DECODER = new ImageDecoder(SmallPictures.MOST_PIXELS);

    @FuzzTest(maxDuration = "2h", maxExecutions = 2_000_000)
    void decodesOrRefuses(byte[] content) {
        Expect.resultOrMessage(() -> DECODER.decode(content));
    }
}
