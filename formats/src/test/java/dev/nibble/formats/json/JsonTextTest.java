package dev.nibble.formats.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

class JsonTextTest {
    private record Row(String name, double share, Optional<String> reason, List<Integer> codes) {}

    private enum Color {
        RED
    }

    private static String compact(Object data) {
        return JsonText.of(data).replaceAll("\\s+", "");
    }

    @Test
    void recordsBecomeObjectsWithTheNamesOfTheirComponents() {
        assertThat(compact(new Row("a", 0.5, Optional.of("why"), List.of(1, 2))))
                .isEqualTo("{\"name\":\"a\",\"share\":0.5,\"reason\":\"why\",\"codes\":[1,2]}");
    }

    @Test
    void mapsKeepTheirOrder() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("z", 1L);
        map.put("a", true);
        assertThat(compact(map)).isEqualTo("{\"z\":1,\"a\":true}");
    }

    @Test
    void whatJsonHasNoNumberForBecomesNull() {
        assertThat(
                        compact(
                                Arrays.asList(
                                        Double.NaN,
                                        Double.POSITIVE_INFINITY,
                                        Float.NEGATIVE_INFINITY,
                                        Optional.empty(),
                                        OptionalInt.empty(),
                                        OptionalLong.empty(),
                                        OptionalDouble.empty(),
                                        OptionalDouble.of(Double.NaN),
                                        null)))
                .isEqualTo("[null,null,null,null,null,null,null,null,null]");
    }

    @Test
    void floatsHaveTheDigitsOfFloats() {
        assertThat(compact(List.of(0.1f, 0.1, OptionalLong.of(3), OptionalInt.of(4))))
                .isEqualTo("[0.1,0.1,3,4]");
    }

    @Test
    void textsPathsAndConstantsAreQuoted() {
        assertThat(compact(List.of("a\"b\n", Path.of("x/y"), Color.RED)))
                .isEqualTo("[\"a\\\"b\\n\",\"x/y\",\"RED\"]");
    }

    @Test
    void whatIsNotPlainDataIsRefused() {
        assertThatThrownBy(() -> JsonText.of(List.of(new StringBuilder("a"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("java.lang.StringBuilder is not plain data");
    }

    @Test
    void aFileEndsWithANewline(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("data.json");
        JsonFile.write(Map.of("a", "ä"), file);
        assertThat(Files.readString(file)).isEqualTo("{\n  \"a\" : \"ä\"\n}\n");
    }

    @Test
    void aFileIsReplacedAsAWhole(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("data.json");
        Files.writeString(file, "much longer than what comes after it");
        JsonFile.write(List.of(), file);
        assertThat(Files.readString(file)).isEqualTo("[ ]\n");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }
}
