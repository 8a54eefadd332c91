package dev.nibble.examples;

import static dev.nibble.examples.OperatorRows.fixed;
import static dev.nibble.examples.OperatorRows.longs;
import static dev.nibble.examples.OperatorRows.noise;
import static dev.nibble.examples.OperatorRows.number;
import static dev.nibble.examples.OperatorRows.row;
import static dev.nibble.examples.OperatorRows.whole;

import dev.nibble.examples.OperatorRows.Row;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.ArrayList;
import java.util.List;

/** What moves numbers, computes with shapes, or reads and writes where it is told to. */
final class OperatorRowsOfShapes {
    private static final Tensor X = noise(2, 3, 4);

    private OperatorRowsOfShapes() {}

    static List<Row> rows() {
        List<Row> rows = new ArrayList<>(moves());
        rows.addAll(shapes());
        rows.addAll(pads());
        rows.addAll(indices());
        return rows;
    }

    private static List<Row> moves() {
        return List.of(
                row("Concat", X, noise(2, 1, 4)).with("axis", 1),
                row("Expand", noise(3, 1), longs(2, 1, 4)),
                row("Flatten", X).with("axis", 2),
                row("Flatten", X).with("axis", 0),
                row("Flatten", X).with("axis", -1),
                row("Reshape", X, longs(0, -1)),
                row("Reshape", X, longs(4, 0, -1)),
                row("Slice", X, longs(1, -3), longs(5, -1), longs(1, 2)),
                row("Slice", X, longs(-1, 0), longs(-100, 4), longs(1, 2), longs(-2, 3)),
                row("Slice", X)
                        .with("starts", new int[] {0, 1})
                        .with("ends", new int[] {1, 3})
                        .opset(9),
                row("Split", X).with("axis", 1).with("num_outputs", 2).outputs(2),
                row("Split", X, longs(1, 3)).with("axis", -1).outputs(2),
                row("Split", X).with("axis", 1).opset(11).outputs(3),
                row("Split", X)
                        .with("axis", 2)
                        .with("split", new int[] {3, 1})
                        .opset(11)
                        .outputs(2),
                row("Squeeze", noise(1, 3, 1), longs(-1)),
                row("Squeeze", noise(1, 3, 1)),
                row("Tile", noise(2, 3), longs(2, 3)),
                row("Transpose", X),
                row("Transpose", X).with("perm", new int[] {1, 2, 0}),
                row("Trilu", noise(2, 4, 4)),
                row("Trilu", noise(4, 4), whole(-1)).with("upper", 0),
                row("Unsqueeze", X, longs(0, -1)));
    }

    private static List<Row> shapes() {
        return List.of(
                row("Shape", X).rough(),
                row("Shape", X).with("start", 1).with("end", -1).rough(),
                row("Shape", X).with("start", -2).rough(),
                row("Size", X).rough(),
                row("ConstantOfShape", longs(2, 3)).rough(),
                row("Range", whole(3), whole(-4), whole(-2)).rough(),
                row("Range", number(0.5f), number(2), number(0.25f)).rough(),
                row("Cast", X).with("to", 7).rough(),
                row("Cast", X).with("to", 9).rough(),
                row("Cast", longs(1, 0, 300)).with("to", 9).rough(),
                row("Cast", X).with("to", 11),
                row("CastLike", X, longs(1)).rough());
    }

    private static List<Row> pads() {
        List<Row> rows = new ArrayList<>();
        for (String mode : List.of("constant", "edge", "reflect", "wrap")) {
            rows.add(row("Pad", X, longs(0, 1, 2, 1, 0, 1)).with("mode", mode));
        }
        rows.add(row("Pad", X, longs(0, 1, -1, 0, 0, 2), number(1.5f)));
        rows.add(row("Pad", X, longs(1, 2, 0, 1), "", longs(-1, 0)));
        rows.add(
                row("Pad", X)
                        .with("pads", new int[] {0, 0, 1, 0, 2, 0})
                        .with("value", 2f)
                        .opset(10));
        return rows;
    }

    private static List<Row> indices() {
        Tensor matrix = noise(3, 4);
        Tensor places = Tensor.ofLongs(Shape.of(2, 2), 0, -1, 2, 1);
        return List.of(
                row("Gather", X, places).with("axis", 1),
                row("Gather", X, whole(-1)).with("axis", 2),
                row("Gather", X, Tensor.ofLongs(Shape.of(1, 3), 1, 1, 0)),
                row("GatherElements", matrix, places).with("axis", 1),
                row("GatherND", X, Tensor.ofLongs(Shape.of(2, 2), 0, 1, 1, -1)),
                row("GatherND", X, Tensor.ofLongs(Shape.of(2, 1, 1), 2, -2)).with("batch_dims", 1),
                row("NonZero", Tensor.ofFloats(Shape.of(2, 2), 0, 1, 2, 0)).rough(),
                row("OneHot", longs(0, -1, 7), whole(3), fixed(2, 5)).rough(),
                row("OneHot", longs(0, 2), longs(3), fixed(0, 1)).with("axis", 0).rough(),
                row("ScatterElements", matrix, places, noise(2, 2)).with("axis", 1),
                row("ScatterElements", matrix, places, noise(2, 2)).with("reduction", "add"),
                row("ScatterElements", matrix, places, noise(2, 2)).with("reduction", "mul"),
                row("ScatterElements", matrix, places, noise(2, 2)).with("reduction", "max"),
                row("Scatter", matrix, places, noise(2, 2)).with("axis", 1).opset(10),
                row("ScatterND", X, Tensor.ofLongs(Shape.of(2, 2), 0, 1, 1, -1), noise(2, 4)),
                row("ScatterND", matrix, Tensor.ofLongs(Shape.of(2, 1), 1, 1), noise(2, 4))
                        .with("reduction", "add"));
    }
}
