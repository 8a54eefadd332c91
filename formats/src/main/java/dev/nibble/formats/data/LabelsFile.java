package dev.nibble.formats.data;

import dev.nibble.error.NibbleException;
import dev.nibble.formats.TextFile;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * {@code labels.csv}: for each image its file, relative to the folder, and the number of its class.
 */
final class LabelsFile {
    private final Path data;
    private final Path file;

    LabelsFile(Path data, Path file) {
        this.data = data;
        this.file = file;
    }

    /**
     * The images in the order of the lines.
     *
     * @throws NibbleException if a line is not understood or names a file that is absent; the
     *     message has its number
     */
    List<ImageFile> read() throws IOException {
        List<ImageFile> images = new ArrayList<>();
        Set<Path> seen = new HashSet<>();
        try (BufferedReader reader = new BufferedReader(new StringReader(TextFile.read(file)))) {
            String header = reader.readLine();
            List<String> columns =
                    header == null ? List.of() : fields(header.replace("\uFEFF", ""), 1);
            int fileColumn = columns.indexOf("file");
            int labelColumn = columns.indexOf("label");
            if (fileColumn < 0 || labelColumn < 0) {
                throw wrong(
                        1,
                        "the columns are %s, but file and label are needed; begin it with \"file,label\""
                                .formatted(columns));
            }
            int number = 1;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                if (!line.isBlank()) {
                    List<String> fields = fields(line, number);
                    if (fields.size() != columns.size()) {
                        throw wrong(
                                number,
                                "it has %d fields, the first line has %d"
                                        .formatted(fields.size(), columns.size()));
                    }
                    ImageFile image =
                            image(fields.get(fileColumn), fields.get(labelColumn), number);
                    if (!seen.add(image.path())) {
                        throw wrong(
                                number,
                                "%s is listed twice; remove one line"
                                        .formatted(fields.get(fileColumn)));
                    }
                    images.add(image);
                }
            }
        } catch (CharacterCodingException e) {
            throw new NibbleException(
                    "%s is not UTF-8 text".formatted(ImageData.shown(data, file)), e);
        }
        if (images.isEmpty()) {
            throw wrong(1, "it lists no images");
        }
        return images;
    }

    private ImageFile image(String name, String label, int line) {
        Path image;
        try {
            image = file.resolveSibling(name).normalize();
        } catch (InvalidPathException e) {
            throw wrong(line, "\"%s\" is no file name".formatted(name));
        }
        if (!image.startsWith(file.resolveSibling("").normalize())) {
            throw wrong(
                    line, "\"%s\" lies outside the folder; name files inside it".formatted(name));
        }
        if (!Files.isRegularFile(image)) {
            throw wrong(
                    line,
                    "there is no file %s; remove the line or add the file"
                            .formatted(ImageData.shown(data, image)));
        }
        try {
            int number = Integer.parseInt(label);
            if (number >= 0) {
                return new ImageFile(image, number);
            }
        } catch (NumberFormatException _) {
            // the same message as for a negative number
        }
        throw wrong(line, "label \"%s\" is not a whole number from 0 on".formatted(label));
    }

    /** The fields of a line: separated by commas, in quotes if they contain one (RFC 4180). */
    private List<String> fields(String line, int number) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
                field.append(c);
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                fields.add(field.toString().strip());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        if (quoted) {
            throw wrong(number, "a quote is not closed");
        }
        fields.add(field.toString().strip());
        return fields;
    }

    private NibbleException wrong(int line, String what) {
        return new NibbleException(
                "%s line %d: %s".formatted(ImageData.shown(data, file), line, what));
    }
}
