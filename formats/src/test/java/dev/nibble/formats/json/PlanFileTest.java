package dev.nibble.formats.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.error.NibbleException;
import dev.nibble.number.IntegerFormat;
import dev.nibble.number.NumberFormats;
import dev.nibble.plan.NamePattern;
import dev.nibble.plan.NodeScheme;
import dev.nibble.plan.Recipes;
import dev.nibble.plan.SavedActivation;
import dev.nibble.plan.SavedActivation.Affine;
import dev.nibble.plan.SavedNode;
import dev.nibble.plan.SavedNode.Choice;
import dev.nibble.plan.SavedPlan;
import dev.nibble.plan.SavedPlan.Split;
import dev.nibble.plan.Weights;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

class PlanFileTest {
    private static final long SEED = 3;
    private static final int SCALES = 20_000;

    @SuppressWarnings("unused")
    private static final List<IntegerFormat> FORMATS = NumberFormats.ALL;

    @TempDir private Path folder;

    private static SavedPlan plan(List<SavedActivation> activations) {
        return new SavedPlan(
                "ab12",
                new Split(100, 20, 80),
                Recipes.W4A8.withSchemes(
                        List.of(new NodeScheme(new NamePattern("c1"), new NodeScheme.StayFloat()))),
                List.of("Gptq", "BiasCorrection"),
                List.of(
                        new SavedNode("c1", "Conv", Choice.FLOAT, Optional.empty(), "asked for"),
                        new SavedNode(
                                "fc",
                                "Gemm",
                                Choice.WEIGHTS,
                                Optional.of(Weights.perBlock(NumberFormats.INT4, 32)),
                                "")),
                activations);
    }

    private SavedPlan written(SavedPlan plan) {
        Path file = folder.resolve("plan.json");
        PlanFile.write(plan, file);
        return PlanFile.read(file);
    }

    @Test
    void whatIsWrittenIsReadBack() {
        SavedPlan plan =
                plan(
                        List.of(
                                new SavedActivation(
                                        "a",
                                        List.of("b", "c"),
                                        NumberFormats.INT8,
                                        Optional.of(new Affine(0.1f, -128)),
                                        Optional.of(new Affine(0.25f, 5))),
                                new SavedActivation(
                                        "d",
                                        List.of(),
                                        NumberFormats.UINT16,
                                        Optional.empty(),
                                        Optional.empty())));
        assertThat(written(plan)).isEqualTo(plan);
    }

    @ParameterizedTest
    @FieldSource("FORMATS")
    void everyFormatIsReadBack(IntegerFormat format) {
        SavedPlan plan =
                new SavedPlan(
                        "ab12",
                        new Split(100, 20, 80),
                        Recipes.W2A2,
                        List.of(),
                        List.of(
                                new SavedNode(
                                        "c1",
                                        "Conv",
                                        Choice.QUANTIZED,
                                        Optional.of(Weights.perChannel(format)),
                                        "")),
                        List.of(
                                new SavedActivation(
                                        "a",
                                        List.of(),
                                        format,
                                        Optional.of(new Affine(0.5f, format.max())),
                                        Optional.empty())));
        assertThat(written(plan)).isEqualTo(plan);
    }

    @Test
    void everyFloatIsReadBackBitForBit() {
        Random random = new Random(SEED);
        List<SavedActivation> activations = new ArrayList<>();
        while (activations.size() < SCALES) {
            float scale = Float.intBitsToFloat(random.nextInt() & Integer.MAX_VALUE);
            if (scale > 0 && Float.isFinite(scale)) {
                activations.add(
                        new SavedActivation(
                                "v" + activations.size(),
                                List.of(),
                                NumberFormats.UINT8,
                                Optional.of(new Affine(scale, 0)),
                                Optional.empty()));
            }
        }
        SavedPlan plan = plan(activations);
        assertThat(written(plan)).as("seed %d", SEED).isEqualTo(plan);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "\"network\"     | \"netwrok\"  | there is no field \"netwrok\"",
                "\"heldOut\"     | \"held\"     | there is no field \"samples.held\"; allowed are"
                        + " given, heldOut, fitted",
                "\"Gptq\"        | \"Gtpq\"     | did you mean \"Gptq\"?",
                "\"weights\" :   | \"wieghts\" :| there is no field \"recipe.wieghts\"",
                "\"decision\"    | \"decide\"   | there is no field \"nodes[0].decide\"",
                "\"float\"       | \"flaot\"    | there is no decision \"flaot\"",
                "\"scale\" : 0.5 | \"scale\" : \"x\" | it has to be a number",
                "\"scale\" : 0.5 | \"scale\" : 0 | scale 0.0 is not a finite positive number",
                "\"scale\" : 0.5,| ~~           | the field \"activations[0].scale\" is missing",
                "\"zeroPoint\" : 7 | \"zeroPoint\" : 7.5 | it has to be a whole number",
                "\"zeroPoint\" : 7 | \"zeroPoint\" : -1 | zero point -1 does not fit 0..255",
                "\"given\" : 100 | \"given\" : 10 | 20 samples cannot be held out of 10",
                "\"fitted\" : 80 | \"fitted\" : 90 | all 100 samples or to the 80 not held out, not"
                        + " to 90",
                "\"node\" : \"fc\" | \"node\" : \"c1\" | says twice what becomes of node c1"
            })
    void aMistakeIsNamedWithItsPlace(String old, String edited, String complaint)
            throws IOException {
        SavedActivation activation =
                new SavedActivation(
                        "a",
                        List.of(),
                        NumberFormats.UINT8,
                        Optional.of(new Affine(0.5f, 7)),
                        Optional.empty());
        Path file = folder.resolve("plan.json");
        PlanFile.write(plan(List.of(activation)), file);
        String text = Files.readString(file);
        int at = old.equals("\"float\"") ? text.lastIndexOf(old) : text.indexOf(old);
        assertThat(at).as(text).isNotNegative();
        Files.writeString(file, text.substring(0, at) + edited + text.substring(at + old.length()));
        assertThatThrownBy(() -> PlanFile.read(file))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining("plan.json")
                .hasMessageContaining(complaint);
    }
}
