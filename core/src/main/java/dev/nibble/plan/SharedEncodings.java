package dev.nibble.plan;

import java.util.HashMap;
import java.util.Map;

/** Which values must have the same encoding: a union-find over value names. */
final class SharedEncodings {
    private final Map<String, String> parents = new HashMap<>();

    void join(String one, String other) {
        String first = find(one);
        String second = find(other);
        if (!first.equals(second)) {
            // the lesser name leads, whatever the order of joining
            boolean firstLeads = first.compareTo(second) < 0;
            parents.put(firstLeads ? second : first, firstLeads ? first : second);
        }
    }

    String find(String value) {
        String at = value;
        for (String parent = parents.get(at); parent != null; parent = parents.get(at)) {
            at = parent;
        }
        return at;
    }
}
