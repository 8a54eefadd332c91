package dev.nibble.formats.image;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/** Compares with what Pillow made of the same pictures, recorded in {@code pillow-bilinear.txt}. */
class ResamplerTest {
    static List<String> recorded() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(
                        ResamplerTest.class.getResourceAsStream("pillow-bilinear.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void equalsPillowToTheBit(String line) {
        String[] fields = line.split(" ", -1);
        int[] from = numbers(fields[0]);
        int[] to = numbers(fields[1]);
        Pixels resized = Resampler.resize(synthetic(from[0], from[1], from[2]), to[0], to[1]);
        if (fields.length > 3) {
            assertThat(HexFormat.of().formatHex(resized.data())).isEqualTo(fields[3]);
        }
        assertThat(crc32(resized.data())).isEqualTo(fields[2]);
    }

    @Test
    void leavesAPictureOfTheRightSizeAlone() {
        Pixels image = synthetic(8, 9, 3);
        assertThat(Resampler.resize(image, 8, 9)).isSameAs(image);
    }

    @ParameterizedTest
    @CsvSource({"3, 255", "1, 255", "3, 0"})
    void keepsAFlatColour(int channels, int value) {
        byte[] flat = new byte[31 * 17 * channels];
        Arrays.fill(flat, (byte) value);
        assertThat(Resampler.resize(new Pixels(31, 17, channels, flat), 7, 40).data())
                .containsOnly((byte) value);
    }

    /** A picture that every language computes alike. */
    static Pixels synthetic(int width, int height, int channels) {
        byte[] data = new byte[width * height * channels];
        int at = 0;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                for (int c = 0; c < channels; c++) {
                    data[at++] =
                            (byte)
                                    (x * 7
                                            + y * 13
                                            + c * 29
                                            + x * y / 3
                                            + (x * x + y * y + c) % 31 * 5);
                }
            }
        }
        return new Pixels(width, height, channels, data);
    }

    static String crc32(byte[] data) {
        CRC32 crc = new CRC32();
        crc.update(data);
        return "%08x".formatted(crc.getValue());
    }

    private static int[] numbers(String extents) {
        return Stream.of(extents.split("x", -1)).mapToInt(Integer::parseInt).toArray();
    }
}
