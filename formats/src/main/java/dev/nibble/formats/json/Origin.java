package dev.nibble.formats.json;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Which program wrote a report, and at what words; what only it can know.
 *
 * @param version of Nibble; empty if it is not known
 * @param command what to type to do it again; empty if it was no command
 * @param seed of what is drawn at random
 * @param next what could be done next
 * @param pictures the picture of a sample as a data URI, by the name of the sample
 */
public record Origin(
        Optional<String> version,
        Optional<String> command,
        long seed,
        List<NextStep> next,
        Function<String, Optional<String>> pictures) {
    /** A program that uses Nibble as a library and says nothing about itself. */
    public static final Origin LIBRARY =
            new Origin(
                    Optional.ofNullable(Origin.class.getPackage().getImplementationVersion()),
                    Optional.empty(),
                    0,
                    List.of(),
                    _ -> Optional.empty());

    public Origin {
        next = List.copyOf(next);
    }

    /**
     * Something to do next.
     *
     * @param why in words
     * @param command to paste
     */
    public record NextStep(String why, String command) {}
}
