package dev.nibble.formats.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Plain data as JSON text.
 *
 * <p>Records become objects with their components' names, maps objects, and collections arrays;
 * what JSON has no number for (NaN, infinities) and empty optionals become {@code null}. Anything
 * that is not plain data is refused.
 */
public final class JsonText {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private JsonText() {}

    /** The JSON text of plain data, indented, with {@code \n} between lines and none at the end. */
    public static String of(@Nullable Object data) {
        try {
            DefaultIndenter indent = new DefaultIndenter("  ", "\n");
            return MAPPER.writer(
                            new DefaultPrettyPrinter()
                                    .withObjectIndenter(indent)
                                    .withArrayIndenter(indent))
                    .writeValueAsString(node(data));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot be written as JSON", e);
        }
    }

    /** The JSON text of plain data on one line. */
    public static String compact(@Nullable Object data) {
        return node(data).toString();
    }

    private static JsonNode node(@Nullable Object data) {
        return switch (data) {
            case null -> NODES.nullNode();
            case String text -> NODES.textNode(text);
            case Path path -> NODES.textNode(path.toString());
            case Enum<?> constant -> NODES.textNode(constant.name());
            case Boolean flag -> NODES.booleanNode(flag);
            case Integer number -> NODES.numberNode(number);
            case Long number -> NODES.numberNode(number);
            case Float number ->
                    Float.isFinite(number) ? NODES.numberNode(number) : NODES.nullNode();
            case Double number ->
                    Double.isFinite(number) ? NODES.numberNode(number) : NODES.nullNode();
            case Optional<?> optional -> node(optional.orElse(null));
            case OptionalInt optional -> node(optional.isPresent() ? optional.getAsInt() : null);
            case OptionalLong optional -> node(optional.isPresent() ? optional.getAsLong() : null);
            case OptionalDouble optional ->
                    node(optional.isPresent() ? optional.getAsDouble() : null);
            case Map<?, ?> map -> object(map);
            case Iterable<?> items -> array(items);
            case Record row -> object(row);
            default ->
                    throw new IllegalArgumentException(
                            "a " + data.getClass().getName() + " is not plain data");
        };
    }

    private static ArrayNode array(Iterable<?> items) {
        ArrayNode array = NODES.arrayNode();
        items.forEach(item -> array.add(node(item)));
        return array;
    }

    private static ObjectNode object(Map<?, ?> map) {
        ObjectNode object = NODES.objectNode();
        map.forEach((key, value) -> object.set(String.valueOf(key), node(value)));
        return object;
    }

    private static ObjectNode object(Record row) {
        ObjectNode object = NODES.objectNode();
        for (RecordComponent component : row.getClass().getRecordComponents()) {
            object.set(component.getName(), node(value(row, component)));
        }
        return object;
    }

    private static @Nullable Object value(Record row, RecordComponent component) {
        try {
            Method accessor = component.getAccessor();
            accessor.setAccessible(true);
            return accessor.invoke(row);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(
                    "cannot read " + component + " of " + row.getClass(), e);
        }
    }
}
