package dev.nibble.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.engine.Samples;
import dev.nibble.engine.generate.GeneratedInputs;
import dev.nibble.engine.generate.GeneratedInputs.Found;
import dev.nibble.engine.generate.GeneratedInputs.None;
import dev.nibble.engine.generate.GeneratedInputs.Outcome;
import dev.nibble.error.NibbleException;
import dev.nibble.graph.Attribute;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Map;

class GeneratedInputsTest {
    private static final int COUNT = 3;

    @Test
    void numbersAreStandardNormalAndDecidedByTheSeed() {
        Model model =
                Networks.single(
                        "Relu",
                        Networks.info("x", DataType.FLOAT32, "N", 1000),
                        Networks.info("y", DataType.FLOAT32, "N", 1000));
        Samples samples = of(model, 7).orThrow();
        assertThat(samples.size()).isEqualTo(COUNT);
        assertThat(samples.description()).contains("generated", "seed 7");
        float[] first = input(samples, 0, "x").floats();
        assertThat(input(samples, 0, "x").shape()).isEqualTo(Shape.of(1, 1000));
        assertThat(mean(first)).isBetween(-0.1, 0.1);
        assertThat(first).isNotEqualTo(input(samples, 1, "x").floats());
        assertThat(first).isEqualTo(input(of(model, 7).orThrow(), 0, "x").floats());
        assertThat(first).isNotEqualTo(input(of(model, 8).orThrow(), 0, "x").floats());
    }

    @Test
    void wholeNumbersPointIntoTheTableTheyAreLookedUpIn() {
        Model model =
                Networks.of(
                        List.of(
                                Node.of("cast", "Cast", List.of("ids"), List.of("cast_ids"))
                                        .with("to", new Attribute.IntValue(6)),
                                Node.of(
                                        "look",
                                        "Gather",
                                        List.of("table", "cast_ids"),
                                        List.of("y"))),
                        List.of(Networks.info("ids", DataType.INT64, "batch", "sequence")),
                        List.of(Networks.info("y", DataType.FLOAT32, "batch", "sequence", 1)),
                        Map.of("table", Tensor.ofFloats(Shape.of(5, 1), 1, 2, 3, 4, 5)));
        Tensor ids = input(of(model, 0).orThrow(), 0, "ids");
        assertThat(ids.shape()).isEqualTo(Shape.of(1, 16));
        assertThat(ids.longs()).containsOnly(0, 1, 2, 3, 4);
    }

    @Test
    void aNumberThatIsComparedIsTheOneItIsComparedWith() {
        Model model =
                Networks.of(
                        List.of(
                                Node.of("is", "Equal", List.of("rate", "known"), List.of("same")),
                                Node.of("or", "Where", List.of("same", "x", "x"), List.of("y"))),
                        List.of(
                                Networks.info("rate", DataType.INT64),
                                Networks.info("x", DataType.FLOAT32, "N", 2)),
                        List.of(Networks.info("y", DataType.FLOAT32, "N", 2)),
                        Map.of("known", Tensor.ofLongs(Shape.scalar(), 16000)));
        assertThat(input(of(model, 0).orThrow(), 0, "rate").longs()).containsExactly(16000);
    }

    @Test
    void whatLosesTheOffsetOfPixelsIsPixels() {
        Model model =
                Networks.of(
                        List.of(Node.of("mean", "Sub", List.of("x", "offset"), List.of("y"))),
                        List.of(Networks.info("x", DataType.FLOAT32, 1, 3, "h", "w")),
                        List.of(Networks.info("y", DataType.FLOAT32, 1, 3, "h", "w")),
                        Map.of("offset", Networks.floats(127.5f)));
        Tensor pixels = input(of(model, 0).orThrow(), 0, "x");
        assertThat(pixels.shape()).isEqualTo(Shape.of(1, 3, 224, 224));
        assertThat(mean(pixels.floats())).isBetween(125.0, 130.0);
    }

    @Test
    void numbersAreNotNegativeWhereThatWouldNotBeFinite() {
        Model model =
                Networks.single(
                        "Log",
                        Networks.info("x", DataType.FLOAT32, 1, 100),
                        Networks.info("y", DataType.FLOAT32, 1, 100));
        assertThat(input(of(model, 0).orThrow(), 0, "x").floats())
                .satisfies(values -> {
                    for (float value : values) {
                        assertThat(value).isBetween(0f, 1f);
                    }
                });
    }

    @Test
    void openAxesGetSizesWithWhichTheNetworkRuns() {
        // [1 × length] only reshapes to [1 × 512]
        Model model =
                Networks.of(
                        List.of(Node.of("shape", "Reshape", List.of("x", "to"), List.of("y"))),
                        List.of(Networks.info("x", DataType.FLOAT32, "batch", "length")),
                        List.of(Networks.info("y", DataType.FLOAT32, 2, 256)),
                        Map.of("to", Tensor.ofLongs(Shape.of(2), 2, 256)));
        assertThat(input(of(model, 0).orThrow(), 0, "x").shape()).isEqualTo(Shape.of(1, 512));
    }

    @Test
    void saysWhatStandsInTheWay() {
        Model text =
                Networks.single(
                        "Identity",
                        Networks.info("x", DataType.STRING, 1),
                        Networks.info("y", DataType.STRING, 1));
        assertThat(of(text, 0))
                .isEqualTo(
                        new None("no inputs can be made up for net: its input \"x\" holds string"));
        Model unranked =
                Networks.single(
                        "Relu",
                        ValueInfo.of("x", new ValueInfo.UnrankedTensor(DataType.FLOAT32)),
                        Networks.info("y", DataType.FLOAT32, 1));
        assertThatThrownBy(() -> of(unranked, 0).orThrow())
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining("does not say how many axes it has")
                .hasMessageContaining("--data");
        Model stubborn =
                Networks.of(
                        List.of(Node.of("shape", "Reshape", List.of("x", "to"), List.of("y"))),
                        List.of(Networks.info("x", DataType.FLOAT32, "batch", "length")),
                        List.of(Networks.info("y", DataType.FLOAT32, 2, 57)),
                        Map.of("to", Tensor.ofLongs(Shape.of(2), 2, 57)));
        assertThat(of(stubborn, 0))
                .isInstanceOfSatisfying(
                        None.class,
                        none ->
                                assertThat(none.why())
                                        .startsWith("net runs on none of the inputs")
                                        .contains("ONNX Runtime failed"));
    }

    @ParameterizedTest
    @CsvSource({
        "silero-vad__data__silero_vad, input, 512",
        "vad____silero_vad_legacy, input, 512",
        "tribuo__extractors__tinybert, input_ids, 16",
        "vespa__llm__random_decoder, encoder_hidden_states, 128",
        "nnsplit__de__model, input, 16",
        "libfacedetection.train__onnx__yunet_s_dynamic, input, 150528",
        "tract__qlstm_3-2-3_T3_S1__model, input, 3"
    })
    void publishedNetworksRun(String name, String input, long elements) {
        Model model = Networks.ONNX.read(SharedModels.inZoo(name));
        assertThat(of(model, 0)).isInstanceOf(Found.class);
        assertThat(input(of(model, 0).orThrow(), 0, input).elements()).isEqualTo(elements);
    }

    private static Outcome of(Model model, long seed) {
        return GeneratedInputs.of(model, "net", COUNT, seed, Networks.ENGINE, Networks.ONNX);
    }

    private static Tensor input(Samples samples, int index, String name) {
        return Networks.get(samples.get(index).inputs(), name);
    }

    private static double mean(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum / values.length;
    }
}
