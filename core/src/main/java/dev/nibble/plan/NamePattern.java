package dev.nibble.plan;

import dev.nibble.error.NibbleException;
import dev.nibble.graph.Node;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Which nodes or values are meant: a name with {@code *} for any run of characters and {@code ?}
 * for any one, or {@code type:} and an operator, as in {@code type:Gemm}. A backslash before one of
 * these, or before another backslash, makes it a character like any other.
 *
 * @param text the pattern as the user wrote it
 */
public record NamePattern(String text) {
    private static final String TYPE = "type:";
    private static final int ANY_RUN = -1;
    private static final int ANY = -2;
    private static final char ESCAPE = '\\';
    private static final Pattern SPECIAL = Pattern.compile("^(?=type:)|(?=[*?\\\\])");

    public NamePattern {
        if (text.isBlank() || text.equals(TYPE)) {
            throw new NibbleException(
                    "the pattern \""
                            + text
                            + "\" names nothing; write a node name with * and ?, or type:Conv");
        }
    }

    /** The pattern that only this name matches. */
    public static NamePattern exactly(String name) {
        return new NamePattern(
                SPECIAL.matcher(name).replaceAll(Matcher.quoteReplacement("" + ESCAPE)));
    }

    public boolean matchesName(String name) {
        return !text.startsWith(TYPE) && matches(text, name);
    }

    public boolean matchesType(String opType) {
        return text.startsWith(TYPE) && matches(text.substring(TYPE.length()), opType);
    }

    /** Whether the name of a node or its operator is meant. */
    public boolean matches(Node node) {
        return matchesName(node.name()) || matchesType(node.opType());
    }

    /**
     * Whether a name is what a glob describes, in at most as many steps as the product of their
     * lengths: where a character does not fit, the last star takes one more, and what the stars
     * before it took stays.
     */
    private static boolean matches(String pattern, String name) {
        int[] glob = parts(pattern);
        int at = 0;
        int star = -1;
        int taken = 0;
        for (int i = 0; i < name.length(); ) {
            if (at < glob.length && glob[at] == ANY_RUN) {
                star = at++;
                taken = i;
            } else if (at < glob.length && (glob[at] == ANY || glob[at] == name.charAt(i))) {
                at++;
                i++;
            } else if (star >= 0) {
                at = star + 1;
                i = ++taken;
            } else {
                return false;
            }
        }
        return IntStream.of(glob).skip(at).allMatch(part -> part == ANY_RUN);
    }

    /** Characters, and what stands for others. */
    private static int[] parts(String pattern) {
        IntStream.Builder parts = IntStream.builder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == ESCAPE && SPECIAL.matcher(pattern.substring(i + 1)).lookingAt()) {
                i++;
                parts.add(pattern.charAt(i));
            } else {
                parts.add(c == '*' ? ANY_RUN : c == '?' ? ANY : c);
            }
        }
        return parts.build().toArray();
    }

    @Override
    public String toString() {
        return text;
    }
}
