package dev.nibble.formats;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What went wrong with a file, in words for the user, with the remedy. */
public final class FileErrors {
    private FileErrors() {}

    /** The end of a message about reading a file. */
    public static String reading(IOException error) {
        return switch (error) {
            case NoSuchFileException _ -> "it does not exist; check the path";
            case AccessDeniedException _ -> "permission denied; check who may read it";
            default -> reason(error);
        };
    }

    /** The end of a message about writing a file into a folder. */
    public static String writing(IOException error, Path folder) {
        if (!Files.isDirectory(folder)) {
            return "there is no folder %s; create it first".formatted(folder);
        }
        if (error instanceof AccessDeniedException) {
            return "permission denied; check who may write to %s".formatted(folder);
        }
        return reason(error) + "; make room or choose another place";
    }

    /** What something that is not a plain file is. */
    public static String kind(Path path) {
        return Files.isDirectory(path) ? "a folder" : "a device or pipe";
    }

    private static String reason(IOException error) {
        String said =
                error instanceof FileSystemException failure && failure.getReason() != null
                        ? failure.getReason()
                        : error.getMessage();
        return said == null ? error.getClass().getSimpleName() : said;
    }
}
