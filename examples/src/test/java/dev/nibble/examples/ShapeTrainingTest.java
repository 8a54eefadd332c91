package dev.nibble.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.examples.nets.SmallNetworks;
import dev.nibble.examples.shapes.Difficulty;
import dev.nibble.examples.shapes.ShapeImages;
import dev.nibble.graph.Model;
import dev.nibble.torch.train.Batch;
import dev.nibble.torch.train.Trainer;
import dev.nibble.torch.train.TrainingSettings;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class ShapeTrainingTest {
    private static final ShapeImages SMALL = new ShapeImages(1, 16, Difficulty.EASY);

    @Test
    void aSmallNetworkLearnsAHandfulOfPictures() {
        Batch pictures = ShapeBatches.batch(SMALL, 0, 40);
        Model untrained = SmallNetworks.mobileNet(16, 10, 8, 1);
        List<Double> losses = new ArrayList<>();
        Model trained =
                new Trainer(new TrainingSettings(80, 0.1, 0.0005, 1), (_, loss) -> losses.add(loss))
                        .train(untrained, _ -> pictures);

        assertThat(losses.getLast()).isLessThan(losses.getFirst() / 2);
        assertThat(ShapeTraining.accuracy(untrained, SMALL, 40)).isLessThan(0.3);
        assertThat(ShapeTraining.accuracy(trained, SMALL, 40)).isGreaterThan(0.6);
    }

    @Test
    void trainedNetworksSayHowToPreparePicturesAndWhatTheClassesAreCalled() {
        Model untrained = SmallNetworks.mobileNet(16, 10, 4, 1);
        Model trained =
                ShapeTraining.train(
                        untrained, SMALL, new TrainingSettings(2, 0.1, 0, 1), (_, _) -> {});

        assertThat(trained.graph().constants()).isNotEqualTo(untrained.graph().constants());
        assertThat(trained.metadata())
                .containsEntry("nibble.preprocess", "tf")
                .containsEntry(
                        "nibble.classes",
                        "arrow,bolt,crescent,cross,drop,heart,pentagon,square,star,triangle");
    }

    @Test
    void picturesAreFedChannelByChannelBetweenMinusOneAndOne() {
        Batch batch = ShapeBatches.batch(ShapeSets.TRAINING, 3, 2);
        float[] values = batch.inputs().floats();
        int second = ShapeSets.TRAINING.image(4).getRGB(5, 7);
        int pixel = 3 * 32 * 32 + 7 * 32 + 5;

        assertThat(batch.labels().longs()).containsExactly(3, 4);
        assertThat(values[pixel]).isEqualTo((second >> 16 & 0xFF) / 127.5f - 1);
        assertThat(values[pixel + 32 * 32]).isEqualTo((second >> 8 & 0xFF) / 127.5f - 1);
        assertThat(values[pixel + 2 * 32 * 32]).isEqualTo((second & 0xFF) / 127.5f - 1);
    }

    @Test
    void trainingStartsEasyAndEndsHard() {
        ShapeBatches batches = new ShapeBatches(ShapeSets.TRAINING, 10, 5);
        Batch easy = ShapeBatches.batch(ShapeSets.TRAINING.with(Difficulty.EASY), 0, 10);
        Batch hard = ShapeBatches.batch(ShapeSets.TRAINING, 50, 10);

        assertThat(batches.at(0)).isEqualTo(easy);
        assertThat(batches.at(5)).isEqualTo(hard);
    }
}
