package dev.nibble.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The shell functions that the launchers share, with a Java that only says what it was given. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
    private static final Path LAUNCHER = Path.of("src/main/launcher").toAbsolutePath();
    private static final String VECTOR = "MODULES=\"java.base jdk.incubator.vector\"";
    private static final String WARNING = "WARNING: Using incubator modules: jdk.incubator.vector";

    @TempDir private Path folder;

    private record Outcome(int exitCode, String out, String err) {}

    @ParameterizedTest(name = "{0}: {1}, {2}")
    @CsvSource({
        "17.0.15, false, too old",
        "24.0.2,  false, too old",
        "25,      false, the first builds of 25 crash around pinned objects",
        "25.0.2,  false, so does the second",
        "25.0.3,  true,  the first that does not",
        "25.0.12, true,  numbers are not compared as words",
        "25.0.4.1, true, a patch of an update",
        "25.1,    true,  a later 25",
        "26,      false, the Vector API may have changed",
    })
    void aJavaIsSuitableByItsVersion(String version, boolean suitable, String why)
            throws Exception {
        Path home = javaHome("jdk", version, VECTOR, "exit 0");
        Outcome outcome = shell("is_suitable '" + home + "' runtime");
        assertThat(outcome.exitCode() == 0).as(why).isEqualTo(suitable);
    }

    @Test
    void aJavaWithoutTheVectorModuleIsNotSuitable() throws Exception {
        Path home = javaHome("jdk", "25.0.3", "MODULES=\"java.base\"", "exit 0");
        assertThat(shell("is_suitable '" + home + "' runtime").exitCode()).isNotZero();
    }

    @Test
    void aBuildNeedsACompiler() throws Exception {
        Path home = javaHome("jdk", "25.0.3", VECTOR, "exit 0");
        assertThat(shell("is_suitable '" + home + "' compiler").exitCode()).isNotZero();
        Files.copy(home.resolve("bin/java"), home.resolve("bin/javac"));
        assertThat(home.resolve("bin/javac").toFile().setExecutable(true)).isTrue();
        assertThat(shell("is_suitable '" + home + "' compiler").exitCode()).isZero();
    }

    @Test
    void javaHomeIsTriedFirst() throws Exception {
        Path home = javaHome("my jdk", "25.0.9", VECTOR, "exit 0");
        Outcome outcome = shell("JAVA_HOME='" + home + "'; find_java runtime; echo \"$java_home\"");
        assertThat(outcome.out()).isEqualTo(home + "\n");
    }

    @Test
    void theJavaOnThePathIsFoundThroughLinks() throws Exception {
        Path home = javaHome("linked jdk", "25.0.9", VECTOR, "exit 0");
        Path link = Files.createSymbolicLink(folder.resolve("java"), home.resolve("bin/java"));
        Outcome outcome = shell("PATH='" + link.getParent() + "':$PATH; java_home_on_path");
        assertThat(outcome.out()).isEqualTo(home.toRealPath() + "\n");
    }

    @Test
    void argumentsAndTheExitCodePassUnchanged() throws Exception {
        Path home = javaHome("jdk", "25.0.3", VECTOR, "printf '<%s>' \"$@\"; exit 3");
        Outcome outcome =
                shell("java_home='" + home + "'; run_nibble x.jar -Da=b -- 'two words' '' '*'");
        assertThat(outcome.exitCode()).isEqualTo(3);
        assertThat(outcome.out())
                .contains("<@" + LAUNCHER + "/jvm.options><-Da=b>")
                .endsWith("<-jar><x.jar><two words><><*>");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"--help, true", "quantize -h, true", "--version, true", "quantize a.onnx, false"})
    void aStartThatOnlyAnswersSkipsTheSlowerCompiler(String arguments, boolean skips)
            throws Exception {
        Path home = javaHome("jdk", "25.0.3", VECTOR, "printf '<%s>' \"$@\"");
        Outcome outcome = shell("java_home='" + home + "'; run_nibble x -- " + arguments);
        assertThat(outcome.out().contains("<-XX:TieredStopAtLevel=1>")).isEqualTo(skips);
    }

    @Test
    void optionsOfTheUserComeLastSoThatTheyWin() throws Exception {
        Path home = javaHome("jdk", "25.0.3", VECTOR, "printf '<%s>' \"$@\"");
        Outcome outcome =
                shell("java_home='" + home + "'; NIBBLE_JAVA_OPTS='-Xmx9g -Dx=y'; run_nibble x --");
        assertThat(outcome.out()).endsWith("<-Xmx9g><-Dx=y><-jar><x>");
    }

    @Test
    void onlyTheIncubatorWarningIsFilteredFromStandardError() throws Exception {
        String speak = "printf '%s\\n' 'Error: first' '" + WARNING + "' '" + WARNING + "!' >&2";
        Path home = javaHome("jdk", "25.0.3", VECTOR, speak);
        Outcome outcome = shell("java_home='" + home + "'; run_nibble x --");
        assertThat(outcome.err()).isEqualTo("Error: first\n" + WARNING + "!\n");
    }

    @Test
    void descriptorThreeIsTheRealStandardError() throws Exception {
        Path home = javaHome("jdk", "25.0.3", VECTOR, "printf '%s\\r50%%' 'progress' >&3");
        Outcome outcome = shell("java_home='" + home + "'; run_nibble x --");
        assertThat(outcome.err()).isEqualTo("progress\r50%");
    }

    @Test
    void aPipeIsNotTakenForATerminal() throws Exception {
        Path home = javaHome("jdk", "25.0.3", VECTOR, "printf '<%s>' \"$@\"");
        Outcome outcome = shell("java_home='" + home + "'; run_nibble x --");
        assertThat(outcome.out()).contains("<-Dnibble.stderr=3><-Dnibble.terminal=false>");
    }

    /** A Java home whose java command is a shell script. */
    private Path javaHome(String name, String version, String modules, String script)
            throws IOException {
        Path home = folder.resolve(name);
        Files.createDirectories(home.resolve("bin"));
        Path java = home.resolve("bin/java");
        Files.writeString(java, "#!/bin/sh\n" + script + "\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        Files.writeString(
                home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n" + modules + "\n");
        return home;
    }

    /** Runs lines of bash after the functions have been read. */
    private Outcome shell(String lines) throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        // The filter outlives the command by a moment; cat ends when both have closed the pipe.
        String script =
                """
                launcher_dir='%s'; . "$launcher_dir/launch.sh"
                ( %s ) 2>&1 >'%s' | cat >'%s'
                exit "${PIPESTATUS[0]}"
                """
                        .formatted(LAUNCHER, lines, out, err);
        Process process = new ProcessBuilder("bash", "-u", "-c", script).inheritIO().start();
        int exitCode = process.waitFor();
        return new Outcome(exitCode, Files.readString(out), Files.readString(err));
    }
}
