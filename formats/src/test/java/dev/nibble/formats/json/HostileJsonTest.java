package dev.nibble.formats.json;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.error.NibbleException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Recipes and plans made to do harm. */
class HostileJsonTest {
    @TempDir private Path folder;

    @Test
    void listsTenThousandDeep() throws IOException {
        refused("[".repeat(10_000), "nesting depth");
        refused("{\"a\":".repeat(10_000), "nesting depth");
    }

    @Test
    void recipesInRecipes() throws IOException {
        String scheme = "{\"schemes\":[{\"pattern\":\"a\",\"recipe\":";
        refused(scheme.repeat(300) + "\"int8\"" + "}]}".repeat(300), "schemes");
    }

    @Test
    void aNumberOfAMillionDigits() throws IOException {
        refused("{\"weights\":{\"granularity\":" + "9".repeat(1_000_000) + "}}", "Number");
    }

    @Test
    void aWrongFieldOfAMegabyteIsNotRepeatedInFull() throws IOException {
        Path file =
                Files.writeString(
                        folder.resolve("bad.json"), "{\"name\":[\"" + "x".repeat(1 << 20) + "\"]}");
        assertThatThrownBy(() -> RecipeFile.read(file))
                .isInstanceOf(NibbleException.class)
                .message()
                .contains("\"name\" is")
                .contains("it has to be a text")
                .hasSizeLessThan(5_000);
    }

    @Test
    void aFieldNameOfAMegabyte() throws IOException {
        refused("{\"" + "x".repeat(40_000) + "\":1}", "allowed are name");
    }

    private void refused(String text, String part) throws IOException {
        Path file = Files.writeString(folder.resolve("bad.json"), text);
        assertThatThrownBy(() -> RecipeFile.read(file))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(part);
        assertThatThrownBy(() -> PlanFile.read(file)).isInstanceOf(NibbleException.class);
    }
}
