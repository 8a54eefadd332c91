package dev.nibble.cli;

import dev.nibble.engine.Progress;
import dev.nibble.train.EpochResult;
import dev.nibble.train.TrainingListener;

/** Shows how training goes: a bar for each epoch, and a line when it is done. */
final class TrainingProgress implements TrainingListener {
    private final Console console;
    private final int epochs;
    private final Progress bar;
    private int epoch = 1;
    private boolean running;

    TrainingProgress(Console console, int epochs) {
        this.console = console;
        this.epochs = epochs;
        this.bar = console.progress();
    }

    @Override
    public void begun(EpochResult start) {
        console.note(scores(new StringBuilder("start: "), start).toString());
    }

    @Override
    public void resumed(long steps) {
        console.note("going on after %d steps".formatted(steps));
    }

    @Override
    public void stepDone(long step, long steps, double loss) {
        long perEpoch = steps / epochs;
        epoch = (int) ((step - 1) / perEpoch) + 1;
        if (!running) {
            bar.start("epoch %d of %d".formatted(epoch, epochs), perEpoch - (step - 1) % perEpoch);
            running = true;
        }
        bar.advance(1);
        if (step % perEpoch == 0) {
            bar.finish();
            running = false;
        }
    }

    @Override
    public void epochDone(EpochResult result, boolean best) {
        console.note(line(result, epochs, best));
    }

    /**
     * As in {@code epoch 3 of 10: loss 0.412, held-out loss 0.43, top-1 88.1 %, agreement 90.2 %,
     * 92 s; the best}.
     */
    static String line(EpochResult result, int epochs, boolean best) {
        StringBuilder line =
                new StringBuilder(
                        "epoch %d of %d: loss %s, "
                                .formatted(
                                        result.epoch(),
                                        epochs,
                                        Figures.significant(result.loss(), 3)));
        return scores(line, result)
                .append(", ")
                .append(Figures.seconds(result.seconds()))
                .append(best ? "; the best" : "")
                .toString();
    }

    private static StringBuilder scores(StringBuilder line, EpochResult result) {
        line.append("held-out loss ").append(Figures.significant(result.heldOutLoss(), 3));
        result.accuracy()
                .ifPresent(share -> line.append(", top-1 ").append(Figures.percent(share)));
        result.agreement()
                .ifPresent(share -> line.append(", agreement ").append(Figures.percent(share)));
        return line;
    }
}
