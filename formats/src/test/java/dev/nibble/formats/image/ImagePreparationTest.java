package dev.nibble.formats.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.error.NibbleException;
import dev.nibble.formats.TestModels;
import dev.nibble.graph.Model;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.ValueLayout;

import javax.imageio.ImageIO;

class ImagePreparationTest {
    @Test
    void putsChannelsFirst() throws IOException {
        Tensor tensor =
                prepare(TestModels.input(DataType.FLOAT32, "N", 3, 1, 2), "raw", twoPixels());
        assertThat(tensor.shape()).isEqualTo(Shape.of(1, 3, 1, 2));
        assertThat(tensor.floats()).containsExactly(10, 40, 20, 50, 30, 60);
    }

    @Test
    void putsChannelsLast() throws IOException {
        Tensor tensor =
                prepare(
                        TestModels.input(DataType.FLOAT32, 1, 1, 2, 3),
                        "raw,layout=nhwc",
                        twoPixels());
        assertThat(tensor.shape()).isEqualTo(Shape.of(1, 1, 2, 3));
        assertThat(tensor.floats()).containsExactly(10, 20, 30, 40, 50, 60);
    }

    @Test
    void turnsColoursAround() throws IOException {
        Model model = TestModels.input(DataType.FLOAT32, 1, 3, 1, 2);
        assertThat(prepare(model, "raw,channels=bgr", twoPixels()).floats())
                .containsExactly(30, 60, 20, 50, 10, 40);
        assertThat(prepare(model, "scale=1,mean=10:20:30,channels=bgr", twoPixels()).floats())
                .containsExactly(0, 30, 0, 30, 0, 30);
    }

    @Test
    void scalesAsThePresetsSay() throws IOException {
        Model model = TestModels.input(DataType.FLOAT32, 1, 3, 1, 2);
        assertThat(prepare(model, "unit", twoPixels()).floats()[0]).isEqualTo(10 / 255f);
        assertThat(prepare(model, "tf", twoPixels()).floats()[0])
                .isEqualTo((float) (10 / 127.5 - 1));
        assertThat(prepare(model, "imagenet", twoPixels()).floats()[2])
                .isEqualTo((float) ((20 / 255.0 - 0.456) / 0.224));
    }

    @Test
    void takesTheBrightnessForOneChannel() throws IOException {
        Tensor tensor = prepare(TestModels.input(DataType.FLOAT32, 1, 1, 1, 2), "raw", twoPixels());
        assertThat(tensor.floats()).containsExactly(18, 48);
    }

    @Test
    void feedsUnsignedBytesAndHalves() throws IOException {
        Tensor bytes =
                prepare(
                        TestModels.input(DataType.UINT8, 1, 1, 2, 3),
                        "raw,layout=nhwc",
                        twoPixels());
        assertThat(bytes.longs()).containsExactly(10, 20, 30, 40, 50, 60);
        Tensor halves =
                prepare(
                        TestModels.input(DataType.FLOAT16, 1, 1, 2, 3),
                        "unit,layout=nhwc",
                        twoPixels());
        assertThat(halves.floats()[0])
                .isEqualTo(Float.float16ToFloat(Float.floatToFloat16(10 / 255f)));
    }

    /**
     * The sums are of torchvision's Resize(round(size / 0.875)) and CenterCrop(size), spelled out
     * with Pillow.
     */
    @ParameterizedTest
    @CsvSource({
        "500, 375, 224, 23156b1c",
        "300, 451, 224, 4d57e8a6",
        "64, 64, 32, 4ff1e964",
        "40, 33, 32, 9e77eb15"
    })
    void resizesAndCropsAsTorchvisionDoes(int width, int height, int size, String crc32)
            throws IOException {
        Model model = TestModels.input(DataType.UINT8, 1, size, size, 3);
        Tensor tensor =
                prepare(model, "raw,resize=crop", png(ResamplerTest.synthetic(width, height, 3)));
        assertThat(ResamplerTest.crc32(tensor.data().toArray(ValueLayout.JAVA_BYTE)))
                .isEqualTo(crc32);
    }

    @Test
    void cropsToSizesThatAreNotSquare() throws IOException {
        Model model = TestModels.input(DataType.FLOAT32, 1, 3, 20, 50);
        assertThat(prepare(model, "raw", png(ResamplerTest.synthetic(33, 90, 3))).shape())
                .isEqualTo(Shape.of(1, 3, 20, 50));
        assertThat(prepare(model, "raw", png(ResamplerTest.synthetic(90, 33, 3))).shape())
                .isEqualTo(Shape.of(1, 3, 20, 50));
    }

    @Test
    void leavesAPictureOfTheRightSizeAlone() throws IOException {
        Pixels image = ResamplerTest.synthetic(8, 6, 3);
        Tensor tensor =
                prepare(
                        TestModels.input(DataType.UINT8, 1, 6, 8, 3),
                        "raw,resize=crop",
                        png(image));
        assertThat(tensor.data().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(image.data());
    }

    @Test
    void takesTheSizeFromThePreprocessingWhereTheNetworkHasNone() throws IOException {
        Model model = TestModels.input(DataType.FLOAT32, "N", 3, "H", "W");
        assertThat(prepare(model, "raw,size=5x4", twoPixels()).shape())
                .isEqualTo(Shape.of(1, 3, 4, 5));
        assertThatThrownBy(() -> prepare(model, "raw", twoPixels()))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining("input \"x\" of the network is float32 [N×3×H×W]")
                .hasMessageContaining("size=WxH");
    }

    @Test
    void saysWhyImagesDoNotFit() {
        refused("raw", "images need 4 axes", TestModels.input(DataType.FLOAT32, 1, 10));
        refused(
                "raw",
                "images become floats or uint8",
                TestModels.input(DataType.INT64, 1, 3, 2, 2));
        refused(
                "raw",
                "no axis is known to have 1 or 3 channels",
                TestModels.input(DataType.FLOAT32, 1, 4, 8, 8));
        refused(
                "raw,layout=nhwc",
                "layout=nhwc needs",
                TestModels.input(DataType.FLOAT32, 1, 3, 8, 8));
        refused(
                "raw,size=9",
                "its width is 8, not 9",
                TestModels.input(DataType.FLOAT32, 1, 3, 8, 8));
        refused(
                "tf",
                "use raw instead of \"tf,resize=crop\"",
                TestModels.input(DataType.UINT8, 1, 3, 8, 8));
        refused("imagenet", "has 1 channel", TestModels.input(DataType.FLOAT32, 1, 1, 8, 8));
        refused("raw", "outside 1..", TestModels.input(DataType.FLOAT32, 1, 3, 1L << 40, 8));
    }

    private static void refused(String preprocessing, String message, Model model) {
        assertThatThrownBy(() -> new ImagePreparation(model, Preprocessing.parse(preprocessing)))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining(message);
    }

    private static Tensor prepare(Model model, String preprocessing, byte[] file) {
        return new ImagePreparation(model, Preprocessing.parse(preprocessing))
                .prepare(file)
                .values()
                .iterator()
                .next();
    }

    private static byte[] twoPixels() throws IOException {
        return png(new Pixels(2, 1, 3, new byte[] {10, 20, 30, 40, 50, 60}));
    }

    static byte[] png(Pixels pixels) throws IOException {
        BufferedImage image =
                new BufferedImage(pixels.width(), pixels.height(), BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < pixels.width() * pixels.height(); i++) {
            byte[] data = pixels.data();
            int rgb =
                    ((data[3 * i] & 0xFF) << 16)
                            | ((data[3 * i + 1] & 0xFF) << 8)
                            | (data[3 * i + 2] & 0xFF);
            image.setRGB(i % pixels.width(), i / pixels.width(), rgb);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, "png", out);
        return out.toByteArray();
    }
}
