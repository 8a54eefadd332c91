import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.JavaFormatterOptions.Style;
import com.google.googlejavaformat.java.StringWrapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Checks or rewrites the layout of every Java file below a folder; run by the build in the chosen
 * JDK.
 *
 * <p>Usage: {@code java Format.java check|write ROOT}. Digests of files known to be formatted are
 * kept in {@code ROOT/target}, so that a run pays only for what changed.
 */
void main(String[] arguments) throws Exception {
    boolean write = arguments[0].equals("write");
    Path root = Path.of(arguments[1]);
    Path memory = root.resolve("target").resolve("formatted-files.txt");
    Set<String> known =
            new HashSet<>(Files.exists(memory) ? Files.readAllLines(memory) : List.<String>of());
    Set<String> formatted = new HashSet<>();
    List<Path> unformatted = new ArrayList<>();
    for (Path file : javaFiles(root)) {
        String source = Files.readString(file);
        if (known.contains(digest(source))) {
            formatted.add(digest(source));
            continue;
        }
        String wanted = format(file, source);
        if (wanted.equals(source) || write) {
            formatted.add(digest(wanted));
        }
        if (!wanted.equals(source)) {
            unformatted.add(root.relativize(file));
            if (write) {
                Files.writeString(file, wanted);
            }
        }
    }
    Files.createDirectories(memory.getParent());
    Files.write(memory, formatted.stream().sorted().toList());
    report(write, unformatted);
}

static void report(boolean write, List<Path> unformatted) {
    unformatted.forEach(f -> IO.println((write ? "formatted " : "not formatted: ") + f));
    if (!write && !unformatted.isEmpty()) {
        IO.println("Format with: mvn -q -N -Pformat validate");
        System.exit(1);
    }
}

static List<Path> javaFiles(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
        return files.filter(f -> f.toString().endsWith(".java"))
                .filter(f -> !root.relativize(f).toString().matches("(.*[/\\\\])?target[/\\\\].*"))
                .sorted()
                .toList();
    }
}

static String format(Path file, String source) throws FormatterException {
    Formatter formatter = new Formatter(JavaFormatterOptions.builder().style(Style.AOSP).build());
    try {
        return StringWrapper.wrap(formatter.formatSourceAndFixImports(source), formatter);
    } catch (FormatterException e) {
        IO.println("cannot be parsed: " + file);
        throw e;
    }
}

static String digest(String source) throws NoSuchAlgorithmException {
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(source.getBytes());
    return HexFormat.of().formatHex(hash);
}
