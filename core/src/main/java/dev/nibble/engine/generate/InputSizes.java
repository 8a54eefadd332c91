package dev.nibble.engine.generate;

import dev.nibble.graph.Graph;
import dev.nibble.graph.ValueInfo;
import dev.nibble.graph.ValueInfo.Dimension;
import dev.nibble.graph.ValueInfo.Fixed;
import dev.nibble.graph.ValueInfo.RankedTensor;
import dev.nibble.graph.ValueInfo.Symbolic;
import dev.nibble.tensor.Shape;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Extents for the axes that a network leaves open: 1 for batches, one size for both axes of an
 * image, another for everything else, as lengths.
 *
 * @param image extent of the open axes of inputs with four axes or more
 * @param length extent of other open axes
 */
record InputSizes(long image, long length) {
    /** What is tried, in order. */
    static final List<InputSizes> TRIED =
            List.of(
                    new InputSizes(224, 16),
                    new InputSizes(256, 64),
                    new InputSizes(320, 512),
                    new InputSizes(64, 128),
                    new InputSizes(32, 1));

    private static final Pattern BATCH = Pattern.compile("(?i).*batch.*|n|b|bs");
    private static final Pattern LENGTH =
            Pattern.compile("(?i).*(seq|len|time|token|frame|step|bytes).*|t|l");
    private static final Pattern SUM = Pattern.compile("\\s*\\+\\s*");

    private static final int IMAGE_RANK = 4;
    private static final long COLORS = 3;

    /** The shape of an input. */
    Shape shape(Graph graph, RankedTensor input) {
        Set<String> batches = batches(graph);
        return Shape.of(
                IntStream.range(0, input.dims().size())
                        .mapToLong(axis -> extent(input.dims(), axis, batches))
                        .toArray());
    }

    /** Whether other sizes would give other shapes. */
    static boolean matter(Graph graph) {
        return graph.fedInputs().stream()
                .map(ValueInfo::type)
                .anyMatch(type ->
                        type instanceof RankedTensor ranked
                                && !TRIED.getFirst()
                                        .shape(graph, ranked)
                                        .equals(TRIED.getLast().shape(graph, ranked)));
    }

    /** The names of extents that lead an input of several axes. */
    private static Set<String> batches(Graph graph) {
        return graph.fedInputs().stream()
                .flatMap(input ->
                        input.type() instanceof RankedTensor ranked && ranked.dims().size() > 1
                                ? ranked.dims().stream().limit(1)
                                : Stream.<Dimension>empty())
                .map(dim -> dim instanceof Symbolic(String symbol) ? symbol : "")
                .filter(symbol -> !symbol.isEmpty() && !LENGTH.matcher(symbol).matches())
                .collect(Collectors.toSet());
    }

    private long extent(List<Dimension> dims, int axis, Set<String> batches) {
        return switch (dims.get(axis)) {
            // some exporters write −1 or 0 for an open axis
            case Fixed(long size) -> size > 0 ? size : open(dims, axis, "", batches);
            case Symbolic(String symbol) -> open(dims, axis, symbol, batches);
        };
    }

    private long open(List<Dimension> dims, int axis, String symbol, Set<String> batches) {
        String[] terms = SUM.split(symbol);
        if (terms.length > 1) {
            long sum = 0;
            for (String term : terms) {
                sum +=
                        term.chars().allMatch(Character::isDigit)
                                ? Long.parseLong(term)
                                : open(dims, axis, term, batches);
            }
            return sum;
        }
        if (BATCH.matcher(symbol).matches() || batches.contains(symbol)) {
            return 1;
        }
        boolean named = LENGTH.matcher(symbol).matches();
        if (axis == 0 && !named) {
            return 1;
        }
        boolean image = dims.size() >= IMAGE_RANK;
        if (image && axis == 1 && !isFixed(dims, dims.size() - 1)) {
            return COLORS;
        }
        if (image) {
            return image();
        }
        // as the state of a recurrent network, [layers × batch × features]
        boolean state = axis == 1 && dims.size() == IMAGE_RANK - 1 && isFixed(dims, 0) && !named;
        return state ? 1 : length();
    }

    private static boolean isFixed(List<Dimension> dims, int axis) {
        return dims.get(axis) instanceof Fixed(long size) && size > 0;
    }
}
