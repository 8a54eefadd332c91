package dev.nibble.formats.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.engine.Samples;
import dev.nibble.error.NibbleException;
import dev.nibble.formats.data.Views.Network;
import dev.nibble.formats.data.Views.View;
import dev.nibble.formats.image.Preprocessing;
import dev.nibble.graph.Extras;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.ValueInfo;
import dev.nibble.graph.ValueInfo.Dimension;
import dev.nibble.tensor.DataType;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import javax.imageio.ImageIO;

class ViewsTest {
    private static final int SIZE = 4;

    @TempDir private Path folder;

    @BeforeEach
    void draw() throws IOException {
        BufferedImage white = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_INT_RGB);
        white.setRGB(0, 0, 0xFFFFFF);
        ImageIO.write(white, "png", folder.resolve("white.png").toFile());
    }

    @Test
    void whatIsGivenCountsForAll() {
        List<View> views =
                Views.of(
                        images(),
                        List.of(network("a", "tf"), network("b", "")),
                        Preprocessing.parse("unit"));

        assertThat(views)
                .extracting(View::preprocessing)
                .containsExactly("unit,resize=crop", "unit,resize=crop");
        assertThat(views).extracting(View::source).containsExactly("as given", "as given");
        assertThat(firstNumber(views.get(0))).isEqualTo(1);
    }

    @Test
    void aNetworkIsFedAsItsMetadataTells() {
        List<View> views = Views.of(images(), List.of(network("a", "tf"), network("b", "raw")));

        assertThat(views)
                .extracting(View::preprocessing)
                .containsExactly("tf,resize=crop", "raw,resize=crop");
        assertThat(views)
                .extracting(View::source)
                .containsExactly("the metadata of a", "the metadata of b");
        assertThat(firstNumber(views.get(0))).isEqualTo(1);
        assertThat(firstNumber(views.get(1))).isEqualTo(255);
    }

    @Test
    void aNetworkThatTellsNothingIsFedAsTheFirstThatDoes() {
        List<View> views =
                Views.of(
                        images(),
                        List.of(network("a", ""), network("b", "raw"), network("c", "tf")));

        assertThat(views)
                .extracting(View::preprocessing)
                .containsExactly("raw,resize=crop", "raw,resize=crop", "tf,resize=crop");
        assertThat(views.getFirst().source()).isEqualTo("the metadata of b");
    }

    @Test
    void equalViewsShareTheirSamples() {
        List<View> views =
                Views.of(
                        images(),
                        List.of(network("a", "tf"), network("b", "tf"), network("c", "raw")));

        assertThat(samples(views.get(1))).isSameAs(samples(views.get(0)));
        assertThat(samples(views.get(2))).isNotSameAs(samples(views.get(0)));
    }

    @Test
    void networksWithOtherInputsDoNotShareTheirSamples() {
        Network other = new Network(Path.of("b"), model("pixels"));
        List<View> views = Views.of(images(), List.of(network("a", "tf"), other));

        assertThat(samples(views.get(0)).get(0).inputs()).containsOnlyKeys("input");
        assertThat(samples(views.get(1)).get(0).inputs()).containsOnlyKeys("pixels");
    }

    @Test
    void imagesThatNobodyKnowsHowToFeedAreAnError() {
        assertThatThrownBy(() -> Views.of(images(), List.of(network("a", ""))))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("no network has nibble.preprocess in its metadata")
                .hasMessageContaining(Preprocessing.choices());
    }

    @Test
    void whatDoesNotFitNamesTheNetwork() {
        assertThatThrownBy(() -> Views.of(images(), List.of(network("odd.onnx", "size=5,unit"))))
                .isInstanceOf(NibbleException.class)
                .hasMessageStartingWith("odd.onnx: ");
        assertThatThrownBy(() -> Views.of(images(), List.of(network("odd.onnx", "unit,size=5"))))
                .isInstanceOf(NibbleException.class)
                .hasMessageStartingWith("odd.onnx: ")
                .hasMessageContaining("size=");
    }

    private DataSet images() {
        return DataSet.open(folder);
    }

    private static Samples samples(View view) {
        return view.candidate().samples();
    }

    private static float firstNumber(View view) {
        return samples(view).get(0).inputs().values().iterator().next().floats()[0];
    }

    private static Network network(String file, String preprocessing) {
        Model model = model("input");
        return new Network(
                Path.of(file),
                preprocessing.isEmpty()
                        ? model
                        : model.withMetadata(Preprocessing.METADATA_KEY, preprocessing));
    }

    private static Model model(String input) {
        ValueInfo image =
                ValueInfo.ofTensor(
                        input,
                        DataType.FLOAT32,
                        Dimension.of("batch"),
                        Dimension.of(3),
                        Dimension.of(SIZE),
                        Dimension.of(SIZE));
        Graph graph = Graph.of("net", List.of(), List.of(image), List.of(), Map.of());
        return new Model(graph, 8, Map.of("", 13L), Map.of(), Extras.NONE);
    }
}
