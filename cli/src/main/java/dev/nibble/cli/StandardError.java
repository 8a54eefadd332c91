package dev.nibble.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.nio.charset.Charset;

/**
 * Writes messages to the standard error that the user gave the launcher.
 *
 * <p>The virtual machine announces the Vector API as incubating on every start and has no option
 * not to, so the launcher filters descriptor 2. It leaves the real standard error at another
 * descriptor, named by the system property {@code nibble.stderr}: writing there, progress is
 * neither delayed nor reordered by the filter.
 */
final class StandardError {
    private static final String DESCRIPTOR = "nibble.stderr";
    private static final String TERMINAL = "nibble.terminal";

    private StandardError() {}

    /** Takes over what the launcher left; without a launcher standard error stays as it is. */
    static void adopt() {
        Integer descriptor = Integer.getInteger(DESCRIPTOR);
        if (descriptor == null) {
            return;
        }
        try {
            Constructor<FileDescriptor> byNumber =
                    FileDescriptor.class.getDeclaredConstructor(int.class);
            byNumber.setAccessible(true);
            FileOutputStream real = new FileOutputStream(byNumber.newInstance(descriptor));
            System.setErr(new PrintStream(real, true, encoding()));
        } catch (ReflectiveOperationException | RuntimeException e) {
            System.err.println("standard error stays filtered by the launcher: " + e);
        }
    }

    /** Is standard error a terminal, so that progress may be drawn and redrawn? */
    static boolean isTerminal() {
        return Boolean.getBoolean(TERMINAL);
    }

    private static Charset encoding() {
        return Charset.forName(
                System.getProperty("stderr.encoding", Charset.defaultCharset().name()));
    }
}
