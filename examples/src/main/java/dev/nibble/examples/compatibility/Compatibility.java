package dev.nibble.examples.compatibility;

import dev.nibble.Nibble;
import dev.nibble.Quantized;
import dev.nibble.error.NibbleException;
import dev.nibble.examples.compatibility.Trial.Failed;
import dev.nibble.examples.compatibility.Trial.Made;
import dev.nibble.examples.compatibility.Trial.Refused;
import dev.nibble.examples.compatibility.Trial.Result;
import dev.nibble.formats.data.DataSet;
import dev.nibble.plan.Recipes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What becomes of every network of a folder: by default, and with weights of 8 and 4 bits alone.
 * Prints the table and writes it to a file.
 */
public final class Compatibility {
    private static final String HEAD =
            """
            # What becomes of published networks

            By default (`auto`, with samples of the kind that the network is made for) and with weights of 8 and 4 bits alone:
            share of the float size, SQNR of all outputs on other samples, seconds; or why it is refused. Made by one command,
            in the root of the repository:

            ```
            mvn -q -Dquick -Pcompatibility -pl examples -am process-classes -Dmodels=networks -Dcalibrate=photos \\
                -Djudge=validation
            ```

            `-Dtimes=twice` compares the bytes of two runs, `-Donly=part` takes networks with that in their names, `-Dcount=24`
            is how many samples at most. Photos for pictures, a made-up signal like speech for sound, text for bytes, random
            numbers otherwise.
            """;

    private final Materials materials;
    private final Path networks;
    private final Path scratch;
    private final boolean repeat;
    private final List<String> remarks = new ArrayList<>();

    private Compatibility(Path networks, Materials materials, Path scratch, boolean repeat) {
        this.networks = networks;
        this.materials = materials;
        this.scratch = scratch;
        this.repeat = repeat;
    }

    /**
     * Takes the folder of networks, photos to calibrate and photos to judge on, how many samples of
     * each at most, the Markdown file to write, {@code once} or {@code twice}, and a part of the
     * names of the networks to look at, empty for all.
     */
    public static void main(String[] args) throws IOException {
        Materials materials =
                new Materials(
                        DataSet.open(Path.of(args[1])),
                        DataSet.open(Path.of(args[2])),
                        Integer.parseInt(args[3]));
        String part = args.length > 6 ? args[6] : "";
        List<Path> files;
        try (Stream<Path> all = Files.list(Path.of(args[0]))) {
            files =
                    all.filter(file -> file.toString().endsWith(".onnx"))
                            .filter(file -> file.toString().contains(part))
                            .sorted()
                            .toList();
        }
        Path scratch = Files.createTempDirectory("nibble-compatibility");
        try {
            Compatibility run =
                    new Compatibility(
                            Path.of(args[0]), materials, scratch, args[5].equals("twice"));
            Files.writeString(Path.of(args[4]), run.table(files));
        } finally {
            try (Stream<Path> left = Files.list(scratch)) {
                for (Path file : left.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(scratch);
        }
    }

    private String table(List<Path> files) {
        List<String> lines = new ArrayList<>();
        tell(lines, HEAD);
        tell(lines, "| network | samples | by default | int8-weights | int4-weights |");
        tell(lines, "|---|---|---|---|---|");
        for (Path file : files) {
            tell(lines, row(file));
        }
        tell(lines, "");
        remarks.forEach(remark -> tell(lines, remark));
        return String.join("\n", lines) + "\n";
    }

    private static void tell(List<String> lines, String line) {
        System.out.println(line);
        lines.add(line);
    }

    private String row(Path file) {
        String name = String.valueOf(file.getFileName()).replaceFirst("\\.onnx$", "");
        Nibble network;
        Material material;
        try {
            network = Nibble.read(file);
            material = materials.of(network);
        } catch (NibbleException refused) {
            return "| %s | – | %s |  |  |"
                    .formatted(name, cell(name, new Refused(String.valueOf(refused.getMessage()))));
        }
        Trial trial = new Trial(network, material.judging(), scratch, repeat);
        Map<String, Function<Nibble, Quantized>> ways = new LinkedHashMap<>();
        ways.put("default", one -> one.quantize(material.calibrating()));
        ways.put("int8-weights", one -> one.quantize(Recipes.INT8_WEIGHTS));
        ways.put("int4-weights", one -> one.quantize(Recipes.INT4_WEIGHTS));
        StringBuilder row = new StringBuilder("| %s | %s |".formatted(name, material.kind()));
        ways.forEach((way, how) ->
                row.append(' ').append(cell(name + ", " + way, trial.of(how))).append(" |"));
        return row.toString();
    }

    private String cell(String subject, Result result) {
        return switch (result) {
            case Made(String recipe, double ratio, double sqnrDb, double seconds, boolean same) ->
                    String.format(
                            Locale.ROOT,
                            "%s: %.2f, %s dB, %.1f s%s",
                            recipe,
                            ratio,
                            Double.isInfinite(sqnrDb)
                                    ? "∞"
                                    : String.format(Locale.ROOT, "%.1f", sqnrDb),
                            seconds,
                            same ? "" : ", **other bytes the second time**");
            case Refused(String why) -> "refused " + remark(subject, why);
            case Failed(String what) -> "**bug** " + remark(subject, what);
        };
    }

    private String remark(String subject, String text) {
        int number = remarks.size() + 1;
        // where the networks lie is nobody's business
        String told = text.replace(networks.resolve("x").toString().replaceFirst("x$", ""), "");
        remarks.add("%d. %s: %s".formatted(number, subject, told.replace('\n', ' ')));
        return "(" + number + ")";
    }
}
