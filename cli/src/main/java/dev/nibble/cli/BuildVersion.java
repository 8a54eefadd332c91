package dev.nibble.cli;

import picocli.CommandLine.IVersionProvider;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;

/** The version that the build wrote into this jar, and the Java that runs it. */
final class BuildVersion implements IVersionProvider {

    /** The version of Nibble, as in the published artifacts. */
    static String nibble() {
        Properties build = new Properties();
        try (InputStream file = BuildVersion.class.getResourceAsStream("build.properties")) {
            build.load(Objects.requireNonNull(file, "build.properties is missing from the jar"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Objects.requireNonNull(build.getProperty("version"), "version");
    }

    @Override
    public String[] getVersion() {
        return new String[] {
            "nibble " + nibble(),
            "Java "
                    + Runtime.version()
                    + ", "
                    + System.getProperty("os.name")
                    + " "
                    + System.getProperty("os.arch")
        };
    }
}
