package dev.nibble.engine;

/**
 * Some of many samples, evenly spaced over all of them.
 *
 * @param all what they are taken from
 * @param size how many; at most as many as there are
 */
public record EvenlySpaced(Samples all, int size) implements Samples {
    public EvenlySpaced {
        if (size < 0 || size > all.size()) {
            throw new IllegalArgumentException(
                    size + " samples cannot be taken from " + all.size());
        }
    }

    /** All samples, or {@code most} of them if they are more. */
    public static Samples atMost(int most, Samples all) {
        return all.size() <= most ? all : new EvenlySpaced(all, most);
    }

    @Override
    public Sample get(int index) {
        return all.get((int) ((long) index * all.size() / size));
    }

    @Override
    public boolean labelled() {
        return all.labelled();
    }

    @Override
    public String description() {
        return size + " of " + all.description();
    }
}
