package dev.nibble.engine;

import java.util.List;

/**
 * Samples in two parts: one to look at, and one, evenly spaced over all, that is held out to judge.
 *
 * @param seen the larger part
 * @param heldOut the smaller part; the same as {@code seen} where there are too few to part with
 *     any
 * @param parted whether the two are different
 */
public record Partition(Samples seen, Samples heldOut, boolean parted) {
    /** With fewer samples than this none are held out. */
    public static final int FEWEST = 10;

    /** One sample of so many is held out. */
    static final int EVERY = 5;

    /** Holds a fifth of the samples out, at most so many; where there are fewer than 10, none. */
    public static Partition of(Samples all, int most) {
        if (all.size() < FEWEST) {
            return new Partition(all, all, false);
        }
        return holdingOut(Math.min(most, all.size() / EVERY), all);
    }

    /**
     * Holds one half out, and then the other, so that every sample is held out once; where there
     * are fewer than 10, none.
     */
    public static List<Partition> halves(Samples all) {
        if (all.size() < FEWEST) {
            return List.of(new Partition(all, all, false));
        }
        Partition one = holdingOut(all.size() / 2, all);
        return List.of(
                one, new Partition(/* seen= */ one.heldOut(), /* heldOut= */ one.seen(), true));
    }

    /** Holds so many samples out, those that {@link EvenlySpaced} takes. */
    public static Partition holdingOut(int out, Samples all) {
        return new Partition(new Rest(all, out), new EvenlySpaced(all, out), true);
    }

    /**
     * What {@link EvenlySpaced} does not take.
     *
     * @param out how many it takes
     */
    private record Rest(Samples all, int out) implements Samples {
        @Override
        public int size() {
            return all.size() - out;
        }

        @Override
        public Sample get(int index) {
            // place of the held-out sample k: floor(k · all / out); those before index + k are
            // skipped
            int k = (int) ((long) index * out / size());
            while (k < out && heldOutPlace(k) <= index + k) {
                k++;
            }
            while (k > 0 && heldOutPlace(k - 1) > index + k - 1) {
                k--;
            }
            return all.get(index + k);
        }

        private int heldOutPlace(int k) {
            return (int) ((long) k * all.size() / out);
        }

        @Override
        public boolean labelled() {
            return all.labelled();
        }

        @Override
        public String description() {
            return size() + " of " + all.description();
        }
    }
}
