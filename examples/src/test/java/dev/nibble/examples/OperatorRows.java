package dev.nibble.examples;

import dev.nibble.graph.Attribute;
import dev.nibble.graph.Attribute.FloatList;
import dev.nibble.graph.Attribute.FloatValue;
import dev.nibble.graph.Attribute.IntList;
import dev.nibble.graph.Attribute.IntValue;
import dev.nibble.graph.Attribute.StringList;
import dev.nibble.graph.Attribute.StringValue;
import dev.nibble.graph.Extras;
import dev.nibble.graph.Node;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** One node each, with inputs, for tests that compare operators. */
final class OperatorRows {
    private OperatorRows() {}

    /**
     * A node and what it is given.
     *
     * @param inputs by name; float tensors with more than a few numbers are fed, others constant
     * @param smooth whether its gradient is to be compared with differences
     */
    record Row(
            Node node, long opset, Map<String, Tensor> inputs, List<String> fed, boolean smooth) {
        boolean isFed(String name) {
            return fed.contains(name);
        }

        /** Without a gradient to compare: there is none, or it jumps. */
        Row rough() {
            return new Row(node, opset, inputs, fed, false);
        }

        Row opset(long version) {
            return new Row(node, version, inputs, fed, smooth);
        }

        Row outputs(int count) {
            List<String> names = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                names.add("y" + i);
            }
            return new Row(node.withOutputs(names), opset, inputs, fed, smooth);
        }

        Row with(String attribute, Object value) {
            return new Row(node.with(attribute, attribute(value)), opset, inputs, fed, smooth);
        }

        private static Attribute attribute(Object value) {
            return switch (value) {
                case Integer number -> new IntValue(number);
                case Float number -> new FloatValue(number);
                case String text -> new StringValue(text);
                case int[] numbers ->
                        new IntList(Arrays.stream(numbers).asLongStream().boxed().toList());
                case float[] numbers -> {
                    List<Float> list = new ArrayList<>();
                    for (float number : numbers) {
                        list.add(number);
                    }
                    yield new FloatList(list);
                }
                case String[] texts -> new StringList(List.of(texts));
                default -> throw new IllegalArgumentException("no attribute is " + value);
            };
        }

        @Override
        public String toString() {
            return "%s-%d %s".formatted(node.opType(), opset, node.attributes());
        }
    }

    /** An input that stays as it is, as scales and bounds do. */
    private record Fixed(Tensor tensor) {}

    static Stream<Row> all() {
        return Stream.of(
                        OperatorRowsOfWindows.rows(),
                        OperatorRowsOfNumbers.rows(),
                        OperatorRowsOfShapes.rows(),
                        OperatorRowsOfLayers.rows())
                .flatMap(List::stream);
    }

    /** A node of the newest version; an empty text is an input left out. */
    static Row row(String operator, Object... inputs) {
        List<String> names = new ArrayList<>();
        List<String> fed = new ArrayList<>();
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Object input : inputs) {
            String name = input instanceof String ? "" : "x" + names.size();
            names.add(name);
            if (input instanceof Tensor tensor) {
                tensors.put(name, tensor);
                if (tensor.isFloatingPoint()) {
                    fed.add(name);
                }
            } else if (input instanceof Fixed(Tensor tensor)) {
                tensors.put(name, tensor);
            }
        }
        Node node = new Node("node", operator, "", names, List.of("y"), Map.of(), Extras.NONE);
        return new Row(node, 20, tensors, fed, true);
    }

    /** Noise; never near a corner of a function at 0, 1 or another whole number of halves. */
    static Tensor noise(long... dims) {
        return noise(3f, dims);
    }

    static Tensor positive(long... dims) {
        float[] values = noise(3f, dims).floats();
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.abs(values[i]) + 0.1f;
        }
        return Tensor.ofFloats(Shape.of(dims), values);
    }

    static Tensor noise(float scale, long... dims) {
        Shape shape = Shape.of(dims);
        Random random = new Random(dims.length * 31L + shape.elements());
        float[] values = new float[Math.toIntExact(shape.elements())];
        for (int i = 0; i < values.length; i++) {
            float value = scale * (2 * random.nextFloat() - 1);
            float corner = Math.round(value * 2) / 2f;
            values[i] = Math.abs(value - corner) < 0.02f ? corner + 0.02f : value;
        }
        return Tensor.ofFloats(shape, values);
    }

    static Tensor longs(long... values) {
        return Tensor.ofLongs(Shape.of(values.length), values);
    }

    static Tensor whole(long value) {
        return Tensor.ofLongs(Shape.scalar(), value);
    }

    static Object fixed(float... values) {
        return new Fixed(Tensor.ofFloats(Shape.of(values.length), values));
    }

    static Object number(float value) {
        return new Fixed(Tensor.ofFloats(Shape.scalar(), value));
    }

    static Tensor truth(Shape shape, int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return Tensor.ofBytes(DataType.BOOL, shape, bytes);
    }
}
