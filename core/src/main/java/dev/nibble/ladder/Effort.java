package dev.nibble.ladder;

import dev.nibble.error.NibbleException;
import dev.nibble.error.Spelling;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How far up the ladder to climb. */
public enum Effort {
    /** Seconds. */
    QUICK,

    /** A minute or so: what looks at the quantized network layer by layer. */
    GOOD,

    /** Minutes: what trains or searches. */
    BEST;

    /**
     * The effort of a name such as {@code good}.
     *
     * @throws NibbleException if there is none
     */
    public static Effort named(String name) {
        List<String> known = Arrays.stream(values()).map(Effort::toString).toList();
        return Arrays.stream(values())
                .filter(effort -> effort.toString().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new NibbleException(
                                "there is no effort \"%s\"; known are %s%s"
                                        .formatted(
                                                name,
                                                String.join(", ", known),
                                                Spelling.hint(name, known))));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
