package dev.nibble.formats.image;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.nibble.error.NibbleException;
import dev.nibble.formats.FileErrors;
import dev.nibble.formats.TextFile;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Settings of a preprocessing in a JSON file. Apart from the parser, so that only who has such a
 * file loads Jackson.
 */
final class PreprocessingFile {
    private PreprocessingFile() {}

    /**
     * The settings as they would stand in text: lists with colons.
     *
     * @throws NibbleException if the file cannot be read or is no JSON object
     */
    static Map<String, String> read(Path file) {
        JsonNode root = parse(file);
        if (!root.isObject()) {
            throw new NibbleException(
                    "%s does not hold a JSON object; write it as in {\"preset\": \"tf\"}"
                            .formatted(file));
        }
        Map<String, String> settings = new LinkedHashMap<>();
        root.properties()
                .forEach(property -> settings.put(property.getKey(), text(property.getValue())));
        return settings;
    }

    private static JsonNode parse(Path file) {
        try {
            return new ObjectMapper().readTree(TextFile.read(file));
        } catch (JsonProcessingException e) {
            throw new NibbleException(
                    "%s is not JSON: %s".formatted(file, e.getOriginalMessage()), e);
        } catch (IOException e) {
            throw new NibbleException(
                    "cannot read preprocessing %s: %s".formatted(file, FileErrors.reading(e)), e);
        }
    }

    private static String text(JsonNode value) {
        if (!value.isArray()) {
            return value.asText();
        }
        List<String> items = new ArrayList<>();
        value.forEach(item -> items.add(item.asText()));
        return String.join(":", items);
    }
}
