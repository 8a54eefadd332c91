package dev.nibble.torch.finetune;

import dev.nibble.error.NibbleException;
import dev.nibble.torch.simulate.Simulation;
import dev.nibble.train.EpochResult;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.InputArchive;
import org.bytedeco.pytorch.OutputArchive;
import org.bytedeco.pytorch.Tensor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * A training written down, to go on from there: an archive of libtorch. It is written beside the
 * old one and renamed, so that one of them is whole at any time.
 *
 * @param task tells one training from another
 */
record Checkpoint(Path file, String task) {
    private static final String VERSION = "nibble checkpoint 1";
    private static final int FIELDS = 7;

    /**
     * How far a training is.
     *
     * @param steps that are done
     * @param lossSum of the steps of the current epoch
     * @param epochs that are done
     * @param best the best epoch, counted from 1; 0 for the start
     * @param bestState the network of that epoch
     */
    record Progress(
            long steps,
            double lossSum,
            List<EpochResult> epochs,
            int best,
            double bestLoss,
            Map<String, Tensor> bestState) {}

    boolean exists() {
        return Files.exists(file);
    }

    void write(Progress progress, Simulation simulation, Steps optimizers) {
        Path beside = file.resolveSibling(file.getFileName() + ".part");
        try (PointerScope _ = new PointerScope()) {
            OutputArchive archive = new OutputArchive();
            archive.write("version", new IValue(VERSION));
            archive.write("task", new IValue(task));
            archive.write("steps", new IValue(progress.steps()));
            archive.write("lossSum", new IValue(progress.lossSum()));
            archive.write("best", new IValue((long) progress.best()));
            archive.write("bestLoss", new IValue(progress.bestLoss()));
            archive.write("epochs", new IValue(text(progress.epochs())));
            write(archive, "now", simulation.state());
            write(archive, "best", progress.bestState());
            optimizers.save(archive);
            archive.save_to(beside.toString());
            Files.move(
                    beside,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            throw new NibbleException(
                    "checkpoint %s cannot be written: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static void write(OutputArchive archive, String kind, Map<String, Tensor> tensors) {
        int at = 0;
        for (Tensor tensor : new TreeMap<>(tensors).values()) {
            archive.write(kind + at++, tensor.detach());
        }
    }

    /**
     * Puts a network and its optimizers where they were.
     *
     * @throws NibbleException if the file is of another training or cannot be read
     */
    Progress read(Simulation simulation, Steps optimizers) {
        InputArchive archive = new InputArchive();
        try {
            archive.load_from(file.toString());
        } catch (RuntimeException e) {
            throw new NibbleException(
                    "%s is no checkpoint that can be read; delete it to begin anew".formatted(file),
                    e);
        }
        if (!text(archive, "version").equals(VERSION) || !text(archive, "task").equals(task)) {
            throw new NibbleException(
                    "checkpoint %s is of another training: network, samples or options differ; give those it began with, or delete it to begin anew"
                            .formatted(file));
        }
        simulation.restore(tensors(archive, "now", simulation.state()));
        optimizers.load(archive);
        return new Progress(
                value(archive, "steps").toInt(),
                value(archive, "lossSum").toDouble(),
                epochs(text(archive, "epochs")),
                (int) value(archive, "best").toInt(),
                value(archive, "bestLoss").toDouble(),
                tensors(archive, "best", simulation.state()));
    }

    private static Map<String, Tensor> tensors(
            InputArchive archive, String kind, Map<String, Tensor> like) {
        Map<String, Tensor> read = new TreeMap<>();
        int at = 0;
        for (String name : new TreeMap<>(like).keySet()) {
            Tensor tensor = new Tensor();
            archive.read(kind + at++, tensor);
            read.put(name, tensor);
        }
        return read;
    }

    private static IValue value(InputArchive archive, String key) {
        IValue value = new IValue();
        archive.read(key, value);
        return value;
    }

    private static String text(InputArchive archive, String key) {
        return value(archive, key).toStringRef().getString();
    }

    private static String text(List<EpochResult> epochs) {
        StringBuilder text = new StringBuilder();
        for (EpochResult epoch : epochs) {
            text.append(epoch.epoch())
                    .append(' ')
                    .append(epoch.loss())
                    .append(' ')
                    .append(epoch.accuracy().orElse(Double.NaN))
                    .append(' ')
                    .append(epoch.agreement().orElse(Double.NaN))
                    .append(' ')
                    .append(epoch.heldOutLoss())
                    .append(' ')
                    .append(epoch.learningRate())
                    .append(' ')
                    .append(epoch.seconds())
                    .append('\n');
        }
        return text.toString();
    }

    private static List<EpochResult> epochs(String text) {
        List<EpochResult> epochs = new ArrayList<>();
        for (String line : text.lines().toList()) {
            String[] fields = line.split(" ", FIELDS);
            epochs.add(
                    new EpochResult(
                            Integer.parseInt(fields[0]),
                            Double.parseDouble(fields[1]),
                            known(fields[2]),
                            known(fields[3]),
                            Double.parseDouble(fields[4]),
                            Double.parseDouble(fields[5]),
                            Double.parseDouble(fields[FIELDS - 1])));
        }
        return epochs;
    }

    private static OptionalDouble known(String field) {
        double number = Double.parseDouble(field);
        return Double.isNaN(number) ? OptionalDouble.empty() : OptionalDouble.of(number);
    }

    /** Removes the file; training is over. */
    void delete() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
