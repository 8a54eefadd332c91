package dev.nibble.report.html;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** Puts the page together out of the resources and the data. */
final class Page {
    /** In the order in which they need one another. */
    private static final List<String> SCRIPTS =
            List.of(
                    "dom.js",
                    "words.js",
                    "data.js",
                    "charts.js",
                    "answers.js",
                    "machine.js",
                    "verdict.js",
                    "rungs.js",
                    "search.js",
                    "training.js",
                    "table.js",
                    "nodes.js",
                    "tensors.js",
                    "network.js",
                    "samples.js",
                    "provenance.js",
                    "main.js");

    private static final List<String> STYLES = List.of("theme.css", "layout.css", "parts.css");

    private Page() {}

    static String of(HtmlReport report) {
        StringBuilder page = new StringBuilder();
        for (String line : resource("page.html").split("\n", -1)) {
            switch (line.strip()) {
                case "{{title}}" ->
                        page.append("<title>")
                                .append(text(report.title()))
                                .append(" – Nibble report</title>\n");
                case "{{style}}" -> STYLES.forEach(style -> page.append(resource(style)));
                case "{{charts}}" -> page.append(inScript(resource("echarts.min.js"))).append('\n');
                case "{{data}}" -> report.runs().forEach(run -> page.append(data(run)));
                case "{{script}}" ->
                        page.append(
                                SCRIPTS.stream().map(Page::resource).collect(Collectors.joining()));
                default -> page.append(line).append('\n');
            }
        }
        return page.toString();
    }

    private static String data(HtmlReport.Run run) {
        return "<script type=\"application/json\" class=\"run\" data-name=\"%s\">%s</script>\n"
                .formatted(text(run.name()), json(run.json()));
    }

    /** The same JSON without what would end the script element that it stands in. */
    private static String json(String json) {
        return json.replace("<", "\\u003c");
    }

    /** Nothing in a script may look like the end of it. */
    private static String inScript(String script) {
        return script.replace("</script", "<\\/script");
    }

    private static String text(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }

    private static String resource(String name) {
        try (InputStream in =
                Objects.requireNonNull(
                        Page.class.getResourceAsStream(name), name + " is missing from the jar")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
