package dev.nibble.engine;

/**
 * Who is told how far long work has come, and can stop it. Called from several threads.
 *
 * <p>A listener that throws {@link java.util.concurrent.CancellationException} from {@link
 * #advance} cancels the work.
 */
public interface Progress {
    /** Nobody listens. */
    Progress NONE =
            new Progress() {
                @Override
                public void start(String stage, long steps) {}

                @Override
                public void advance(long steps) {}

                @Override
                public void finish() {}
            };

    /**
     * A stage of work begins: its name in the present participle, as in {@code calibrating}, and
     * how many steps it has.
     */
    void start(String stage, long steps);

    /** So many more steps of the current stage are done. */
    void advance(long steps);

    /** The current stage is over. */
    void finish();
}
