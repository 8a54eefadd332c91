package dev.nibble.engine.generate;

import dev.nibble.engine.Engine;
import dev.nibble.engine.EngineOptions;
import dev.nibble.engine.ModelFormat;
import dev.nibble.engine.Outputs;
import dev.nibble.engine.Samples;
import dev.nibble.engine.Session;
import dev.nibble.engine.generate.GeneratedSamples.Filling;
import dev.nibble.error.NibbleException;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.ValueInfo;
import dev.nibble.graph.ValueInfo.OtherType;
import dev.nibble.graph.ValueInfo.RankedTensor;
import dev.nibble.graph.ValueInfo.UnrankedTensor;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Tensor;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Makes inputs up for a network, from what it declares and from what its graph does with them.
 *
 * <ul>
 *   <li>floating point: standard normal; 0 to 255 where the graph takes off an offset or a scale as
 *       that of pixels; 0 to 1 if the outputs are not finite otherwise;
 *   <li>whole numbers: below the rows of the table that they are looked up in; or the first
 *       constant that they are compared with, as a sampling rate; or bytes for uint8 and for three
 *       axes or more; or else 1, as lengths and masks;
 *   <li>open axes: 1 for batches; for others several sizes are tried until the network runs.
 * </ul>
 *
 * <p>They are good enough to see that a network runs and what rounding does to it. They say nothing
 * about its accuracy. The same network and seed give the same inputs.
 */
public final class GeneratedInputs {
    private GeneratedInputs() {}

    /** What came of it. */
    public sealed interface Outcome {
        /**
         * The samples.
         *
         * @throws NibbleException if there are none
         */
        Samples orThrow();
    }

    /** Inputs on which the network runs. */
    public record Found(Samples samples) implements Outcome {
        @Override
        public Samples orThrow() {
            return samples;
        }
    }

    /** No inputs could be made up on which the network runs. */
    public record None(String why) implements Outcome {
        @Override
        public Samples orThrow() {
            throw new NibbleException(why + "; give samples of your own with --data");
        }
    }

    /**
     * Inputs on which a network runs.
     *
     * @param name what messages call the network
     * @param count how many samples
     * @param seed decides the numbers
     * @throws NibbleException if the engine cannot load the network
     */
    public static Outcome of(
            Model model, String name, int count, long seed, Engine engine, ModelFormat format) {
        Graph graph = model.graph();
        Optional<String> problem =
                graph.fedInputs().stream().flatMap(input -> problem(input).stream()).findFirst();
        try (Session session = engine.open(model, Set.of(), format, EngineOptions.SINGLE_THREAD)) {
            return problem.<Outcome>map(why ->
                            new None("no inputs can be made up for %s: %s".formatted(name, why)))
                    .orElseGet(() -> running(graph, name, count, seed, session));
        }
    }

    private static Outcome running(
            Graph graph, String name, int count, long seed, Session session) {
        String last = "";
        for (InputSizes sizes : InputSizes.TRIED) {
            Samples samples = samples(graph, sizes, new InputValues.Normal(), count, seed);
            try {
                if (isFinite(session, samples)) {
                    return new Found(samples);
                }
                Samples positive = samples(graph, sizes, new InputValues.Unit(), count, seed);
                return new Found(isFinite(session, positive) ? positive : samples);
            } catch (NibbleException refused) {
                last = String.valueOf(refused.getMessage());
            }
            if (!InputSizes.matter(graph)) {
                break;
            }
        }
        return new None(
                "%s runs on none of the inputs that were made up for it (the last failure: %s)"
                        .formatted(name, last));
    }

    private static boolean isFinite(Session session, Samples samples) {
        try (Outputs outputs = session.run(samples.get(0).inputs())) {
            return outputs.tensors().values().stream().allMatch(GeneratedInputs::isFinite);
        }
    }

    private static boolean isFinite(Tensor tensor) {
        if (tensor.isFloatingPoint()) {
            for (float value : tensor.floats()) {
                if (!Float.isFinite(value)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static Samples samples(
            Graph graph, InputSizes sizes, InputValues floats, int count, long seed) {
        List<Filling> fillings =
                graph.fedInputs().stream()
                        .map(input -> filling(graph, input.name(), tensor(input), sizes, floats))
                        .toList();
        return new GeneratedSamples(fillings, count, seed);
    }

    private static Filling filling(
            Graph graph, String input, RankedTensor type, InputSizes sizes, InputValues floats) {
        InputValues values =
                isFloat(type.elementType())
                        ? InputUse.ofFloats(graph, input).orElse(floats)
                        : InputUse.ofIntegers(graph, input, type.elementType(), type.dims().size());
        return new Filling(input, type.elementType(), sizes.shape(graph, type), values);
    }

    private static boolean isFloat(DataType type) {
        return switch (type) {
            case FLOAT32, FLOAT64, FLOAT16, BFLOAT16 -> true;
            default -> false;
        };
    }

    private static RankedTensor tensor(ValueInfo input) {
        return (RankedTensor) input.type();
    }

    private static Optional<String> problem(ValueInfo input) {
        String problem =
                switch (input.type()) {
                    case RankedTensor(DataType type, _) -> canBeMade(type) ? "" : "holds " + type;
                    case UnrankedTensor _ -> "does not say how many axes it has";
                    case OtherType(String kind) -> "is a " + kind;
                };
        return problem.isEmpty()
                ? Optional.empty()
                : Optional.of("its input \"%s\" %s".formatted(input.name(), problem));
    }

    private static boolean canBeMade(DataType type) {
        return isFloat(type)
                || switch (type) {
                    case INT64, INT32, INT16, INT8, UINT8, BOOL -> true;
                    default -> false;
                };
    }
}
