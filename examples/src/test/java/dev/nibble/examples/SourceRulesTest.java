package dev.nibble.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** What the house style says about source files and a compiler does not check. */
class SourceRulesTest {
    private static final int LINES_PER_FILE = 400;
    private static final int LINES_PER_METHOD = 60;

    @Test
    void everyModuleIsLookedAt() throws IOException {
        Set<String> modules = new TreeSet<>();
        for (Path file : sources()) {
            modules.add(root().relativize(file).getName(0).toString());
        }
        assertThat(modules)
                .contains("bench", "cli", "core", "examples", "formats", "onnxruntime", "torch");
    }

    @Test
    void noFileIsLongerThanItsReadersPatience() throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (Path file : sources()) {
            int lines = Files.readAllLines(file).size();
            if (lines > LINES_PER_FILE) {
                tooLong.add(root().relativize(file) + ": " + lines + " lines");
            }
        }
        assertThat(tooLong).as("files over %d lines", LINES_PER_FILE).isEmpty();
    }

    @Test
    void noMethodIsLongerThanAScreen() throws IOException {
        JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler());
        List<String> tooLong = new ArrayList<>();
        try (StandardJavaFileManager files =
                compiler.getStandardFileManager(null, Locale.ROOT, null)) {
            var units = files.getJavaFileObjectsFromPaths(sources());
            JavacTask task = (JavacTask) compiler.getTask(null, files, null, null, null, units);
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                new LongMethods(unit, positions, tooLong).scan(unit, null);
            }
        }
        assertThat(tooLong).as("methods over %d lines", LINES_PER_METHOD).isEmpty();
    }

    @Test
    void everyPackageIsDescribedAndNullMarked() throws IOException {
        Set<Path> packages = new TreeSet<>();
        sources().stream()
                .filter(file -> file.toString().contains(Path.of("src", "main").toString()))
                .forEach(file -> packages.add(Objects.requireNonNull(file.getParent())));
        List<String> unmarked = new ArrayList<>();
        for (Path folder : packages) {
            Path description = folder.resolve("package-info.java");
            if (!Files.exists(description)
                    || !Files.readString(description).contains("@NullMarked")) {
                unmarked.add(root().relativize(folder).toString());
            }
        }
        assertThat(unmarked).as("folders without a @NullMarked package-info.java").isEmpty();
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> modules = Files.list(root())) {
            List<Path> files = new ArrayList<>();
            for (Path module : modules.filter(m -> Files.exists(m.resolve("pom.xml"))).toList()) {
                try (Stream<Path> tree = Files.walk(module.resolve("src"))) {
                    tree.filter(SourceRulesTest::isClassSource).forEach(files::add);
                }
            }
            return files.stream().sorted().toList();
        }
    }

    private static boolean isClassSource(Path file) {
        return file.toString().endsWith(".java") && !file.endsWith("module-info.java");
    }

    /** The folder of the parent project: the tests run in that of their own module. */
    private static Path root() {
        return Objects.requireNonNull(Path.of("").toAbsolutePath().getParent());
    }

    private static final class LongMethods extends TreeScanner<@Nullable Void, @Nullable Void> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final List<String> found;

        LongMethods(CompilationUnitTree unit, SourcePositions positions, List<String> found) {
            this.unit = unit;
            this.positions = positions;
            this.found = found;
        }

        @Override
        public @Nullable Void visitMethod(MethodTree method, @Nullable Void nothing) {
            if (method.getBody() != null) {
                LineMap lines = unit.getLineMap();
                long first =
                        lines.getLineNumber(positions.getStartPosition(unit, method.getBody()));
                long last = lines.getLineNumber(positions.getEndPosition(unit, method.getBody()));
                if (last - first + 1 > LINES_PER_METHOD) {
                    Path file = Path.of(unit.getSourceFile().toUri());
                    found.add(
                            root().relativize(file) + ": " + method.getName() + ", line " + first);
                }
            }
            return super.visitMethod(method, null);
        }
    }
}
