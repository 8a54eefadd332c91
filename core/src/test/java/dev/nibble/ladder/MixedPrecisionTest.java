package dev.nibble.ladder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.ladder.MixedPrecision.Option;
import dev.nibble.number.NumberFormats;
import dev.nibble.plan.NamePattern;
import dev.nibble.plan.NodeScheme;
import dev.nibble.plan.NodeScheme.Like;
import dev.nibble.plan.NodeScheme.StayFloat;
import dev.nibble.plan.Recipe;
import dev.nibble.plan.Recipes;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class MixedPrecisionTest {
    private static final List<Sensitivity> LAYERS =
            List.of(
                    layer("large", 1000, 0.10),
                    layer("small", 10, 0.05),
                    layer("middle", 100, 0.02),
                    layer("better", 10, -0.01));

    private final MixedPrecision mixed = MixedPrecision.ofBytes(Recipes.W4A8);

    private static Sensitivity layer(String node, long parameters, Double... saved) {
        return new Sensitivity(node, parameters, 7 * parameters, List.of(saved));
    }

    @Test
    void bytesAreSpentWhereTheyFitAndSaveNoise() {
        // four bits more: half a byte for each weight; what saves most for a byte comes first
        assertThat(mixed.within(4, LAYERS)).isEmpty();
        assertThat(mixed.within(5, LAYERS)).containsOnlyKeys("small");
        assertThat(mixed.within(505, LAYERS)).containsOnlyKeys("small", "middle");
        assertThat(mixed.within(1000, LAYERS)).containsOnlyKeys("small", "middle", "large");
    }

    @Test
    void fourBitsAreRaisedToEightAndEightToFloat() {
        assertThat(mixed.options()).hasSize(1);
        assertThat(mixed.options().getFirst().choice())
                .isInstanceOfSatisfying(
                        Like.class,
                        like ->
                                assertThat(like.recipe().weights().format())
                                        .isEqualTo(NumberFormats.INT8));
        assertThat(MixedPrecision.ofBytes(Recipes.INT8).options())
                .extracting(Option::choice)
                .containsExactly(new StayFloat());
    }

    @Test
    void whoSparesBytesGetsSixteenBitsForNothing() {
        MixedPrecision bytes = MixedPrecision.ofLimit(Recipes.INT8, Objective.SIZE);
        Sensitivity one = layer("one", 10, 0.1, 0.2);
        Sensitivity two = layer("two", 10, 0.1, 0.3);
        assertThat(bytes.within(0, List.of(one, two)).values())
                .extracting(Option::text)
                .containsOnly("the formats of a16w8");
        // 24 bits more for each of ten weights
        Map<String, Option> raised = bytes.within(30, List.of(one, two));
        assertThat(raised.values())
                .extracting(Option::text)
                .containsExactly("the formats of a16w8", "float");
    }

    @Test
    void whoSparesTimeGetsEightBitsForNothing() {
        MixedPrecision time = MixedPrecision.ofLimit(Recipes.W4A8, Objective.LATENCY);
        Sensitivity one = layer("one", 10, 0.1, 0.2, 0.2003);
        Sensitivity two = layer("two", 10, 0.1, 0.3, 0.3001);
        // 70 multiply-adds and 10 bytes take the activations of a layer to float
        assertThat(time.within(79, List.of(one, two)).values())
                .extracting(Option::text)
                .containsOnly("the formats of int8");
        assertThat(time.within(80, List.of(one, two)).values())
                .extracting(Option::text)
                .containsExactly("the formats of int8", "the formats of int8-weights");
        // and only when all activations are float do float weights save more
        assertThat(time.within(160, List.of(one, two)).values())
                .extracting(Option::text)
                .containsOnly("the formats of int8-weights");
        assertThat(time.within(190, List.of(one, two)).values())
                .extracting(Option::text)
                .containsExactly("float", "the formats of int8-weights");
        assertThat(time.most(List.of(one, two))).isEqualTo(220);
    }

    @Test
    void whatIsWorthMoreThanACheaperStepTakesItsPlace() {
        MixedPrecision time = MixedPrecision.ofLimit(Recipes.INT8, Objective.LATENCY);
        Sensitivity one = layer("one", 10, 0.01, 0.3);
        Sensitivity two = layer("two", 10, 0.25, 0.2);
        Map<String, Option> raised = time.within(1000, List.of(one, two));
        assertThat(raised.values())
                .extracting(Option::text)
                .containsExactly("float", "the formats of int8-weights");
        assertThat(time.within(80, List.of(one, two))).containsOnlyKeys("two");
    }

    @Test
    void aNetworkIsNotMadeFloatAgain() {
        List<Sensitivity> two = new ArrayList<>(List.of(layer("a", 10, 0.1), layer("b", 10, 0.2)));
        assertThat(MixedPrecision.ofBytes(Recipes.INT8).within(1000, two)).containsOnlyKeys("b");
        assertThat(mixed.within(1000, two)).containsOnlyKeys("a", "b");
    }

    @Test
    void theFirstAndTheLastLayerHaveToEarnTheirBitsToo() {
        assertThat(mixed.low().edges().weights().format()).isEqualTo(NumberFormats.INT4);
    }

    @Test
    void whatTheUserSaysOfANodeCounts() {
        NodeScheme own = new NodeScheme(new NamePattern("small"), new StayFloat());
        MixedPrecision with = MixedPrecision.ofBytes(Recipes.W4A8.withSchemes(List.of(own)));
        Option wide = with.options().getFirst();
        Recipe raised = with.raising(Map.of("small", wide, "large", wide));
        assertThat(raised.schemes()).hasSize(3);
        assertThat(raised.schemes().getLast()).isEqualTo(own);
    }
}
