package dev.nibble.formats.image;

import dev.nibble.error.NibbleException;
import dev.nibble.error.Spelling;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads a {@link Preprocessing} from text: presets, JSON files and settings come down to the same
 * keys and values.
 */
final class PreprocessingParser {
    static final double DEFAULT_CROP = 0.875;

    static final String CHOICES =
            "imagenet, tf, unit, raw or a .json file, then settings as in tf,resize=exact:"
                + " resize=crop (the default) or exact, crop=0.875, size=224 or size=320x240,"
                + " channels=rgb or bgr, layout=nchw or nhwc, scale=0.0039, mean=0.485:0.456:0.406,"
                + " std=0.229:0.224:0.225";

    private static final List<String> KEYS =
            List.of("scale", "mean", "std", "channels", "layout", "resize", "crop", "size");
    private static final String PRESET = "preset";

    private PreprocessingParser() {}

    static Preprocessing parse(String text) {
        return parse(text, true);
    }

    /** For text of which nobody knows who wrote it. */
    static Preprocessing parseWithoutFiles(String text) {
        return parse(text, false);
    }

    private static Preprocessing parse(String text, boolean files) {
        Map<String, String> settings = new LinkedHashMap<>();
        boolean first = true;
        for (String item : text.strip().split(",", -1)) {
            int equals = item.indexOf('=');
            if (equals >= 0) {
                put(
                        settings,
                        item.substring(0, equals).strip(),
                        item.substring(equals + 1).strip(),
                        text);
            } else if (first) {
                start(settings, item.strip(), files);
            } else {
                throw new NibbleException(
                        "\"%s\" in preprocessing \"%s\" is not a setting; allowed: %s"
                                .formatted(item, text, CHOICES));
            }
            first = false;
        }
        return build(settings, text);
    }

    private static void put(Map<String, String> settings, String key, String value, String place) {
        if (!KEYS.contains(key)) {
            throw new NibbleException(
                    "unknown setting \"%s\" in preprocessing \"%s\"; allowed are %s"
                                    .formatted(key, place, String.join(", ", KEYS))
                            + Spelling.hint(key, KEYS));
        }
        settings.put(key, value);
    }

    private static void start(Map<String, String> settings, String name, boolean files) {
        if (name.toLowerCase(Locale.ROOT).endsWith(".json")) {
            if (!files) {
                throw new NibbleException(
                        "the preprocessing in a network's metadata names the file \"%s\", which is not read; give a preprocessing (--preprocess) or write the settings out"
                                .formatted(name));
            }
            readFile(settings, path(name));
        } else {
            putPreset(settings, name);
        }
    }

    private static Path path(String name) {
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            throw new NibbleException("\"%s\" is no file name".formatted(name), e);
        }
    }

    private static void putPreset(Map<String, String> settings, String name) {
        List<String> names =
                Arrays.stream(Preset.values())
                        .map(preset -> preset.name().toLowerCase(Locale.ROOT))
                        .toList();
        int index = names.indexOf(name);
        if (index < 0) {
            throw new NibbleException(
                    "unknown preprocessing \"%s\"; give %s".formatted(name, CHOICES)
                            + Spelling.hint(name, names));
        }
        settings.put(PRESET, name);
    }

    private static void readFile(Map<String, String> settings, Path file) {
        PreprocessingFile.read(file)
                .forEach((key, value) -> {
                    if (key.equals(PRESET)) {
                        putPreset(settings, value);
                    } else {
                        put(settings, key, value, file.toString());
                    }
                });
    }

    private static Preprocessing build(Map<String, String> settings, String text) {
        String presetName = settings.getOrDefault(PRESET, "");
        if (presetName.isEmpty() && !settings.containsKey("scale")) {
            throw new NibbleException(
                    "preprocessing \"%s\" does not say what becomes of the values; give %s"
                            .formatted(text, CHOICES));
        }
        Preset preset =
                presetName.isEmpty()
                        ? Preset.RAW
                        : Preset.valueOf(presetName.toUpperCase(Locale.ROOT));
        int[] size = size(settings.getOrDefault("size", ""));
        try {
            return new Preprocessing(
                    settings.containsKey("scale") ? number(settings, "scale") : preset.scale,
                    settings.containsKey("mean") ? numbers(settings, "mean") : preset.mean,
                    settings.containsKey("std") ? numbers(settings, "std") : preset.std,
                    choice(settings, "channels", ChannelOrder.RGB),
                    choice(settings, "layout", Layout.AUTO),
                    choice(settings, "resize", ResizeMode.CROP),
                    settings.containsKey("crop") ? number(settings, "crop") : DEFAULT_CROP,
                    size[0],
                    size[1]);
        } catch (NibbleException e) {
            throw new NibbleException(
                    "preprocessing \"%s\": %s".formatted(text, e.getMessage()), e);
        }
    }

    private static double number(Map<String, String> settings, String key) {
        return number(settings.getOrDefault(key, ""), key);
    }

    private static double number(String text, String key) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new NibbleException("%s=%s is not a number".formatted(key, text), e);
        }
    }

    private static List<Double> numbers(Map<String, String> settings, String key) {
        return Arrays.stream(settings.getOrDefault(key, "").split(":", -1))
                .map(part -> number(part, key))
                .toList();
    }

    private static <E extends Enum<E>> E choice(
            Map<String, String> settings, String key, E otherwise) {
        String given = settings.get(key);
        if (given == null) {
            return otherwise;
        }
        List<E> values = Arrays.asList(otherwise.getDeclaringClass().getEnumConstants());
        List<String> names =
                values.stream().map(value -> value.name().toLowerCase(Locale.ROOT)).toList();
        int index = names.indexOf(given.toLowerCase(Locale.ROOT));
        if (index < 0) {
            throw new NibbleException(
                    "%s=%s is none of %s".formatted(key, given, String.join(", ", names))
                            + Spelling.hint(given, names));
        }
        return values.get(index);
    }

    private static int[] size(String text) {
        if (text.isEmpty()) {
            return new int[] {0, 0};
        }
        String[] parts = text.split("[x:]", -1);
        try {
            int width = Integer.parseInt(parts[0]);
            int height = Integer.parseInt(parts[parts.length - 1]);
            if (parts.length <= 2 && width > 0 && height > 0) {
                return new int[] {width, height};
            }
        } catch (NumberFormatException _) {
            // the same message as for sizes that are not positive
        }
        throw new NibbleException(
                "size=%s is not a size; write size=224 or size=320x240 (width x height)"
                        .formatted(text));
    }
}
