package dev.nibble.examples.training;

import dev.nibble.examples.training.Comparison.Left;
import dev.nibble.examples.training.Comparison.Ran;
import dev.nibble.torch.operator.Operators;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Writes the page that lists what libtorch is taught and which networks run on it. */
public final class Coverage {
    private static final String HEAD =
            """
            # Networks and operators that can be trained

            Training runs the ONNX graph itself on libtorch, forward and backward. Before, functions are inlined, constants
            of subgraphs moved out and weights and activations of other float types made float32; older operator sets are
            read as they are. What is not listed here is refused, with the name of the node. As a library:
            `TorchGraph.unsupported(model)`.

            This page is written by one command:
            `mvn -q -Dquick -Pcoverage -pl examples -am process-classes -Dfolders=ZOO,MODELS`.

            ## Operators

            Each is compared with ONNX Runtime, and its gradient with differences where it has one, by `TorchOperatorsTest`
            (`If`, `Loop` and `Swish` by `TorchGraphTest`, with numbers worked out by hand).

            """;

    private static final String LIMITS =
            """

            Left out, each with its own message: `Resize` with antialiasing, a kept aspect ratio or a region (`tf_crop_and_resize`);
            peepholes, clipping, coupled gates, other activations and sequences of several lengths in `LSTM`, `GRU` and `RNN`;
            the places of `MaxPool`; `ScatterND` with other reductions than adding; texts, sequences, maps and complex numbers;
            operators on quantized codes (`nibble dequantize` takes them back first); other operator sets, `ai.onnx.ml` among them.
            Whole numbers are computed in int64: one that would wrap in a narrower type does not, casts aside.

            ## Networks

            One made-up sample each (noise; between 0 and 1 for pictures). *error*: root mean square of the difference to ONNX
            Runtime by that of the output, at least 0.001, for the worst output.

            | network | on libtorch |
            |---|---|
            """;

    private static final int LINE = 110;

    private Coverage() {}

    /** Takes folders of networks, separated by commas, and the page to write. */
    public static void main(String[] args) throws IOException {
        StringBuilder page = new StringBuilder(HEAD);
        page.append(operators()).append("\n").append(LIMITS);
        for (Path file : networks(List.of(args[0].split(",")))) {
            String row = row(file);
            System.out.println(row);
            page.append(row).append("\n");
        }
        Files.writeString(Path.of(args[1]), page);
    }

    /** The list of operators, as the page has it. */
    public static String operators() {
        StringBuilder lines = new StringBuilder();
        int length = 0;
        for (String name : Operators.names()) {
            String item = lines.isEmpty() ? name : ", " + name;
            if (length + item.length() > LINE) {
                lines.append(",\n").append(name);
                length = name.length();
            } else {
                lines.append(item);
                length += item.length();
            }
        }
        return lines.append(".").toString();
    }

    /** The network files in some folders. */
    public static List<Path> networks(List<String> folders) throws IOException {
        List<Path> files = new ArrayList<>();
        for (String folder : folders) {
            try (Stream<Path> all = Files.list(Path.of(folder))) {
                all.filter(file -> file.toString().endsWith(".onnx")).sorted().forEach(files::add);
            }
        }
        return files;
    }

    private static String row(Path file) {
        String name = String.valueOf(file.getFileName()).replaceFirst("\\.onnx$", "");
        return switch (Comparison.of(file)) {
            case Ran(double error) ->
                    String.format(Locale.ROOT, "| %s | runs, error %.0e |", name, error);
            case Left(String why) -> "| %s | refused: %s |".formatted(name, why.replace('\n', ' '));
        };
    }
}
