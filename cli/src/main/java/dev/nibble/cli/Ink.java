package dev.nibble.cli;

/** Emphasis for words on a terminal. */
enum Ink {
    PLAIN(""),
    BOLD("1"),
    DIM("2"),
    GREEN("32"),
    YELLOW("33");

    private static final String ESCAPE = "\u001b[";

    private final String code;

    Ink(String code) {
        this.code = code;
    }

    /** The text in this ink, or as it is without colours. */
    String on(String text, boolean color) {
        return color && !code.isEmpty() && !text.isBlank()
                ? ESCAPE + code + "m" + text + ESCAPE + "0m"
                : text;
    }
}
