package dev.nibble.cli;

import dev.nibble.formats.data.DataSet;
import dev.nibble.formats.image.Preprocessing;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What every command that reads samples takes. */
final class DataOptions {
    private static final Pattern RANDOM = Pattern.compile("random(?::(\\d{1,6}))?");
    private static final int RANDOM_COUNT = 32;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--data",
            paramLabel = "DATA",
            description =
                    "The samples: a folder or zip of images, with labels.csv (file,label) or a"
                            + " folder for each class; a .npz or .npy file; a folder of ONNX"
                            + " test_data_set_* folders; or random[:COUNT] for inputs made up for"
                            + " the network, with which nothing can be said of its accuracy.")
    private @Nullable Path data;

    @Option(
            names = "--preprocess",
            paramLabel = "SPEC",
            description =
                    "How an image becomes an input: imagenet, tf, unit or raw, each with"
                            + " resize=crop (default) or resize=exact, as in tf,resize=exact; or a"
                            + " JSON file. Networks made by nibble remember it.")
    private @Nullable String preprocess;

    @Option(
            names = "--samples",
            paramLabel = "N",
            converter = Count.class,
            description = "Draw N of the samples at random, balanced over classes. Default: all.")
    private @Nullable Integer samples;

    @Option(
            names = "--batch",
            paramLabel = "N",
            converter = Count.class,
            description =
                    "Samples that are computed at once. Default: 1, on which results do not depend;"
                            + " of train 64, which a step learns from together.")
    private @Nullable Integer batch;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Decides which samples are drawn, or made up. Default: ${DEFAULT-VALUE}.")
    private long seed;

    Optional<Path> data() {
        return Optional.ofNullable(data);
    }

    /** Where the samples are, if they are anywhere. */
    Optional<Path> files() {
        return random().isPresent() ? Optional.empty() : data();
    }

    /**
     * Where the samples are.
     *
     * @throws ParameterException if {@code --data} was not given
     */
    Path requireData() {
        if (data == null) {
            throw new ParameterException(
                    command.commandLine(), "Missing required option: '--data=DATA'");
        }
        return data;
    }

    /**
     * How many inputs shall be made up, if {@code --data} says so.
     *
     * @throws ParameterException if other options speak of samples that there are
     */
    OptionalInt random() {
        Matcher wanted = RANDOM.matcher(String.valueOf(data));
        if (data == null || !wanted.matches()) {
            return OptionalInt.empty();
        }
        int count = wanted.group(1) == null ? RANDOM_COUNT : Integer.parseInt(wanted.group(1));
        if (count == 0) {
            throw wrong("--data %s asks for no inputs at all; give a count".formatted(data));
        }
        if (samples != null) {
            throw wrong(
                    "--samples draws from samples that there are; write --data random:" + samples);
        }
        if (preprocess != null) {
            throw wrong("--preprocess makes inputs of images, and --data random needs none");
        }
        if (Files.exists(data)) {
            throw wrong(
                    "--data %s could be what is called so; write ./%s for that"
                            .formatted(data, data));
        }
        return OptionalInt.of(count);
    }

    /** Decides what is drawn or made up. */
    long seed() {
        return seed;
    }

    private ParameterException wrong(String message) {
        return new ParameterException(command.commandLine(), message);
    }

    /** The preprocessing in the words that were given. */
    Optional<String> preprocessText() {
        return Optional.ofNullable(preprocess);
    }

    /**
     * The preprocessing that was given.
     *
     * @throws dev.nibble.error.NibbleException if it is not understood
     */
    Optional<Preprocessing> preprocessing() {
        return Optional.ofNullable(preprocess).map(Preprocessing::parse);
    }

    /**
     * The samples, or as many of them as were asked for.
     *
     * @throws dev.nibble.error.NibbleException if there are none, or not as many
     */
    DataSet open() {
        DataSet all = DataSet.open(requireData());
        return samples == null ? all : all.subset(samples, seed);
    }

    int batch() {
        return batch(1);
    }

    /** The size of a batch, if one was given, or else that of the command. */
    int batch(int otherwise) {
        return batch == null ? otherwise : batch;
    }
}
