package dev.nibble.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.observe.ErrorStatistic;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Optional;

class SoundnessTest {
    private static final Tensor SIGNAL = floats(3, -4, 0, 1);

    @Test
    void aSmallErrorIsSound() {
        assertThat(onSamples(Map.of("y", OutputCheck.of(SIGNAL, floats(3.1f, -4, 0, 1)))).damages())
                .isEmpty();
    }

    @Test
    void moreNoiseThanSignalIsDamage() {
        assertThat(onSamples(Map.of("y", OutputCheck.of(SIGNAL, floats(-3, 4, 0, -1)))).damages())
                .containsExactly("output y: SQNR is -6.0 dB, below 0");
    }

    @Test
    void eightBitsHaveToDoBetterThanThat() {
        // half the signal is lost: 6.02 − 3 dB
        Map<String, OutputCheck> outputs =
                Map.of("y", OutputCheck.of(floats(1, 1), floats(0.3f, 0.3f)));
        assertThat(onSamples(outputs).damages())
                .containsExactly("output y: SQNR is 3.1 dB, below 5");
        assertThat(new Soundness("4 samples", false, 0, outputs, Optional.empty()).damages())
                .isEmpty();
    }

    @Test
    void brokenIsOnlyWhatIsNotFinite() {
        assertThat(onSamples(Map.of("y", OutputCheck.of(SIGNAL, floats(-3, 4, 0, -1)))).isBroken())
                .isFalse();
        assertThat(
                        onSamples(Map.of("y", OutputCheck.of(SIGNAL, floats(3, -4, Float.NaN, 1))))
                                .isBroken())
                .isTrue();
    }

    @Test
    void oneOutputMayMeanNothingOnInputsMadeUpButNotAllOfThem() {
        OutputCheck lost = OutputCheck.of(floats(0.1f, 0.1f), floats(0.5f, -0.5f));
        OutputCheck kept = OutputCheck.of(SIGNAL, SIGNAL);
        assertThat(onGenerated(Map.of("lost", lost, "kept", kept)).damages()).isEmpty();
        assertThat(onSamples(Map.of("lost", lost, "kept", kept)).damages()).hasSize(1);
        assertThat(onGenerated(Map.of("lost", lost, "more", lost)).damages())
                .containsExactly("all outputs together: SQNR is -14.1 dB, below 0");
    }

    @Test
    void numbersThatAreNotFiniteAreDamageWhereTheFloatOnesAre() {
        Tensor reference = floats(1, Float.NEGATIVE_INFINITY, 3, 4);
        assertThat(
                        onGenerated(
                                        Map.of(
                                                "y",
                                                OutputCheck.of(
                                                        reference, floats(1, 2, Float.NaN, 4))))
                                .damages())
                .containsExactly(
                        "output y: NaN or infinite in 1 places where the float network is not");
        assertThat(onGenerated(Map.of("y", OutputCheck.of(reference, reference))).damages())
                .isEmpty();
    }

    @Test
    void wholeNumbersAreToBeTheSame() {
        Tensor labels = Tensor.ofLongs(Shape.of(4), 1, 2, 3, 4);
        OutputCheck check = OutputCheck.of(labels, Tensor.ofLongs(Shape.of(4), 1, 0, 0, 0));
        assertThat(check.agreement()).isEqualTo(0.25);
        assertThat(onSamples(Map.of("label", check)).damages())
                .containsExactly(
                        "output label: 25 % of it equals that of the float network, less than 50"
                                + " %");
        OutputCheck half = check.merge(OutputCheck.of(labels, labels));
        assertThat(half.agreement()).isEqualTo(0.625);
        assertThat(onSamples(Map.of("label", half)).damages()).isEmpty();
        Tensor names = Tensor.ofStrings(Shape.of(2), List.of("cat", "dog"));
        assertThat(OutputCheck.of(names, Tensor.ofStrings(Shape.of(2), List.of("cat", "cow"))))
                .extracting(OutputCheck::agreement)
                .isEqualTo(0.5);
        Tensor flags = Tensor.ofBytes(DataType.BOOL, Shape.of(2), (byte) 1, (byte) 0);
        assertThat(OutputCheck.of(flags, flags).agreement()).isEqualTo(1);
    }

    @Test
    void otherShapesAreCountedAndNotCompared() {
        OutputCheck check = OutputCheck.of(SIGNAL, floats(1, 2));
        assertThat(check.reshaped()).isEqualTo(1);
        assertThat(onSamples(Map.of("y", check)).damages()).isEmpty();
    }

    @Test
    void errorsJudgedElsewhereTakeThePlaceOfThoseOnSamplesThatWereFittedTo() {
        Soundness fitted = onSamples(Map.of("y", OutputCheck.of(SIGNAL, SIGNAL)));
        ErrorStatistic judged = ErrorStatistic.of(SIGNAL, floats(0, 0, 4, 0));
        assertThat(fitted.judged(Map.of("y", judged)).damages()).hasSize(1);
        ErrorStatistic unknown = ErrorStatistic.of(SIGNAL, floats(Float.NaN, 0, 0, 0));
        assertThat(fitted.judged(Map.of("y", unknown)).damages()).isEmpty();
    }

    @Test
    void anOutputThatWasAlwaysZeroHasNoSignalToLose() {
        OutputCheck zero = OutputCheck.of(floats(0, 0), floats(0.01f, 0));
        OutputCheck kept = OutputCheck.of(SIGNAL, SIGNAL);
        assertThat(onSamples(Map.of("zero", zero, "kept", kept)).damages()).isEmpty();
    }

    private static Soundness onSamples(Map<String, OutputCheck> outputs) {
        return new Soundness("4 samples", false, 5, outputs, Optional.empty());
    }

    private static Soundness onGenerated(Map<String, OutputCheck> outputs) {
        return new Soundness("4 generated inputs", true, 0, outputs, Optional.empty());
    }

    private static Tensor floats(float... values) {
        return Tensor.ofFloats(Shape.of(values.length), values);
    }
}
