package dev.nibble.plan;

import dev.nibble.error.NibbleException;

import java.util.function.Predicate;
import java.util.regex.Pattern;

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
        return !text.startsWith(TYPE) && glob(text).test(name);
    }

    public boolean matchesType(String opType) {
        return text.startsWith(TYPE) && glob(text.substring(TYPE.length())).test(opType);
    }

    private static Predicate<String> glob(String text) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '*' -> regex.append(".*");
                case '?' -> regex.append('.');
                default -> regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL).asMatchPredicate();
    }

    @Override
    public String toString() {
        return text;
    }
}
