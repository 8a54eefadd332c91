package dev.nibble.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.error.NibbleException;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class KernelsHolderTest {
    private static final List<String> WITH_VECTORS =
            List.of("--add-modules", "jdk.incubator.vector");

    /** Prints the chosen kernels, or what went wrong, from a Java of its own. */
    static final class Print {
        private Print() {}

        @SuppressWarnings("SystemOut")
        public static void main(String[] arguments) {
            try {
                System.out.println(Kernels.best());
            } catch (NibbleException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @Test
    void vectorsAreChosenWhereTheirModuleIs() throws IOException, InterruptedException {
        assertThat(chosen(WITH_VECTORS)).startsWith("vector of ");
    }

    @Test
    void withoutTheModuleScalarCodeWorks() throws IOException, InterruptedException {
        assertThat(chosen(List.of())).isEqualTo("scalar");
    }

    @Test
    void withoutTheCompilerThatKnowsVectorsScalarCodeIsChosen()
            throws IOException, InterruptedException {
        List<String> firstCompilerOnly = new ArrayList<>(WITH_VECTORS);
        firstCompilerOnly.add("-XX:TieredStopAtLevel=1");
        assertThat(chosen(firstCompilerOnly)).isEqualTo("scalar");
    }

    @Test
    void askingForVectorsWithoutTheModuleSaysWhatToAdd() throws IOException, InterruptedException {
        assertThat(chosen(List.of("-Dnibble.kernels=vector")))
                .isEqualTo(
                        "-Dnibble.kernels=vector needs the module jdk.incubator.vector; "
                                + "add --add-modules jdk.incubator.vector to the java command");
    }

    @Test
    void theWishIsFollowed() {
        assertThat(KernelsHolder.choose("scalar")).isInstanceOf(ScalarKernels.class);
        assertThat(KernelsHolder.choose("vector")).isInstanceOf(VectorKernels.class);
    }

    @Test
    void anUnknownWishIsRefused() {
        assertThatThrownBy(() -> KernelsHolder.choose("fast"))
                .isInstanceOf(NibbleException.class)
                .hasMessage(
                        "there are no \"fast\" kernels; -Dnibble.kernels takes \"scalar\" or"
                                + " \"vector\", or leave it out");
    }

    private static String chosen(List<String> options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(
                List.of("-cp", System.getProperty("java.class.path"), Print.class.getName()));
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("exit code of %s", command).isZero();
        return output.strip();
    }
}
