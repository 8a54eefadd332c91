package dev.nibble.task;

import dev.nibble.error.NibbleException;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.graph.ValueInfo;
import dev.nibble.graph.ValueInfo.OtherType;
import dev.nibble.graph.ValueInfo.RankedTensor;
import dev.nibble.graph.ValueInfo.UnrankedTensor;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a network is probably for, and why it is taken for that.
 *
 * @param why in words; what was seen
 */
public record TaskGuess(Task task, String why) {
    /** What leaves the order of numbers as it is. */
    private static final Set<String> PASSING =
            Set.of(
                    "Reshape",
                    "Flatten",
                    "Squeeze",
                    "Unsqueeze",
                    "Identity",
                    "Transpose",
                    "Cast",
                    "Resize",
                    "QuantizeLinear",
                    "DequantizeLinear");

    private static final Set<String> PROBABILITIES = Set.of("Softmax", "LogSoftmax");
    private static final Set<String> SQUASHING = Set.of("Sigmoid", "HardSigmoid");
    private static final Set<String> LENGTHS =
            Set.of("ReduceL2", "LpNormalization", "ReduceSumSquare");
    private static final int FARTHEST = 16;

    /**
     * A task that somebody told.
     *
     * @throws NibbleException if the output cannot be for that
     */
    public static TaskGuess told(Task task, String first, Tensor output) {
        boolean fits =
                switch (task) {
                    case TENSOR -> true;
                    case CLASSIFICATION ->
                            output.isFloatingPoint()
                                    && output.elements() > 1
                                    && wide(output).length == 1;
                    case EMBEDDING, SEGMENTATION, REGRESSION, SEQUENCE ->
                            !TaskScores.of(task, output, output).samples().isEmpty();
                };
        if (!fits) {
            throw new NibbleException(
                    "the first output, %s, is %s, which cannot be for %s (%s); leave the task to be guessed or take tensor"
                            .formatted(first, output, task, task.meaning()));
        }
        return new TaskGuess(task, "as given");
    }

    private static long[] wide(Tensor output) {
        return Arrays.stream(output.shape().dims()).filter(dim -> dim != 1).toArray();
    }

    /**
     * Guesses from the network and from what it gave for one sample.
     *
     * @param first name of the first output
     * @param output what it gave
     */
    public static TaskGuess of(Graph graph, String first, Tensor output) {
        long[] wide = wide(output);
        String shape = "the first output is " + output.shape();
        Optional<Node> last = last(graph, first);
        boolean probable = last.filter(node -> PROBABILITIES.contains(node.opType())).isPresent();
        if (!output.isFloatingPoint()) {
            return new TaskGuess(Task.TENSOR, shape + " of " + output.type());
        }
        if (output.elements() == 1) {
            return new TaskGuess(Task.REGRESSION, shape);
        }
        if (wide.length == 1) {
            return row(shape, graph, first, last, probable);
        }
        if (output.shape().rank() == 4) {
            return map(shape, graph, output.shape(), last);
        }
        if (output.shape().rank() == 3 && (probable || readsTokens(graph))) {
            return new TaskGuess(
                    Task.SEQUENCE,
                    shape + (probable ? " and probabilities" : ", and whole numbers go in"));
        }
        return new TaskGuess(Task.TENSOR, shape);
    }

    private static TaskGuess row(
            String shape, Graph graph, String first, Optional<Node> last, boolean probable) {
        String name = first.toLowerCase(Locale.ROOT);
        if (!probable && (name.contains("embed") || name.contains("feature"))) {
            return new TaskGuess(Task.EMBEDDING, shape + " and called " + first);
        }
        boolean unit =
                last.isPresent()
                        && (LENGTHS.contains(last.get().opType())
                                || (last.get().is("Div")
                                        && isLength(graph, last.get().input(1), FARTHEST)));
        return unit
                ? new TaskGuess(Task.EMBEDDING, shape + " of length 1")
                : new TaskGuess(Task.CLASSIFICATION, shape);
    }

    private static boolean isLength(Graph graph, String value, int steps) {
        Optional<Node> node = graph.producer(value);
        return steps > 0
                && node.isPresent()
                && (LENGTHS.contains(node.get().opType())
                        || (Set.of("Sqrt", "Clip", "Max", "Add", "Expand", "Pow")
                                        .contains(node.get().opType())
                                && isLength(graph, node.get().input(0), steps - 1)));
    }

    private static TaskGuess map(String shape, Graph graph, Shape dims, Optional<Node> last) {
        long channels = dims.dim(PixelMap.channelAxis(dims));
        if (channels == 1) {
            return last.filter(node -> SQUASHING.contains(node.opType())).isPresent()
                    ? new TaskGuess(Task.SEGMENTATION, shape + ": one channel behind a sigmoid")
                    : new TaskGuess(Task.TENSOR, shape + ": one channel, but no sigmoid before it");
        }
        boolean picture = channels == 3 && graph.fedInputs().stream().anyMatch(TaskGuess::isMap);
        if (picture && last.filter(node -> PROBABILITIES.contains(node.opType())).isEmpty()) {
            return new TaskGuess(Task.TENSOR, shape + ": three channels, as a picture has");
        }
        return new TaskGuess(Task.SEGMENTATION, shape + ": " + channels + " channels");
    }

    private static boolean isMap(ValueInfo input) {
        return input.type() instanceof RankedTensor ranked && ranked.dims().size() == 4;
    }

    private static boolean readsTokens(Graph graph) {
        return graph.fedInputs().stream()
                .flatMap(input ->
                        switch (input.type()) {
                            case RankedTensor(DataType type, List<?> dims) ->
                                    dims.size() > 1 ? Stream.of(type) : Stream.<DataType>of();
                            case UnrankedTensor(DataType type) -> Stream.of(type);
                            case OtherType _ -> Stream.<DataType>of();
                        })
                .anyMatch(type ->
                        Set.of(DataType.INT64, DataType.INT32, DataType.UINT8).contains(type));
    }

    /** The node that decides what the numbers of an output mean. */
    private static Optional<Node> last(Graph graph, String output) {
        Optional<Node> node = graph.producer(output);
        for (int i = 0; i < FARTHEST && node.isPresent(); i++) {
            if (!PASSING.contains(node.get().opType())) {
                return node;
            }
            node = graph.producer(node.get().input(0));
        }
        return node;
    }
}
