package dev.nibble.formats.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.error.NibbleException;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;

import javax.imageio.ImageIO;

class ThumbnailTest {
    private static final String START = "data:image/jpeg;base64,";

    private static byte[] png(int width, int height) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int x = 0; x < width; x++) {
            for (int y = 0; y < height; y++) {
                image.setRGB(x, y, Color.ORANGE.getRGB());
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "png", bytes);
        return bytes.toByteArray();
    }

    private static BufferedImage shown(String dataUri) throws IOException {
        assertThat(dataUri).startsWith(START);
        byte[] jpeg = Base64.getDecoder().decode(dataUri.substring(START.length()));
        return ImageIO.read(new ByteArrayInputStream(jpeg));
    }

    @Test
    void aLargePictureIsMadeSmallAndKeepsItsFormAndColour() throws IOException {
        BufferedImage small = shown(Thumbnail.dataUri(png(400, 200)));
        assertThat(small.getWidth()).isEqualTo(144);
        assertThat(small.getHeight()).isEqualTo(72);
        Color middle = new Color(small.getRGB(72, 36));
        assertThat(middle.getRed()).isCloseTo(255, Offset.offset(4));
        assertThat(middle.getBlue()).isCloseTo(0, Offset.offset(4));
    }

    @Test
    void aSmallPictureStaysAsLargeAsItIs() throws IOException {
        BufferedImage small = shown(Thumbnail.dataUri(png(32, 20)));
        assertThat(small.getWidth()).isEqualTo(32);
        assertThat(small.getHeight()).isEqualTo(20);
    }

    @Test
    void whatIsNoPictureIsRefused() {
        assertThatThrownBy(() -> Thumbnail.dataUri(new byte[] {1, 2, 3}))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining("none of JPEG, PNG, BMP and GIF");
    }
}
