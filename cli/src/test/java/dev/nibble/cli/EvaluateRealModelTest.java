package dev.nibble.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Path;

/** Accuracies that other tools measured, too, where the networks and photos are at hand. */
class EvaluateRealModelTest {
    /** Two of 400 photos: decoders of JPEG differ in the last bit. */
    private static final Offset<Double> TWO_PHOTOS = Offset.offset(0.0051);

    @Test
    void mobileNetIsAsGoodAsElsewhere() throws IOException {
        assertThat(top1("models/mobilenet_v2_imagenet.onnx", "tf,resize=exact"))
                .isEqualTo(0.820, TWO_PHOTOS);
    }

    @Test
    void squeezeNetIsAsGoodAsElsewhere() throws IOException {
        assertThat(top1("models/squeezenet_1_1_imagenet.onnx", "imagenet,resize=exact"))
                .isEqualTo(0.625, TWO_PHOTOS);
    }

    @Test
    void theWrongPreprocessingIsNoticedAndTheRightOneNamed() {
        Path network = SharedFiles.get("models/mobilenet_v2_imagenet.onnx");
        Path photos = SharedFiles.get("data/imagenet/eval");
        Run run =
                Run.of(
                        "evaluate",
                        network,
                        "--data",
                        photos,
                        "--samples",
                        200,
                        "--preprocess",
                        "imagenet,resize=exact");
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCodes.DONE);
        assertThat(run.err()).contains("warning", "--preprocess tf,resize=exact");
    }

    private static double top1(String model, String preprocess) throws IOException {
        Path file = SharedFiles.get(model);
        Path photos = SharedFiles.get("data/imagenet/eval");
        Run run =
                Run.of(
                        "evaluate",
                        file,
                        "--data",
                        photos,
                        "--preprocess",
                        preprocess,
                        "--json",
                        "-");
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCodes.DONE);
        JsonNode result = new ObjectMapper().readTree(run.out());
        assertThat(result.at("/samples/labelled").intValue()).isEqualTo(400);
        return result.at("/models/0/top1").doubleValue();
    }
}
