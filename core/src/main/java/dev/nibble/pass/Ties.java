package dev.nibble.pass;

import java.util.ArrayList;
import java.util.List;

/** Numbers that are one when they are tied: disjoint sets, the least member speaks for its set. */
final class Ties {
    private final List<Integer> parents = new ArrayList<>();

    /** A new number, tied to none. */
    int add() {
        parents.add(parents.size());
        return parents.size() - 1;
    }

    int find(int member) {
        int at = member;
        while (parents.get(at) != at) {
            parents.set(at, parents.get(parents.get(at)));
            at = parents.get(at);
        }
        return at;
    }

    void join(int one, int other) {
        int first = find(one);
        int second = find(other);
        parents.set(Math.max(first, second), Math.min(first, second));
    }
}
