package dev.nibble.formats.image;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.error.NibbleException;
import dev.nibble.formats.TestModels;
import dev.nibble.graph.Model;
import dev.nibble.tensor.DataType;

import org.junit.jupiter.api.Test;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import javax.imageio.ImageIO;

/** Pictures and preprocessing made to do harm. */
class HostileImageTest {
    private static final Model NETWORK = TestModels.input(DataType.FLOAT32, 1, 3, 64, 64);
    private static final int WIDTH = 18;
    private static final int COMPRESSION = 30;

    @Test
    void aBmpOfNegativeWidth() throws IOException {
        byte[] file = picture("bmp", 8, 8);
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(WIDTH, -1_000_000);
        assertThatThrownBy(() -> new ImageDecoder().decode(file))
                .isInstanceOf(NibbleException.class);
    }

    @Test
    void aBmpWithAPngInside() throws IOException {
        byte[] file = picture("bmp", 8, 8);
        file[COMPRESSION] = 5;
        refused(file, "has a JPEG or PNG inside");
    }

    @Test
    void aJpegOfAThousandScans() throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(picture("jpg", 8, 8));
        for (int i = 0; i < 1000; i++) {
            file.writeBytes(new byte[] {(byte) 0xFF, (byte) 0xDA, 0, 2});
        }
        refused(file.toByteArray(), "has 1001 scans, at most 200");
    }

    @Test
    void aPictureOfOneRowThatWouldBecomeHugeWhenItsShorterSideFits() throws IOException {
        byte[] file = picture("png", 2_000_000, 1);
        assertThatThrownBy(() ->
                        new ImagePreparation(NETWORK, Preprocessing.parse("unit")).prepare(file))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining("2000000×1 pixels would become");
        byte[] column = picture("png", 1, 2_000_000);
        assertThatThrownBy(() ->
                        new ImagePreparation(NETWORK, Preprocessing.parse("unit,resize=exact"))
                                .prepare(column))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining("1×2000000 pixels would become");
    }

    @Test
    void preprocessingInMetadataThatNamesAFile() {
        Model model = NETWORK.withMetadata(Preprocessing.METADATA_KEY, "/etc/secret.json");
        assertThatThrownBy(() -> Preprocessing.of(model))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining("names the file \"/etc/secret.json\", which is not read");
    }

    @Test
    void aFileNameThatIsNone() {
        assertThatThrownBy(() -> Preprocessing.parse("a\0.json"))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining("is no file name");
    }

    @Test
    void aSizeBeyondMemory() {
        assertThatThrownBy(() -> Preprocessing.parse("unit,size=2000000000"))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining("beyond 16384 pixels a side");
    }

    @Test
    void aCropThatEnlargesBeyondMemory() throws IOException {
        byte[] file = picture("png", 8, 8);
        assertThatThrownBy(() ->
                        new ImagePreparation(NETWORK, Preprocessing.parse("unit,crop=1e-300"))
                                .prepare(file))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining("more than are worth the memory");
    }

    private static void refused(byte[] file, String part) {
        assertThatThrownBy(() -> new ImageDecoder().decode(file))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining(part);
    }

    private static byte[] picture(String format, int width, int height) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR), format, out);
        return out.toByteArray();
    }
}
