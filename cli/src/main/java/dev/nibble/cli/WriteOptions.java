package dev.nibble.cli;

import picocli.CommandLine.Option;

import java.nio.file.Path;

/** What every command that makes a network takes. */
final class WriteOptions {
    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "OUT",
            description = "The file to write; one that exists is replaced only with --force.")
    private Path output;

    /** The file to write. */
    Path output() {
        return output;
    }

    /**
     * Refuses a file that could not be written or must not be replaced: to be called before any
     * work.
     *
     * @param read the files that the command reads
     * @throws dev.nibble.error.NibbleException naming the file and what to do
     */
    void check(OutputOptions options, Path... read) {
        OutputFiles.check(output, options.force(), read);
    }
}
