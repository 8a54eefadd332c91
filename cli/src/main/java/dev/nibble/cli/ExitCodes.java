package dev.nibble.cli;

/** What a command tells the shell: part of its interface, listed by every {@code --help}. */
final class ExitCodes {
    /** The work is done. */
    static final int DONE = 0;

    /** Something was refused or failed; one message on standard error says what. */
    static final int FAILED = 1;

    /** The command line itself is wrong. */
    static final int USAGE = 2;

    /** The work is done, but the result misses a limit that was given on the command line. */
    static final int LIMIT_MISSED = 3;

    /** The user stopped it: 128 and the number of the signal. */
    static final int INTERRUPTED = 130;

    private ExitCodes() {}
}
