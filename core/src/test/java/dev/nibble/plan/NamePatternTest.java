package dev.nibble.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.error.NibbleException;
import dev.nibble.number.Range;

import org.junit.jupiter.api.Test;

import java.util.List;

class NamePatternTest {
    @Test
    void matchesNamesWithWildcards() {
        assertThat(new NamePattern("/features/*/conv?").matchesName("/features/3/0/conv1"))
                .isTrue();
        assertThat(new NamePattern("conv1").matchesName("conv10")).isFalse();
    }

    @Test
    void takesAnyRunForAStar() {
        assertThat(new NamePattern("*").matchesName("")).isTrue();
        assertThat(new NamePattern("a*").matchesName("a\nb")).isTrue();
        assertThat(new NamePattern("*ab*b").matchesName("aabab")).isTrue();
        assertThat(new NamePattern("*ab").matchesName("aba")).isFalse();
        assertThat(new NamePattern("a**?").matchesName("a")).isFalse();
    }

    @Test
    void manyStarsDoNotTakeForEver() {
        String pattern = "*a".repeat(1_000) + "b";
        assertThat(new NamePattern(pattern).matchesName("a".repeat(10_000))).isFalse();
    }

    @Test
    void takesEverythingElseLiterally() {
        assertThat(new NamePattern("a.b(1)[2]").matchesName("a.b(1)[2]")).isTrue();
        assertThat(new NamePattern("a.b").matchesName("axb")).isFalse();
    }

    @Test
    void matchesOperatorsOnlyWhenAsked() {
        assertThat(new NamePattern("type:Conv").matchesType("Conv")).isTrue();
        assertThat(new NamePattern("Conv").matchesType("Conv")).isFalse();
        assertThat(new NamePattern("type:Conv").matchesName("type:Conv")).isFalse();
    }

    @Test
    void readsRanges() {
        assertThat(RangeOverride.parse("conv*=-1.5,6"))
                .isEqualTo(new RangeOverride(new NamePattern("conv*"), new Range(-1.5f, 6)));
        assertThat(RangeOverride.parse("a=b=0,1").pattern().text()).isEqualTo("a=b");
    }

    @Test
    void explainsHowARangeIsWritten() {
        for (String wrong :
                new String[] {
                    "conv", "conv=1", "conv=1,2,3", "conv=a,b", "conv=2,1", "=1,2", "conv=0,NaN"
                }) {
            assertThatThrownBy(() -> RangeOverride.parse(wrong))
                    .isInstanceOf(NibbleException.class);
        }
    }

    @Test
    void anExactPatternMatchesOnlyItsName() {
        for (String name : List.of("a*b", "a?b", "a\\b", "a\\*", "type:Conv", "plain")) {
            NamePattern pattern = NamePattern.exactly(name);
            assertThat(pattern.matchesName(name)).as(name).isTrue();
            assertThat(pattern.matchesType("Conv")).isFalse();
            assertThat(pattern.matchesName("axb")).isFalse();
        }
        assertThat(NamePattern.exactly("a*b").text()).isEqualTo("a\\*b");
    }

    @Test
    void aBackslashBeforeAnotherCharacterIsItself() {
        assertThat(new NamePattern("a\\b").matchesName("a\\b")).isTrue();
    }
}
