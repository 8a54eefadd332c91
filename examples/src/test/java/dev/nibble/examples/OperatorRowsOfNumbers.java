package dev.nibble.examples;

import static dev.nibble.examples.OperatorRows.longs;
import static dev.nibble.examples.OperatorRows.noise;
import static dev.nibble.examples.OperatorRows.number;
import static dev.nibble.examples.OperatorRows.positive;
import static dev.nibble.examples.OperatorRows.row;
import static dev.nibble.examples.OperatorRows.truth;
import static dev.nibble.examples.OperatorRows.whole;

import dev.nibble.examples.OperatorRows.Row;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.ArrayList;
import java.util.List;

/** What computes number by number, compares, and reduces. */
final class OperatorRowsOfNumbers {
    private static final Tensor X = noise(2, 3, 4);

    private OperatorRowsOfNumbers() {}

    static List<Row> rows() {
        List<Row> rows = new ArrayList<>(each());
        rows.addAll(several());
        rows.addAll(comparisons());
        rows.addAll(activations());
        rows.addAll(reductions());
        return rows;
    }

    private static List<Row> each() {
        List<Row> rows = new ArrayList<>();
        for (String name :
                List.of(
                        "Abs",
                        "Asinh",
                        "Atan",
                        "Cos",
                        "Cosh",
                        "Erf",
                        "Exp",
                        "Neg",
                        "Reciprocal",
                        "Sin",
                        "Sinh",
                        "Relu",
                        "Sigmoid",
                        "Softplus",
                        "Softsign",
                        "Tanh",
                        "HardSwish",
                        "Mish",
                        "Identity",
                        "Tan")) {
            rows.add(row(name, X));
        }
        for (String name : List.of("Ceil", "Floor", "Round", "Sign")) {
            rows.add(row(name, X).rough());
        }
        rows.add(row("Sqrt", positive(3, 4)));
        rows.add(row("Log", positive(3, 4)));
        for (String name : List.of("Acos", "Asin", "Atanh")) {
            rows.add(row(name, noise(0.4f, 2, 5)));
        }
        rows.add(row("Acosh", Tensor.ofFloats(Shape.of(3), 1.1f, 2, 30)));
        return rows;
    }

    private static List<Row> several() {
        Tensor y = noise(3, 1);
        Tensor divisor = positive(4);
        Tensor whole = Tensor.ofLongs(Shape.of(4), -7, 7, 6, -6);
        Tensor by = Tensor.ofLongs(Shape.of(4), 2, -2, 4, 4);
        return List.of(
                row("Add", X, y),
                row("Sub", X, y),
                row("Mul", X, y),
                row("Div", X, divisor),
                row("Div", whole, by).rough(),
                row("Mod", whole, by).rough(),
                row("Mod", whole, by).with("fmod", 1).rough(),
                row("Mod", X, divisor).with("fmod", 1).rough(),
                row("Pow", positive(2, 3), number(2.5f)),
                row("Pow", positive(2, 3), noise(3)),
                row("Pow", X, number(2)),
                row("Pow", whole, Tensor.ofLongs(Shape.scalar(), 3)).rough(),
                row("Max", X, y, noise(4)),
                row("Min", X, y),
                row("Min", X),
                row("Sum", X, y, noise(4)),
                row("Mean", X, y, noise(4)),
                row("Clip", X, number(-1), number(1.5f)),
                row("Clip", X, "", number(0.25f)),
                row("Clip", X).with("min", -0.25f).opset(6),
                row("Clip", whole, whole(-2), whole(3)).rough(),
                row("MatMul", X, noise(2, 4, 2)),
                row("MatMul", noise(4), noise(4, 3)),
                row("Gemm", noise(3, 2), noise(3, 4), noise(4)).with("transA", 1),
                row("Gemm", noise(2, 3), noise(4, 3), noise(2, 1))
                        .with("transB", 1)
                        .with("alpha", 0.5f)
                        .with("beta", 2f),
                row("Gemm", noise(2, 3), noise(3, 4)).with("alpha", 0.5f),
                row("Einsum", noise(2, 3, 4), noise(2, 4, 5)).with("equation", "bij, bjk -> bik"),
                row("Einsum", noise(3, 3)).with("equation", "ii->i"),
                row("CumSum", X, whole(1)),
                row("CumSum", X, whole(-1)).with("exclusive", 1).with("reverse", 1));
    }

    private static List<Row> comparisons() {
        List<Row> rows = new ArrayList<>();
        Tensor left = Tensor.ofFloats(Shape.of(2, 2), 1, 2, 3, 4);
        Tensor right = Tensor.ofFloats(Shape.of(2), 1, 3);
        for (String name : List.of("Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual")) {
            rows.add(row(name, left, right).rough());
        }
        Tensor p = truth(Shape.of(4), 0, 0, 1, 1);
        Tensor q = truth(Shape.of(4), 0, 1, 0, 1);
        for (String name : List.of("And", "Or", "Xor")) {
            rows.add(row(name, p, q).rough());
        }
        Tensor odd =
                Tensor.ofFloats(
                        Shape.of(4),
                        Float.NaN,
                        Float.POSITIVE_INFINITY,
                        Float.NEGATIVE_INFINITY,
                        0);
        rows.add(row("Not", p).rough());
        rows.add(row("IsNaN", odd).rough());
        rows.add(row("IsInf", odd).rough());
        rows.add(row("IsInf", odd).with("detect_negative", 0).rough());
        rows.add(row("IsInf", odd).with("detect_positive", 0).rough());
        rows.add(row("Where", p, noise(3, 4), noise(4)));
        return rows;
    }

    private static List<Row> activations() {
        return List.of(
                row("LeakyRelu", X).with("alpha", 0.3f),
                row("Elu", X).with("alpha", 1.5f),
                row("Celu", X).with("alpha", 2f),
                row("Selu", X),
                row("Selu", X).with("alpha", 1.5f).with("gamma", 2f),
                row("PRelu", X, noise(3, 1)),
                row("ThresholdedRelu", X).with("alpha", 0.7f),
                row("HardSigmoid", X).with("alpha", 0.3f).with("beta", 0.4f),
                row("Shrink", X).with("lambd", 0.75f).with("bias", 0.25f),
                row("Gelu", X),
                row("Gelu", X).with("approximate", "tanh"),
                row("Softmax", X),
                row("Softmax", X).with("axis", 1),
                row("Softmax", X).opset(11),
                row("Softmax", X).opset(11).with("axis", 2),
                row("LogSoftmax", X).with("axis", 0),
                row("LogSoftmax", X).opset(9),
                row("Hardmax", X).with("axis", 1).rough());
    }

    private static List<Row> reductions() {
        List<Row> rows = new ArrayList<>();
        for (String kind :
                List.of(
                        "L1",
                        "L2",
                        "LogSumExp",
                        "Max",
                        "Mean",
                        "Min",
                        "Prod",
                        "Sum",
                        "SumSquare")) {
            rows.add(row("Reduce" + kind, X, longs(0, -1)));
            rows.add(row("Reduce" + kind, X).with("keepdims", 0));
        }
        rows.add(row("ReduceLogSum", positive(2, 3), longs(1)));
        rows.add(row("ReduceSum", X).with("noop_with_empty_axes", 1));
        rows.add(row("ReduceMean", X).with("axes", new int[] {1}).opset(13));
        rows.add(row("ReduceSum", longs(1, 2, 3)).rough());
        rows.add(row("ReduceMax", longs(1, 4, 3)).rough());
        Tensor ties = Tensor.ofFloats(Shape.of(2, 4), 1, 3, 3, 0, -1, -1, -5, -5);
        for (String name : List.of("ArgMax", "ArgMin")) {
            rows.add(row(name, ties).with("axis", 1).rough());
            rows.add(
                    row(name, ties)
                            .with("axis", -1)
                            .with("keepdims", 0)
                            .with("select_last_index", 1)
                            .rough());
        }
        rows.add(row("TopK", X, longs(2)).outputs(2));
        rows.add(row("TopK", ties, longs(3)).with("axis", 1).with("largest", 0).outputs(2).rough());
        rows.add(row("TopK", X).with("k", 2).with("axis", 1).opset(9).outputs(2));
        return rows;
    }
}
