package dev.nibble.formats.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.engine.Sample;
import dev.nibble.engine.Samples;
import dev.nibble.error.NibbleException;
import dev.nibble.formats.TestModels;
import dev.nibble.formats.image.Preprocessing;
import dev.nibble.formats.npy.NpyFile;
import dev.nibble.formats.npy.NpzFile;
import dev.nibble.graph.Model;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

class ArrayDataTest {
    private static final Tensor THREE = Tensor.ofFloats(Shape.of(3, 2), 1, 2, 3, 4, 5, 6);

    @TempDir private Path folder;

    @Test
    void takesSamplesFromTheFirstAxis() {
        DataSet data = npz(Map.of("x", THREE, "labels", Tensor.ofLongs(Shape.of(3), 9, 8, 7)));
        Samples samples = data.samples(TestModels.input(DataType.FLOAT32, "N", 2));
        assertThat(samples.size()).isEqualTo(3);
        assertThat(samples.labelled()).isTrue();
        assertThat(samples.get(1).inputs())
                .isEqualTo(Map.of("x", Tensor.ofFloats(Shape.of(1, 2), 3, 4)));
        assertThat(samples.get(1).label()).isEqualTo(8);
        assertThat(samples.get(1).name()).isEqualTo(folder.resolve("data.npz") + "[1]");
        assertThat(data.needsPreprocessing()).isFalse();
    }

    @Test
    void feedsSeveralInputs() {
        Model model =
                TestModels.inputs(
                        TestModels.info("ids", DataType.INT64, "N", 1),
                        TestModels.info("mask", DataType.BOOL, "N"));
        DataSet data =
                npz(
                        Map.of(
                                "ids", Tensor.ofInts(Shape.of(2, 1), 5, -6),
                                "mask",
                                        Tensor.ofBytes(
                                                DataType.BOOL, Shape.of(2), (byte) 0, (byte) 1)));
        Sample sample = data.samples(model).get(1);
        assertThat(sample.inputs())
                .isEqualTo(
                        Map.of(
                                "ids", Tensor.ofLongs(Shape.of(1, 1), -6),
                                "mask", Tensor.ofBytes(DataType.BOOL, Shape.of(1), (byte) 1)));
        assertThat(sample.knownLabel()).isEmpty();
    }

    @Test
    void takesWholeInputsWhereTheArrayHasAnAxisMore() {
        Model model =
                TestModels.inputs(
                        TestModels.info("rate", DataType.INT64),
                        TestModels.info("state", DataType.FLOAT32, 2, "N"));
        DataSet data =
                npz(
                        Map.of(
                                "rate", Tensor.ofLongs(Shape.of(2), 8000, 16000),
                                "state", Tensor.ofFloats(Shape.of(2, 2, 1), 1, 2, 3, 4)));

        Samples samples = data.samples(model);

        assertThat(samples.get(1).inputs())
                .isEqualTo(
                        Map.of(
                                "rate", Tensor.ofLongs(Shape.scalar(), 16000),
                                "state", Tensor.ofFloats(Shape.of(2, 1), 3, 4)));
        assertThat(samples.description()).endsWith("data.npz");
    }

    @Test
    void repeatsASampleWhereTheNetworkTakesSeveralAtOnce() {
        Samples samples = npz(Map.of("x", THREE)).samples(TestModels.input(DataType.FLOAT32, 2, 2));

        assertThat(samples.get(1).inputs())
                .isEqualTo(Map.of("x", Tensor.ofFloats(Shape.of(2, 2), 3, 4, 3, 4)));
        assertThat(samples.description()).endsWith(", each fed 2 times at once");
    }

    @Test
    void roundsToBfloat16() {
        Tensor x = Tensor.ofFloats(Shape.of(1, 4), 1 + 1 / 256f, 1 + 3 / 256f, -3, 0.1f);

        Samples samples = npz(Map.of("x", x)).samples(TestModels.input(DataType.BFLOAT16, 1, 4));

        assertThat(Objects.requireNonNull(samples.get(0).inputs().get("x")).floats())
                .containsExactly(1, 1 + 1 / 64f, -3, 0.100097656f);
    }

    @Test
    void takesASingleArrayForTheOnlyInput() {
        Path file = folder.resolve("data.npy");
        NpyFile.write(THREE, file);
        DataSet data = DataSet.open(file);
        assertThat(data.samples(TestModels.input(DataType.FLOAT16, 1, 2)).get(2).inputs().get("x"))
                .hasToString("float16 [1×2]");
        assertThat(data.labelled()).isFalse();
        DataSet drawn = data.subset(2, 3);
        assertThat(drawn.samples(TestModels.input(DataType.FLOAT64, 1, 2)).size()).isEqualTo(2);
    }

    @Test
    void keepsLabelsWithTheirSamples() {
        DataSet data =
                npz(
                        Map.of(
                                "x",
                                THREE,
                                "label",
                                Tensor.ofBytes(DataType.UINT8, Shape.of(3), new byte[] {0, 1, 1})));
        Samples drawn = data.subset(2, 5).samples(TestModels.input(DataType.FLOAT32, "N", 2));
        assertThat(drawn.get(0).label()).isEqualTo(0);
        assertThat(drawn.get(0).inputs()).containsEntry("x", Tensor.ofFloats(Shape.of(1, 2), 1, 2));
        assertThat(drawn.get(1).label()).isEqualTo(1);
    }

    @Test
    void saysWhyArraysDoNotFit() {
        Model model = TestModels.input(DataType.FLOAT32, "N", 2);
        refused(
                Map.of("y", THREE),
                model,
                "no array for input \"x\" of the network (float32 [N×2]), only [y]");
        refused(Map.of("x", THREE, "y", THREE), model, "arrays [y], which are no inputs");
        refused(
                Map.of("x", Tensor.ofFloats(Shape.of(3, 3), new float[9])),
                model,
                "gives samples of shape [1×3], but input \"x\" of the network is float32 [N×2]");
        refused(
                Map.of("x", Tensor.ofInts(Shape.of(1, 2), 1, 2)),
                model,
                "holds int32",
                "convert it with astype");
        refused(
                Map.of("x", THREE),
                TestModels.input(DataType.FLOAT32, 4, 3),
                "samples of shape [1×2]");
        Model ints = TestModels.input(DataType.INT32, "N");
        assertThatThrownBy(() ->
                        npz(Map.of("x", Tensor.ofLongs(Shape.of(1), 1L << 40)))
                                .samples(ints)
                                .get(0))
                .hasMessageContaining("1099511627776, which does not fit the int32");
        assertThatThrownBy(() -> npz(Map.of("x", THREE)).samples(model, Preprocessing.parse("tf")))
                .hasMessageContaining("holds arrays, which are fed as they are; leave it out");
    }

    private void refused(Map<String, Tensor> arrays, Model model, String... messages) {
        assertThatThrownBy(() -> npz(arrays).samples(model))
                .isInstanceOf(NibbleException.class)
                .hasMessageContainingAll(messages);
    }

    @Test
    void saysWhyArraysAreNoSamples() {
        assertThatThrownBy(() -> npz(Map.of("x", Tensor.ofLongs(Shape.scalar(), 1))))
                .hasMessageContaining("is a single number");
        assertThatThrownBy(() -> npz(Map.of("x", THREE, "y", Tensor.ofFloats(Shape.of(2), 1, 2))))
                .hasMessageContaining("save as many of each");
        assertThatThrownBy(
                        () -> npz(Map.of("x", THREE, "labels", Tensor.ofLongs(Shape.of(2), 1, 2))))
                .hasMessageContaining("2 labels for 3 samples");
        assertThatThrownBy(() ->
                        npz(Map.of("x", THREE, "labels", Tensor.ofLongs(Shape.of(3), 1, -2, 3))))
                .hasMessageContaining("holds -2; labels count from 0");
        assertThatThrownBy(() -> npz(Map.of("x", THREE, "labels", THREE)))
                .hasMessageContaining("whole numbers");
        assertThatThrownBy(() -> npz(Map.of("x", Tensor.ofFloats(Shape.of(0, 2)))))
                .hasMessageContaining("holds no samples");
    }

    private DataSet npz(Map<String, Tensor> arrays) {
        Path file = folder.resolve("data.npz");
        NpzFile.write(arrays, file);
        return DataSet.open(file);
    }
}
