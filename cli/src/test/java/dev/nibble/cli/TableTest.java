package dev.nibble.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.cli.Table.Column;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableTest {
    private static Table table() {
        return Table.of(Column.elastic("name"), Column.right("size"), Column.elastic("reason"));
    }

    @Test
    void columnsAreAsWideAsTheirWords() {
        assertThat(table().row("a", "12.5", "why").row("longer", "7", "").lines(80, false))
                .containsExactly(
                        "name    size  reason", //
                        "a       12.5  why",
                        "longer     7");
    }

    @Test
    void elasticColumnsGiveWayTheWidestFirst() {
        Table table =
                table().row("a-rather-long-name", "1", "a reason that is longer than the name");
        assertThat(table.lines(50, false))
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(50));
        assertThat(table.lines(50, false).getLast())
                .isEqualTo("a-rather-long-name     1  a reason tha…an the name");
    }

    @Test
    void whatCannotGiveWayIsNotCut() {
        Table table = Table.of(Column.left("name")).row("a-rather-long-name");
        assertThat(table.lines(10, false)).contains("a-rather-long-name");
    }

    @Test
    void inkTakesNoRoom() {
        Table table = Table.of(Column.left("a"), Column.left("b")).row(Ink.GREEN, "xx", "y");
        assertThat(table.lines(80, true))
                .containsExactly(
                        "\u001b[1ma\u001b[0m   \u001b[1mb\u001b[0m",
                        "\u001b[32mxx\u001b[0m  \u001b[32my\u001b[0m");
    }

    @ParameterizedTest
    @CsvSource({
        "abcdefgh, 8, abcdefgh",
        "abcdefgh, 7, abc…fgh",
        "abcdefgh, 4, ab…h",
        "abcdefgh, 1, …"
    })
    void longTextsLoseTheirMiddle(String text, int width, String expected) {
        assertThat(Table.shortened(text, width)).isEqualTo(expected);
    }

    @Test
    void aRowHasACellForEachColumn() {
        Table table = table();
        assertThatThrownBy(() -> table.row("a")).isInstanceOf(IllegalArgumentException.class);
    }
}
