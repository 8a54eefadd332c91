package dev.nibble.report.html;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.error.NibbleException;
import dev.nibble.report.html.HtmlReport.Run;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

class HtmlReportTest {
    @TempDir private Path folder;

    private static int count(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }

    @Test
    void thePageHoldsTheDataAndLoadsNothing() {
        String html = HtmlReport.of("small.onnx", Map.of("kind", "evaluation", "x", 1.5)).html();
        assertThat(html)
                .contains("<title>small.onnx – Nibble report</title>")
                .contains("default-src 'none'")
                .contains("\"x\":1.5")
                .doesNotContain("{{");
        assertThat(html.replaceAll("(?s)(<script[^>]*>).*?</script>", "$1"))
                .doesNotContainPattern("(src|href)=\"(?!data:|#)");
    }

    @Test
    void aNameCannotBreakOutOfWhereItStands() {
        String evil = "</script><script>alert(1)</script>\"&";
        String html = HtmlReport.of(evil, Map.of("model", evil)).html();
        String plain = HtmlReport.of("plain", Map.of("model", "plain")).html();
        assertThat(html).doesNotContain("<script>alert").contains("\\u003cscript>alert");
        assertThat(count(html, "</script>")).isEqualTo(count(plain, "</script>"));
    }

    @Test
    void runsAreLaidSideBySideUnderTheirNames() throws IOException {
        Path one = Files.writeString(folder.resolve("one.json"), "{\"kind\": \"quantization\"}");
        Path two = Files.writeString(folder.resolve("two.json"), "{\"kind\": \"evaluation\"}");
        HtmlReport report = HtmlReport.read(List.of(one, two));
        assertThat(report.title()).isEqualTo("one | two");
        assertThat(report.runs())
                .containsExactly(
                        new Run("one", "{\"kind\":\"quantization\"}"),
                        new Run("two", "{\"kind\":\"evaluation\"}"));
    }

    @Test
    void whatIsNoReportIsRefusedByName() throws IOException {
        Path other = Files.writeString(folder.resolve("plan.json"), "{\"recipe\": 1}");
        assertThatThrownBy(() -> HtmlReport.read(List.of(other)))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining("plan.json is no report")
                .hasMessageContaining("\"kind\" is missing")
                .hasMessageContaining("--json");
    }

    @Test
    void aFileThatExistsIsReplacedOnlyOnPurpose() throws IOException {
        Path page = Files.writeString(folder.resolve("page.html"), "mine");
        HtmlReport report = HtmlReport.of("a", Map.of("kind", "evaluation"));
        assertThatThrownBy(() -> report.write(page))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining("page.html exists");
        assertThat(page).hasContent("mine");
        report.replace(page);
        assertThat(Files.readString(page)).startsWith("<!doctype html>").contains("</html>");
    }
}
