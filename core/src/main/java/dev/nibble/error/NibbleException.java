package dev.nibble.error;

/**
 * What a user can fix: a file, an option, a model that is not as it should be.
 *
 * <p>The message names what was given, what is allowed and what to do; the command line prints it
 * as it is and exits with 1. A mistake of the calling program is an {@link
 * IllegalArgumentException} instead.
 */
public final class NibbleException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What is left of a message on either side of its middle. */
    private static final int END_LENGTH = 2_000;

    public NibbleException(String message) {
        super(printable(message));
    }

    public NibbleException(String message, Throwable cause) {
        super(printable(message), cause);
    }

    /**
     * Names in files may be of any length and hold what a terminal takes for orders: the middle of
     * a long message is left out, control characters other than line ends are shown as U+FFFD.
     */
    private static String printable(String message) {
        int excess = message.length() - 2 * END_LENGTH;
        String shown =
                excess <= 0
                        ? message
                        : "%s … (%d characters left out) … %s"
                                .formatted(
                                        message.substring(0, END_LENGTH),
                                        excess,
                                        message.substring(END_LENGTH + excess));
        boolean plain = shown.chars().noneMatch(NibbleException::isOrder);
        return plain
                ? shown
                : shown.codePoints()
                        .map(c -> isOrder(c) ? '\uFFFD' : c)
                        .collect(
                                StringBuilder::new,
                                StringBuilder::appendCodePoint,
                                StringBuilder::append)
                        .toString();
    }

    private static boolean isOrder(int c) {
        return Character.isISOControl(c) && c != '\n' && c != '\t';
    }
}
