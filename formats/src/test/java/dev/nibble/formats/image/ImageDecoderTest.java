package dev.nibble.formats.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.error.NibbleException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32;

/** Compares with what Pillow made of the same files, recorded in {@code pillow-decoded.txt}. */
class ImageDecoderTest {
    /** JPEG leaves the rounding of its transform to the decoder. */
    private static final int JPEG_TOLERANCE = 3;

    private final ImageDecoder decoder = new ImageDecoder();

    static List<String> recorded() throws IOException {
        return new String(resource("pillow-decoded.txt"), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.startsWith("#"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void decodesAsPillowDoes(String line) throws IOException {
        String[] fields = line.split(" ", -1);
        Pixels pixels = decoder.decode(resource(fields[0]));
        assertThat(pixels.width() + "x" + pixels.height()).isEqualTo(fields[1]);
        byte[] expected = HexFormat.of().parseHex(fields[2]);
        int tolerance = fields[0].endsWith(".jpg") ? JPEG_TOLERANCE : 0;
        assertThat(largestDifference(pixels.data(), expected))
                .as("largest difference of a byte")
                .isLessThanOrEqualTo(tolerance);
    }

    private static int largestDifference(byte[] actual, byte[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        int largest = 0;
        for (int i = 0; i < actual.length; i++) {
            largest = Math.max(largest, Math.abs((actual[i] & 0xFF) - (expected[i] & 0xFF)));
        }
        return largest;
    }

    @ParameterizedTest
    @ValueSource(strings = {"rgb.jpg", "rgb.png", "cmyk.jpg", "rgb.bmp", "palette.gif"})
    void refusesWhatIsCutOff(String name) throws IOException {
        byte[] whole = resource(name);
        for (int length = 1; length < whole.length * 3 / 4; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> decoder.decode(cut))
                    .as("%s cut to %d bytes", name, length)
                    .isInstanceOf(NibbleException.class);
        }
    }

    @Test
    void refusesWhatIsNoPicture() {
        assertThatThrownBy(() -> decoder.decode("hello".getBytes(StandardCharsets.UTF_8)))
                .hasMessageContaining("none of JPEG, PNG, BMP and GIF");
        assertThatThrownBy(() -> decoder.decode(new byte[0])).hasMessageContaining("empty");
    }

    @Test
    void refusesPicturesThatAreTooLargeWithoutDecodingThem() throws IOException {
        assertThatThrownBy(() -> decoder.decode(hugePng()))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining("60000×60000 pixels")
                .hasMessageContaining("100 million");
    }

    @Test
    void worksAgainAfterADamagedFile() throws IOException {
        byte[] good = resource("rgb.jpg");
        Pixels before = decoder.decode(good);
        assertThatThrownBy(() -> decoder.decode(Arrays.copyOf(good, 200)))
                .isInstanceOf(NibbleException.class);
        assertThat(decoder.decode(good).data()).isEqualTo(before.data());
    }

    @Test
    void computesBrightnessAsPillowDoes() throws IOException {
        Pixels luma = decoder.decode(resource("rgb.png")).toLuma();
        byte[] grey = decoder.decode(resource("grey.png")).toLuma().data();
        assertThat(luma.data()).isEqualTo(grey);
    }

    /** A picture that says to be 60000 pixels wide and high, in 60 bytes. */
    private static byte[] hugePng() throws IOException {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        png.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10});
        ByteBuffer header =
                ByteBuffer.allocate(13).putInt(60000).putInt(60000).put((byte) 8).put((byte) 2);
        chunk(png, "IHDR", header.array());
        chunk(png, "IDAT", new byte[4]);
        chunk(png, "IEND", new byte[0]);
        return png.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream png, String type, byte[] data)
            throws IOException {
        byte[] typed = new byte[4 + data.length];
        System.arraycopy(type.getBytes(StandardCharsets.US_ASCII), 0, typed, 0, 4);
        System.arraycopy(data, 0, typed, 4, data.length);
        CRC32 crc = new CRC32();
        crc.update(typed);
        png.write(ByteBuffer.allocate(4).putInt(data.length).array());
        png.write(typed);
        png.write(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }

    static byte[] resource(String name) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(ImageDecoderTest.class.getResourceAsStream(name))) {
            return in.readAllBytes();
        }
    }
}
