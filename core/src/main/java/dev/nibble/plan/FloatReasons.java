package dev.nibble.plan;

import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.tensor.DataType;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Why nodes, or what they compute with, stay float. */
record FloatReasons(Graph graph, WholeNumbers whole) {
    private static final String CLASSIC_DOMAIN = "ai.onnx.ml";

    private static final String SMALL =
            "its coefficients are attributes, which ONNX cannot hold as codes";

    /** Operators of ONNX-ML. */
    private static final Map<String, String> CLASSIC =
            Map.ofEntries(
                    Map.entry("ArrayFeatureExtractor", "it only picks features out"),
                    Map.entry("Binarizer", "it compares with a threshold, which has to stay exact"),
                    Map.entry("CastMap", "it only changes types"),
                    Map.entry("CategoryMapper", "it only maps words to numbers"),
                    Map.entry("DictVectorizer", "it only maps words to numbers"),
                    Map.entry("FeatureVectorizer", "it only puts features side by side"),
                    Map.entry("Imputer", "it looks for missing values, which codes cannot mark"),
                    Map.entry("LabelEncoder", "it only maps labels to numbers"),
                    Map.entry("LinearClassifier", SMALL),
                    Map.entry("LinearRegressor", SMALL),
                    Map.entry("Normalizer", "it has no weights, and its results set the scale"),
                    Map.entry("OneHotEncoder", "it only maps labels to numbers"),
                    Map.entry("SVMClassifier", SMALL),
                    Map.entry("SVMRegressor", SMALL),
                    Map.entry("Scaler", "it has two numbers for each feature, too few to pay"),
                    Map.entry(
                            "TreeEnsemble",
                            "it compares with thresholds, which have to stay exact"),
                    Map.entry(
                            "TreeEnsembleClassifier",
                            "it compares with thresholds, which have to stay exact"),
                    Map.entry(
                            "TreeEnsembleRegressor",
                            "it compares with thresholds, which have to stay exact"),
                    Map.entry("ZipMap", "it only gives results their labels"));

    static FloatReasons in(Graph graph) {
        return new FloatReasons(graph, WholeNumbers.in(graph));
    }

    /** Why a node stays float whatever the recipe says; empty if its operator is no reason. */
    Optional<String> always(Node node) {
        if (node.domain().equals(CLASSIC_DOMAIN)) {
            return Optional.of(
                    CLASSIC.getOrDefault(node.opType(), "it is classic machine learning"));
        }
        if (node.subgraphs().findAny().isPresent()) {
            return Optional.of("the nodes of its subgraphs are decided about one by one");
        }
        if (whole.isAbout(node)) {
            return Optional.of("what it makes are shapes, indices or truth values, no floats");
        }
        return weights(node);
    }

    /** Why a node whose constants could have been codes keeps them. */
    private Optional<String> weights(Node node) {
        List<WeightOperand> operands = WeightOperand.candidates(graph, node);
        if (operands.isEmpty() || computesFromConstants(node)) {
            return Optional.empty();
        }
        WeightOperand first = operands.getFirst();
        DataType type = first.tensor().type();
        if (type != DataType.FLOAT32) {
            return Optional.of("its weights are " + type + ", and only float32 is quantized");
        }
        return Optional.of(
                first.tensor().elements() < WeightOperand.FEWEST
                        ? "it has %d weights, too few for codes to save bytes"
                                .formatted(first.tensor().elements())
                        : "others read its weights %s as floats, so that codes would come on top"
                                .formatted(first.name()));
    }

    /** Whether a runtime computes the node once, when it loads the model. */
    boolean computesFromConstants(Node node) {
        return node.hasInput(0)
                && node.inputs().stream()
                        .allMatch(input -> input.isEmpty() || graph.constant(input).isPresent());
    }

    /** Why a Conv, Gemm or MatMul has nothing to store as codes. */
    String ofLayer(Node node) {
        if (computesFromConstants(node)) {
            return "its input " + node.input(0) + " is a constant";
        }
        boolean ofTwo =
                graph.constant(node.input(0)).isEmpty() && graph.constant(node.input(1)).isEmpty();
        if (ofTwo && !node.is("Conv")) {
            return "it multiplies two values, %s and %s: codes of both are no faster than floats"
                    .formatted(node.input(0), node.input(1));
        }
        return weights(node)
                .orElseGet(() -> "its weights %s are not constant".formatted(node.input(1)));
    }

    /** Why a node without weights stays float where activations are quantized. */
    static String ofKernel(Node node) {
        return switch (node.opType()) {
            case "Softmax", "LogSoftmax" ->
                    "most of what it makes is near 0, which 8 bits do not tell apart";
            case "LayerNormalization",
                    "SkipLayerNormalization",
                    "SimplifiedLayerNormalization",
                    "SkipSimplifiedLayerNormalization",
                    "RMSNormalization",
                    "GroupNormalization",
                    "InstanceNormalization",
                    "BatchNormalization",
                    "LpNormalization" ->
                    "the target has no integer kernel for %s, and its few parameters do not pay"
                            .formatted(node.operator());
            default -> "the target has no integer kernel for " + node.operator();
        };
    }

    /** Why a node with weights in codes computes in float, though activations are quantized. */
    static String ofStored(Node node, WeightOperand operand) {
        return switch (node.opType()) {
            case "Gather", "EmbedLayerNormalization" ->
                    "it looks rows up, which become floats as they are read";
            case "MatMul", "Gemm" ->
                    operand.input() == 0
                            ? "its weights stand on the left, where integer kernels take none"
                            : "its weights have shape %s%s, and integer kernels take [in × out] only"
                                    .formatted(
                                            operand.tensor().shape(),
                                            node.integer("transA", 0) == 0 ? "" : " and transA");
            case "LSTM" ->
                    "ONNX Runtime has an LSTM on codes only with ranges found at run time, weights"
                            + " W and R both constant and layout 0";
            default -> "ONNX Runtime has no integer kernel for " + node.operator();
        };
    }
}
