package dev.nibble.ladder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.number.NumberFormats;
import dev.nibble.plan.NamePattern;
import dev.nibble.plan.NodeScheme;
import dev.nibble.plan.NodeScheme.Like;
import dev.nibble.plan.NodeScheme.StayFloat;
import dev.nibble.plan.Recipe;
import dev.nibble.plan.Recipes;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Set;

class MixedPrecisionTest {
    private static final List<Sensitivity> LAYERS =
            List.of(
                    new Sensitivity("large", 1000, 0.10),
                    new Sensitivity("small", 10, 0.05),
                    new Sensitivity("middle", 100, 0.02),
                    new Sensitivity("better", 10, -0.01));

    private final MixedPrecision mixed = MixedPrecision.of(Recipes.W4A8);

    @Test
    void whatSavesMostForAByteComesFirst() {
        assertThat(MixedPrecision.ranked(LAYERS).stream().map(Sensitivity::node))
                .containsExactly("small", "middle", "large", "better");
    }

    @Test
    void bytesAreSpentWhereTheyFitAndSaveNoise() {
        // four bits more: half a byte for each weight
        assertThat(mixed.within(4, LAYERS)).isEmpty();
        assertThat(mixed.within(5, LAYERS)).containsExactly("small");
        assertThat(mixed.within(505, LAYERS)).containsExactlyInAnyOrder("small", "middle");
        assertThat(mixed.within(1000, LAYERS))
                .containsExactlyInAnyOrder("small", "middle", "large");
    }

    @Test
    void fourBitsAreRaisedToEightAndEightToFloat() {
        assertThat(mixed.high())
                .isInstanceOfSatisfying(
                        Like.class,
                        like ->
                                assertThat(like.recipe().weights().format())
                                        .isEqualTo(NumberFormats.INT8));
        assertThat(MixedPrecision.of(Recipes.INT8).high()).isEqualTo(new StayFloat());
    }

    @Test
    void aNetworkIsNotMadeFloatAgain() {
        List<Sensitivity> two =
                List.of(new Sensitivity("a", 10, 0.1), new Sensitivity("b", 10, 0.2));
        assertThat(MixedPrecision.of(Recipes.INT8).within(1000, two)).containsExactly("b");
        assertThat(mixed.within(1000, two)).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void theFirstAndTheLastLayerHaveToEarnTheirBitsToo() {
        assertThat(mixed.low().edges().weights().format()).isEqualTo(NumberFormats.INT4);
    }

    @Test
    void whatTheUserSaysOfANodeCounts() {
        NodeScheme own = new NodeScheme(new NamePattern("small"), new StayFloat());
        Recipe raised =
                MixedPrecision.of(Recipes.W4A8.withSchemes(List.of(own)))
                        .raising(Set.of("small", "large"));
        assertThat(raised.schemes()).hasSize(3);
        assertThat(raised.schemes().getLast()).isEqualTo(own);
    }
}
