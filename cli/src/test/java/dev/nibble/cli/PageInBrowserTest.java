package dev.nibble.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/** The pages as Chromium shows them: drawn, usable, accessible, and asking nobody for anything. */
class PageInBrowserTest {
    private static final long MOST_BYTES = 5_000_000;

    @TempDir private static Path folder;

    private static Browser browser;
    private static DemoFiles demo;

    @BeforeAll
    static void startAndUnpack() {
        browser = Browser.start(folder.resolve("profile"));
        demo = DemoFiles.into(folder.resolve("demo"));
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
    }

    /** The page and the JSON of a run on the embedded example. */
    private Path quantized(String recipe) {
        Path page = folder.resolve(recipe + ".html");
        if (!Files.exists(page)) {
            Run run =
                    Run.of(
                            "quantize",
                            demo.network("mobilenet"),
                            "-o",
                            folder.resolve(recipe + ".onnx"),
                            "--data",
                            demo.calibrationImages(),
                            "--recipe",
                            recipe,
                            "--report",
                            page,
                            "--json",
                            folder.resolve(recipe + ".json"));
            assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCodes.DONE);
        }
        return page;
    }

    @Test
    void theReportOfAQuantizationWorksInBothThemesNarrowAndWide() throws IOException {
        check(quantized("int8"));
    }

    @Test
    void theReportOfMobileNetWorksInBothThemesNarrowAndWide() throws IOException {
        checkReal("int8");
    }

    @Test
    void theReportOfMobileNetWithFourBitsWorksInBothThemesNarrowAndWide() throws IOException {
        checkReal("w4a8");
    }

    private void checkReal(String recipe) throws IOException {
        Path page = folder.resolve("real-" + recipe + ".html");
        Run run =
                Run.of(
                        "quantize",
                        SharedFiles.get("models/mobilenet_v2_imagenet.onnx"),
                        "-o",
                        folder.resolve("real-" + recipe + ".onnx"),
                        "--data",
                        SharedFiles.get("data/imagenet/calibrate"),
                        "--samples",
                        20,
                        "--preprocess",
                        "tf,resize=exact",
                        "--recipe",
                        recipe,
                        "--report",
                        page);
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCodes.DONE);
        assertThat(Files.size(page)).isLessThan(MOST_BYTES);
        check(page);
    }

    private static void check(Path page) throws IOException {
        for (int width : List.of(400, 1600)) {
            for (String theme : List.of("light", "dark")) {
                browser.open(page, width, theme);
                assertThat(browser.text("document.documentElement.dataset.theme")).isEqualTo(theme);
                assertThat(browser.count("document.documentElement.scrollWidth"))
                        .as("nothing sticks out at %d pixels", width)
                        .isLessThanOrEqualTo(width);
                everyChartHasItsMarks();
                everyNumberIsInTheJson();
                theTableSortsAndFilters();
                theTensorPickerWorks();
                assertThat(browser.faults()).isEmpty();
                theButtonChangesTheTheme(theme);
                assertThat(browser.complaints()).isEmpty();
                assertThat(browser.requests()).containsOnly(page.toUri().toString());
            }
        }
    }

    private static void everyChartHasItsMarks() {
        assertThat(browser.count("document.querySelectorAll('.chart').length"))
                .isGreaterThanOrEqualTo(3);
        assertThat(
                        browser.count(
                                "[...document.querySelectorAll('.chart')].filter(each =>"
                                        + " each.querySelectorAll('svg path, svg rect').length <"
                                        + " 4).length"))
                .as("charts without marks")
                .isZero();
        assertThat(
                        browser.count(
                                "document.querySelectorAll('#rungs .chart svg path[fill]').length"))
                .as("a bar for each repair")
                .isGreaterThanOrEqualTo(browser.count("runs[0].data.rungs.length"));
        assertThat(browser.count("document.querySelectorAll('#network .chart svg text').length"))
                .as("a name and an operator in the box of each node")
                .isGreaterThanOrEqualTo(2 * browser.count("runs[0].data.nodes.length"));
        assertThat(browser.count("document.querySelectorAll('.chart:not([aria-label])').length"))
                .as("charts without words")
                .isZero();
    }

    /**
     * Each number that is shown is one of the data's, rounded to as many digits as are shown, and
     * as it is, in percent, or in thousands and their powers.
     */
    private static void everyNumberIsInTheJson() {
        Object strangers =
                browser.run(
                        """
                        const known = [];
                        const walk = value => {
                          if (typeof value === 'number') known.push(Math.abs(value));
                          else if (value && typeof value === 'object') Object.values(value).forEach(walk);
                        };
                        walk(runs[0].data);
                        runs[0].data.nodes.forEach((_, i) => known.push(i + 1));
                        const shown = [...document.querySelectorAll('#verdict .big:not(.none), #verdict .bars .number, #rungs td.number, #nodes td.number')]
                          .flatMap(each => each.textContent.replaceAll(',', '').match(/\\d+(\\.\\d+)?(e[+-]?\\d+)?/g) ?? []);
                        const isIn = text => {
                          const digits = (text.split('e')[0].split('.')[1] ?? '').length;
                          const half = text.includes('e') ? Number(text) * .006 : .5001 * 10 ** -digits;
                          return known.some(value => [1, 100, 1e-3, 1e-6, 1e-9].some(unit => Math.abs(value * unit - Number(text)) <= half));
                        };
                        const strangers = [...new Set(shown)].filter(text => !isIn(text));
                        return shown.length === 0 ? ['no numbers at all'] : strangers;
                        """);
        // what is less than a hundredth of a percent is said to be so
        assertThat(((List<?>) strangers).stream().map(String::valueOf).toList()).isSubsetOf("0.01");
    }

    private static void theTableSortsAndFilters() {
        long place =
                browser.count(
                        "[...document.querySelectorAll('#nodes thead th')].findIndex(each =>"
                                + " each.textContent === 'weights dB')");
        String column =
                "[...document.querySelectorAll('#nodes tbody tr')].map(row =>"
                        + " parseFloat(row.children[%d].textContent)).filter(value => !isNaN(value))"
                                .formatted(place);
        String head = "document.querySelectorAll('#nodes thead th')[%d]".formatted(place);
        browser.run(head + ".querySelector('button').click(); return true");
        assertThat(browser.text(head + ".getAttribute('aria-sort')")).isEqualTo("descending");
        assertThat(numbers(column)).isNotEmpty().isSortedAccordingTo(Comparator.reverseOrder());
        browser.run(head + ".querySelector('button').click(); return true");
        assertThat(browser.text(head + ".getAttribute('aria-sort')")).isEqualTo("ascending");
        assertThat(numbers(column)).isNotEmpty().isSorted();

        long all = browser.count("document.querySelectorAll('#nodes tbody tr').length");
        assertThat(all).isEqualTo(browser.count("runs[0].data.nodes.length"));
        browser.run(
                "const field = document.getElementById('node-filter'); field.value = 'conv';"
                        + " field.dispatchEvent(new Event('input')); return true");
        long left = browser.count("document.querySelectorAll('#nodes tbody tr').length");
        assertThat(left).isBetween(1L, all - 1);
        assertThat(browser.text("document.querySelector('#nodes [role=status]').textContent"))
                .isEqualTo("%d of %d nodes".formatted(left, all));
    }

    private static List<Double> numbers(String script) {
        return ((List<?>) browser.run("return " + script))
                .stream().map(value -> ((Number) value).doubleValue()).toList();
    }

    private static void theTensorPickerWorks() {
        String label = "document.querySelector('#tensors .chart').getAttribute('aria-label')";
        String drawing = "document.querySelector('#tensors .chart svg').innerHTML";
        String before = browser.text(label);
        String drawn = browser.text(drawing);
        String chosen =
                browser.text(
                        "(() => { const pick = document.getElementById('tensor'); const other ="
                            + " [...pick.options].find(option => option.parentElement.label ==="
                            + " 'Weights' && !option.selected); pick.value = other.value;"
                            + " pick.dispatchEvent(new Event('change')); return other.value; })()");
        assertThat(browser.text(label)).isNotEqualTo(before).contains("weight " + chosen);
        assertThat(browser.text(drawing)).isNotEqualTo(drawn);
    }

    private static void theButtonChangesTheTheme(String theme) {
        String shown = "document.documentElement.dataset.theme";
        browser.run("document.getElementById('theme').click(); return true");
        assertThat(browser.text(shown)).isNotEqualTo(theme);
        browser.run("document.getElementById('theme').click(); return true");
        assertThat(browser.text(shown)).isEqualTo(theme);
    }

    /** The JSON of an evaluation, beside which its page is. */
    private Path evaluated() {
        Path evaluation = folder.resolve("evaluation.json");
        if (Files.exists(evaluation)) {
            return evaluation;
        }
        Run evaluated =
                Run.of(
                        "evaluate",
                        demo.network("mobilenet"),
                        folder.resolve("int8.onnx"),
                        "--data",
                        demo.evaluationImages(),
                        "--samples",
                        20,
                        "--report",
                        folder.resolve("evaluation.html"),
                        "--json",
                        evaluation);
        assertThat(evaluated.exitCode()).as(evaluated.err()).isEqualTo(ExitCodes.DONE);
        return evaluation;
    }

    @Test
    void twoRunsAndAnEvaluationAreLaidSideBySide() throws IOException {
        quantized("int8");
        quantized("w4a8");
        Path evaluation = evaluated();
        Path page = folder.resolve("both.html");
        Run run =
                Run.of(
                        "report",
                        folder.resolve("int8.json"),
                        folder.resolve("w4a8.json"),
                        evaluation,
                        "-o",
                        page);
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCodes.DONE);
        browser.open(page, 1600, "light");
        assertThat(browser.count("document.querySelectorAll('#verdict .cards').length"))
                .isEqualTo(2);
        assertThat(browser.text("document.querySelector('#verdict .cards').textContent"))
                .as("the evaluation tells the speed of the first")
                .containsPattern("Speed\\d");
        assertThat(browser.text("document.querySelectorAll('#verdict .cards')[1].textContent"))
                .contains("Speednot measured");
        assertThat(browser.count("document.querySelectorAll('#differences tbody tr').length"))
                .isPositive();
        assertThat(browser.faults()).isEmpty();
        browser.run(
                "const pick = document.getElementById('run'); pick.value = '1';"
                        + " pick.dispatchEvent(new Event('change')); return true");
        assertThat(browser.text("document.querySelector('#nodes tbody').textContent"))
                .contains("int4");
        assertThat(browser.complaints()).isEmpty();

        browser.open(folder.resolve("evaluation.html"), 400, "dark");
        assertThat(browser.text("document.getElementById('verdict').textContent"))
                .containsPattern("Speed\\d")
                .containsPattern("Throughput\\d")
                .containsPattern("Load time\\d")
                .containsPattern("Energy( \\(estimate\\))?\\d");
        assertThat(browser.count("document.documentElement.scrollWidth"))
                .as("nothing sticks out")
                .isLessThanOrEqualTo(400);
        assertThat(browser.count("document.querySelectorAll('#classes tbody tr').length"))
                .isPositive();
        assertThat(browser.faults()).isEmpty();
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void errorsOfLayersStandInTheTableOfNodesWhateverElseIsOnThePage() throws IOException {
        quantized("int8");
        Path evaluation = evaluated();
        Path page = folder.resolve("layered.html");
        Run run = Run.of("report", folder.resolve("int8.json"), evaluation, "-o", page);
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCodes.DONE);

        browser.open(page, 1600, "light");

        assertThat(browser.text("document.querySelector('#nodes thead').textContent"))
                .contains("error so far", "error added", "share of error");
        assertThat(
                        browser.count(
                                "document.querySelectorAll('#nodes thead th').length -"
                                    + " document.querySelector('#nodes tbody tr').children.length"))
                .isZero();
        assertThat(browser.complaints()).isEmpty();
    }
}
