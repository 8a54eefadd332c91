package dev.nibble.plan;

import dev.nibble.error.NibbleException;

/**
 * Which nodes or values are meant: a name with {@code *} for any run of characters and {@code ?}
 * for any one, or {@code type:} and an operator, as in {@code type:Gemm}.
 *
 * @param text the pattern as the user wrote it
 */
public record NamePattern(String text) {
    private static final String TYPE = "type:";

    public NamePattern {
        if (text.isBlank() || text.equals(TYPE)) {
            throw new NibbleException(
                    "the pattern \""
                            + text
                            + "\" names nothing; write a node name with * and ?, or type:Conv");
        }
    }

    public boolean matchesName(String name) {
        return !text.startsWith(TYPE) && matches(text, name);
    }

    public boolean matchesType(String opType) {
        return text.startsWith(TYPE) && matches(text.substring(TYPE.length()), opType);
    }

    /**
     * Whether a name is what a glob describes, in at most as many steps as the product of their
     * lengths: where a character does not fit, the last star takes one more, and what the stars
     * before it took stays.
     */
    private static boolean matches(String glob, String name) {
        int at = 0;
        int star = -1;
        int taken = 0;
        for (int i = 0; i < name.length(); ) {
            if (at < glob.length() && glob.charAt(at) == '*') {
                star = at++;
                taken = i;
            } else if (at < glob.length()
                    && (glob.charAt(at) == '?' || glob.charAt(at) == name.charAt(i))) {
                at++;
                i++;
            } else if (star >= 0) {
                at = star + 1;
                i = ++taken;
            } else {
                return false;
            }
        }
        return glob.chars().skip(at).allMatch(c -> c == '*');
    }

    @Override
    public String toString() {
        return text;
    }
}
