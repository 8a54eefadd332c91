package dev.nibble.opset;

import dev.nibble.graph.Attribute.FloatValue;
import dev.nibble.graph.Attribute.IntValue;
import dev.nibble.graph.Attribute.StringValue;

import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The operators that changed their meaning, at which version, and how nodes written before are
 * written since.
 *
 * <p>From the ONNX operator changelog. Changes that leave older nodes as they are (more types, an
 * attribute or input that may be left out) are not listed.
 */
final class Catalogue {
    /** One operator that changed at one version. */
    private record Change(String opType, long version, Rewrite rewrite) {}

    private static final Rewrite NOTHING_CONSUMED = Attributes.drop("consumed_inputs");

    private static final List<Change> CHANGES =
            Stream.of(
                            changes(
                                    6,
                                    NOTHING_CONSUMED,
                                    "Abs",
                                    "Add",
                                    "BatchNormalization",
                                    "Ceil"),
                            changes(6, NOTHING_CONSUMED, "Clip", "Div", "Dropout", "Elu", "Exp"),
                            changes(6, NOTHING_CONSUMED, "Floor", "HardSigmoid", "LeakyRelu"),
                            changes(6, NOTHING_CONSUMED, "InstanceNormalization", "Log", "Max"),
                            changes(6, NOTHING_CONSUMED, "Mean", "Min", "Mul", "Neg", "PRelu"),
                            changes(6, NOTHING_CONSUMED, "Reciprocal", "Relu", "Sigmoid", "Sqrt"),
                            changes(6, NOTHING_CONSUMED, "Sub", "Sum", "Tanh"),
                            changes(7, Broadcasting::elementwise, "Add", "And", "Div", "Equal"),
                            changes(7, Broadcasting::elementwise, "Greater", "Less", "Mul", "Or"),
                            changes(7, Broadcasting::elementwise, "Pow", "Sub", "Xor"),
                            changes(7, Attributes.drop("output_sequence"), "GRU", "LSTM", "RNN"),
                            changes(10, Withdrawn.refused(), "ATen", "DynamicSlice", "GRUUnit"),
                            changes(10, Withdrawn.refused(), "GivenTensorFill"),
                            changes(13, CoercedSoftmax::rewrite, "Hardmax", "LogSoftmax"),
                            changes(13, CoercedSoftmax::rewrite, "Softmax"),
                            changes(13, Inputs.of("axes", 1), "ReduceSum", "Squeeze", "Unsqueeze"),
                            changes(18, Inputs.of("axes", 1), "ReduceL1", "ReduceL2", "ReduceMax"),
                            changes(18, Inputs.of("axes", 1), "ReduceLogSum", "ReduceMean"),
                            changes(18, Inputs.of("axes", 1), "ReduceLogSumExp", "ReduceMin"),
                            changes(18, Inputs.of("axes", 1), "ReduceProd", "ReduceSumSquare"),
                            singleToO(),
                            singleFromP())
                    .flatMap(Function.identity())
                    .toList();

    private static final Map<Long, Map<String, Rewrite>> BY_VERSION =
            CHANGES.stream()
                    .collect(
                            Collectors.groupingBy(
                                    Change::version,
                                    Collectors.toUnmodifiableMap(Change::opType, Change::rewrite)));

    private Catalogue() {}

    /** What to do with the nodes of each operator to go from the version before to this one. */
    static Map<String, Rewrite> at(long version) {
        return BY_VERSION.getOrDefault(version, Map.of());
    }

    static Map<String, SortedSet<Long>> versions() {
        Map<String, SortedSet<Long>> versions = new TreeMap<>();
        for (Change change : CHANGES) {
            versions.computeIfAbsent(change.opType(), _ -> new TreeSet<>()).add(change.version());
        }
        return versions;
    }

    private static Stream<Change> changes(long version, Rewrite rewrite, String... opTypes) {
        return Stream.of(opTypes).map(opType -> new Change(opType, version, rewrite));
    }

    /** The operators that changed in a way of their own, up to O. */
    private static Stream<Change> singleToO() {
        return Stream.of(
                new Change("Affine", 10, Withdrawn::affine),
                new Change("BatchNormalization", 7, Normalizations::tested),
                new Change("BatchNormalization", 9, Normalizations::perFeature),
                new Change("BatchNormalization", 14, Normalizations::training),
                new Change("Cast", 6, Attributes.typeNumber("to")),
                new Change("Clip", 11, Inputs::clip),
                new Change("Concat", 4, Attributes.spellOut("axis", new IntValue(1))),
                new Change("Crop", 10, Withdrawn::crop),
                new Change("DFT", 20, Inputs.ofScalar("axis", 2, 1)),
                new Change("Dropout", 7, Attributes.notTraining()),
                new Change("Dropout", 10, Normalizations::mask),
                new Change("Dropout", 12, Normalizations::fullMask),
                new Change("Gemm", 7, Attributes.drop("broadcast")),
                new Change("GlobalLpPool", 2, Attributes.toInteger("p")),
                new Change(
                        "GridSample",
                        20,
                        Attributes.respell(
                                "mode", Map.of("bilinear", "linear", "bicubic", "cubic"))),
                new Change("GroupNormalization", 21, Normalizations::groups),
                new Change("GRU", 3, Attributes.respell("direction", Map.of("foward", "forward"))),
                new Change("ImageScaler", 10, Withdrawn::imageScaler),
                new Change("LpPool", 2, Attributes.toInteger("p")));
    }

    /** The same, from P on. */
    private static Stream<Change> singleFromP() {
        return Stream.of(
                new Change("PRelu", 7, Broadcasting::slopes),
                new Change("Pad", 2, Attributes.rename("paddings", "pads")),
                new Change("Pad", 11, Inputs::pad),
                new Change("ParametricSoftplus", 10, Withdrawn.scaled("Softplus")),
                new Change("Reshape", 5, NOTHING_CONSUMED.then(Inputs.of("shape", 1))),
                new Change("Resize", 11, Resizing::asymmetric),
                new Change("Resize", 13, Resizing::withoutEmptyInputs),
                new Change(
                        "RoiAlign",
                        16,
                        Attributes.spellOut(
                                "coordinate_transformation_mode",
                                new StringValue("output_half_pixel"))),
                new Change("Scale", 10, Withdrawn::scale),
                new Change("ScaledTanh", 10, Withdrawn.scaled("Tanh")),
                new Change("Scan", 9, BatchedScan::rewrite),
                new Change("Scatter", 11, (node, _) -> List.of(Scope.as("ScatterElements", node))),
                new Change(
                        "Selu",
                        6,
                        NOTHING_CONSUMED
                                .then(Attributes.spellOut("alpha", new FloatValue(1.6732f)))
                                .then(Attributes.spellOut("gamma", new FloatValue(1.0507f)))),
                new Change("Slice", 10, Inputs::slice),
                new Change("Split", 2, Inputs::splitLengths),
                new Change("Split", 13, Inputs.of("split", 1)),
                new Change("Split", 18, Inputs::splitCount),
                new Change("Tile", 6, Inputs::tile),
                new Change("TopK", 10, Inputs.of("k", 1)),
                new Change("Upsample", 7, Resizing::factors),
                new Change("Upsample", 9, Inputs.of("scales", 1)),
                new Change(
                        "Upsample",
                        10,
                        Attributes.respell("mode", Map.of("bilinear", "linear"))
                                .then(Resizing::resize)));
    }
}
