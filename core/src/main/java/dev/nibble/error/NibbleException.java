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

    public NibbleException(String message) {
        super(message);
    }

    public NibbleException(String message, Throwable cause) {
        super(message, cause);
    }
}
