package dev.nibble.engine;

/** The empty set of samples, for what needs none. */
public enum NoSamples implements Samples {
    INSTANCE;

    @Override
    public int size() {
        return 0;
    }

    @Override
    public Sample get(int index) {
        throw new IndexOutOfBoundsException("there are no samples, so not " + index + " either");
    }

    @Override
    public boolean labelled() {
        return false;
    }

    @Override
    public String description() {
        return "no samples";
    }
}
