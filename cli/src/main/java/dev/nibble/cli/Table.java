package dev.nibble.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Rows of words under a heading, in columns that fit a terminal.
 *
 * <p>Where the lines would be too long, elastic columns give way, the widest first, and their words
 * are cut in the middle: names in networks differ at their ends.
 */
final class Table {
    private static final String GAP = "  ";
    private static final int LEAST_ELASTIC = 8;

    private final List<Column> columns;
    private final List<List<Cell>> rows = new ArrayList<>();

    private Table(List<Column> columns) {
        this.columns = List.copyOf(columns);
    }

    /** An empty table. */
    static Table of(Column... columns) {
        return new Table(List.of(columns));
    }

    /**
     * One column.
     *
     * @param right whether words are moved to its right edge, as numbers are
     * @param elastic whether it may become narrower than its words
     */
    record Column(String heading, boolean right, boolean elastic) {
        /** Words. */
        static Column left(String heading) {
            return new Column(heading, false, false);
        }

        /** Numbers. */
        static Column right(String heading) {
            return new Column(heading, true, false);
        }

        /** Words that may be cut in the middle to fit the line. */
        static Column elastic(String heading) {
            return new Column(heading, false, true);
        }
    }

    /** What stands in one place. */
    record Cell(String text, Ink ink) {}

    /** Adds a row; there is one text for each column. */
    Table row(String... texts) {
        return row(Ink.PLAIN, texts);
    }

    /** Adds a row in one ink. */
    Table row(Ink ink, String... texts) {
        return row(List.of(texts).stream().map(text -> new Cell(text, ink)).toList());
    }

    Table row(List<Cell> cells) {
        if (cells.size() != columns.size()) {
            throw new IllegalArgumentException(
                    "a row of %d cells in a table of %d columns"
                            .formatted(cells.size(), columns.size()));
        }
        rows.add(List.copyOf(cells));
        return this;
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    /**
     * The heading and the rows as lines of at most {@code width} characters, if that is possible.
     */
    List<String> lines(int width, boolean color) {
        int[] widths = widths(width);
        List<String> lines = new ArrayList<>();
        lines.add(
                line(
                        columns.stream().map(c -> new Cell(c.heading(), Ink.BOLD)).toList(),
                        widths,
                        color));
        rows.forEach(row -> lines.add(line(row, widths, color)));
        return lines;
    }

    private int[] widths(int limit) {
        int[] widths = IntStream.range(0, columns.size()).map(this::naturalWidth).toArray();
        int gaps = GAP.length() * (columns.size() - 1);
        for (int over = IntStream.of(widths).sum() + gaps - limit; over > 0; over--) {
            int widest = widestElastic(widths);
            if (widest < 0) {
                break;
            }
            widths[widest]--;
        }
        return widths;
    }

    private int naturalWidth(int column) {
        int rowsWidth =
                rows.stream().mapToInt(row -> row.get(column).text().length()).max().orElse(0);
        return Math.max(columns.get(column).heading().length(), rowsWidth);
    }

    private int widestElastic(int[] widths) {
        int widest = -1;
        for (int i = 0; i < widths.length; i++) {
            if (columns.get(i).elastic()
                    && widths[i] > LEAST_ELASTIC
                    && (widest < 0 || widths[i] > widths[widest])) {
                widest = i;
            }
        }
        return widest;
    }

    private String line(List<Cell> cells, int[] widths, boolean color) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            String text = shortened(cells.get(i).text(), widths[i]);
            String padding = " ".repeat(widths[i] - text.length());
            String inked = cells.get(i).ink().on(text, color);
            line.append(i == 0 ? "" : GAP);
            line.append(columns.get(i).right() ? padding + inked : inked + padding);
        }
        return line.toString().stripTrailing();
    }

    /** The text, with its middle replaced by an ellipsis where it is too long. */
    static String shortened(String text, int width) {
        if (text.length() <= width) {
            return text;
        }
        int tail = (width - 1) / 2;
        int head = width - 1 - tail;
        return text.substring(0, head) + "…" + text.substring(text.length() - tail);
    }
}
