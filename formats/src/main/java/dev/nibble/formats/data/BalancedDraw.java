package dev.nibble.formats.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;

/**
 * Draws samples evenly from all classes: each class is shuffled, then the classes, also shuffled,
 * take turns. The order of what was drawn is restored.
 *
 * <p>{@link Random} and {@link Collections#shuffle} are specified to the bit, so a seed means the
 * same everywhere.
 */
final class BalancedDraw {
    private BalancedDraw() {}

    /**
     * Positions in ascending order.
     *
     * @param label the class at each position; unknown ones count as one class
     */
    static List<Integer> draw(int size, IntUnaryOperator label, int count, long seed) {
        Map<Integer, List<Integer>> classes = new TreeMap<>();
        for (int i = 0; i < size; i++) {
            classes.computeIfAbsent(label.applyAsInt(i), _ -> new ArrayList<>()).add(i);
        }
        Random random = new Random(seed);
        List<List<Integer>> turns = new ArrayList<>(classes.values());
        turns.forEach(members -> Collections.shuffle(members, random));
        Collections.shuffle(turns, random);
        List<Integer> drawn = new ArrayList<>(count);
        for (int round = 0; drawn.size() < count; round++) {
            for (List<Integer> members : turns) {
                if (round < members.size() && drawn.size() < count) {
                    drawn.add(members.get(round));
                }
            }
        }
        Collections.sort(drawn);
        return drawn;
    }
}
