package dev.nibble.cli;

import dev.nibble.formats.data.DataSet;
import dev.nibble.formats.image.Preprocessing;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.util.Optional;

/** What every command that reads samples takes. */
final class DataOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--data",
            paramLabel = "DATA",
            description =
                    "The samples: a folder or zip of images, with labels.csv (file,label) or a"
                            + " folder for each class; a .npz or .npy file; or a folder of ONNX"
                            + " test_data_set_* folders.")
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
            defaultValue = "1",
            converter = Count.class,
            description =
                    "Samples that a thread takes at once; results do not depend on it. Default:"
                            + " ${DEFAULT-VALUE}.")
    private int batch;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Decides which samples are drawn. Default: ${DEFAULT-VALUE}.")
    private long seed;

    Optional<Path> data() {
        return Optional.ofNullable(data);
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
        return batch;
    }
}
