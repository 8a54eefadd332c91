package dev.nibble.formats.json;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.nibble.error.NibbleException;
import dev.nibble.error.Spelling;
import dev.nibble.formats.FileErrors;
import dev.nibble.formats.TextFile;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The fields of a JSON object in a file, read strictly: what is not as expected is an error that
 * names file and place.
 *
 * @param file where the object stands
 * @param place where in the file, as in {@code weights.}; empty at the top
 */
record JsonFields(Path file, String place, JsonNode node) {
    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    /**
     * Reads a file that holds one object.
     *
     * @throws NibbleException if it cannot be read or holds something else
     */
    static JsonFields read(Path file) {
        return of(file, text(file));
    }

    /** The object that a text holds; {@code file} is for messages. */
    static JsonFields of(Path file, String text) {
        JsonNode node = parse(file, text);
        if (!node.isObject()) {
            throw new NibbleException(
                    file + " does not hold a JSON object: it has to begin with {");
        }
        return new JsonFields(file, "", node);
    }

    private static String text(Path file) {
        try {
            return TextFile.read(file);
        } catch (CharacterCodingException e) {
            throw new NibbleException(file + " is not UTF-8 text, so not JSON", e);
        } catch (IOException e) {
            throw new NibbleException(
                    "cannot read %s: %s".formatted(file, FileErrors.reading(e)), e);
        }
    }

    private static JsonNode parse(Path file, String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JacksonException e) {
            String where =
                    e.getLocation() == null
                            ? ""
                            : ", line %d, column %d"
                                    .formatted(
                                            e.getLocation().getLineNr(),
                                            e.getLocation().getColumnNr());
            throw new NibbleException(
                    "%s%s is not JSON: %s".formatted(file, where, e.getOriginalMessage()), e);
        }
    }

    /** Complains about fields that nobody would read. */
    void allow(List<String> known) {
        node.fieldNames()
                .forEachRemaining(field -> {
                    if (!known.contains(field)) {
                        throw new NibbleException(
                                "%s: there is no field \"%s%s\"; allowed are %s"
                                                .formatted(
                                                        file,
                                                        place,
                                                        field,
                                                        String.join(", ", known))
                                        + Spelling.hint(field, known));
                    }
                });
    }

    Optional<String> text(String field) {
        return given(field, JsonNode::isTextual, "a text in quotes").map(JsonNode::textValue);
    }

    /** What a text stands for; the parser's complaints get the file and the field in front. */
    <T> Optional<T> parsed(String field, Function<String, T> parser) {
        return text(field).map(text -> naming(field, () -> parser.apply(text)));
    }

    /** What each text of a list stands for. */
    <T> List<T> parsedList(String field, Function<String, T> parser) {
        return texts(field).stream().map(text -> naming(field, () -> parser.apply(text))).toList();
    }

    /** What is made of a field; complaints get the file and the field in front. */
    <T> T naming(String field, Supplier<T> parsed) {
        try {
            return parsed.get();
        } catch (NibbleException | IllegalArgumentException e) {
            throw new NibbleException(
                    "%s: \"%s%s\": %s".formatted(file, place, field, e.getMessage()), e);
        }
    }

    private List<String> texts(String field) {
        return items(field, JsonNode::isTextual, "a list of texts in quotes")
                .map(JsonNode::textValue)
                .toList();
    }

    Optional<Boolean> flag(String field) {
        return given(field, JsonNode::isBoolean, "true or false").map(JsonNode::booleanValue);
    }

    /** A number without a fraction. */
    Optional<Integer> wholeNumber(String field) {
        return given(field, JsonNode::isInt, "a whole number").map(JsonNode::intValue);
    }

    /** A number that has to be there and that a float can hold. */
    float number(String field) {
        return given(
                        field,
                        value -> value.isNumber() && Float.isFinite(value.floatValue()),
                        "a number of the size of a float")
                .map(JsonNode::floatValue)
                .orElseThrow(() -> missing(field));
    }

    /** What a text stands for that has to be there. */
    <T> T required(String field, Function<String, T> parser) {
        return parsed(field, parser).orElseThrow(() -> missing(field));
    }

    Optional<JsonFields> object(String field) {
        return given(field, JsonNode::isObject, "an object in braces")
                .map(value -> new JsonFields(file, place + field + ".", value));
    }

    List<JsonFields> objects(String field) {
        List<JsonFields> objects = new ArrayList<>();
        items(field, JsonNode::isObject, "a list of objects in braces")
                .forEach(item -> {
                    String at = "%s%s[%d].".formatted(place, field, objects.size());
                    objects.add(new JsonFields(file, at, item));
                });
        return objects;
    }

    boolean has(String field) {
        return node.has(field);
    }

    boolean isText(String field) {
        JsonNode value = node.get(field);
        return value != null && value.isTextual();
    }

    boolean isNumber(String field) {
        JsonNode value = node.get(field);
        return value != null && value.isNumber();
    }

    private Stream<JsonNode> items(String field, Predicate<JsonNode> fits, String wanted) {
        List<JsonNode> items =
                given(field, JsonNode::isArray, "a list in brackets")
                        .map(value -> value.valueStream().toList())
                        .orElse(List.of());
        if (!items.stream().allMatch(fits)) {
            throw wrong(field, wanted);
        }
        return items.stream();
    }

    private Optional<JsonNode> given(String field, Predicate<JsonNode> fits, String wanted) {
        Optional<JsonNode> value = Optional.ofNullable(node.get(field));
        if (value.isPresent() && !fits.test(value.get())) {
            throw wrong(field, wanted);
        }
        return value;
    }

    private NibbleException wrong(String field, String wanted) {
        return new NibbleException(
                "%s: \"%s%s\" is %s; it has to be %s"
                        .formatted(file, place, field, node.get(field), wanted));
    }

    NibbleException missing(String field) {
        return new NibbleException(
                "%s: the field \"%s%s\" is missing".formatted(file, place, field));
    }
}
