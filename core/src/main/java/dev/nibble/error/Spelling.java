package dev.nibble.error;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Guesses which name somebody meant who wrote an unknown one. */
public final class Spelling {
    private Spelling() {}

    /**
     * The end of a message about an unknown name: {@code ; did you mean "int8"?}, or nothing if no
     * known name is close to it.
     */
    public static String hint(String given, Collection<String> known) {
        return closest(given, known).map(name -> "; did you mean \"" + name + "\"?").orElse("");
    }

    /** The known name with the fewest letters to change, if these are at most a third of it. */
    static Optional<String> closest(String given, Collection<String> known) {
        return known.stream()
                .filter(name -> Math.abs(given.length() - name.length()) <= slack(name))
                .filter(name -> distance(given, name) <= slack(name))
                .min(Comparator.comparingInt(name -> distance(given, name)));
    }

    private static int slack(String name) {
        return Math.max(2, name.length() / 3);
    }

    /** Letters to insert, remove or replace (Levenshtein 1966); case does not matter. */
    private static int distance(String one, String other) {
        String a = one.toLowerCase(Locale.ROOT);
        String b = other.toLowerCase(Locale.ROOT);
        int[] above = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(above[j], row[j - 1]));
            }
            above = row;
        }
        return above[b.length()];
    }
}
