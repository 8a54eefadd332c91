package dev.nibble.examples.nets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.stream.Collectors;

class SmallNetworksTest {
    @Test
    void resNetHasResidualsAndUnfoldedNormalization() {
        Model model = SmallNetworks.resNet(32, 10, 16, 1);

        assertThat(operators(model))
                .isEqualTo(
                        Map.of(
                                "Conv", 9L,
                                "BatchNormalization", 9L,
                                "Relu", 7L,
                                "Add", 3L,
                                "GlobalAveragePool", 1L,
                                "Flatten", 1L,
                                "Gemm", 1L));
        assertThat(weights(model)).isEqualTo(78_714);
    }

    @Test
    void mobileNetHasDepthwiseConvolutionsAndRelu6() {
        Model model = SmallNetworks.mobileNet(32, 10, 16, 1);

        assertThat(operators(model))
                .isEqualTo(
                        Map.of(
                                "Conv", 20L,
                                "BatchNormalization", 20L,
                                "Clip", 14L,
                                "Add", 3L,
                                "GlobalAveragePool", 1L,
                                "Flatten", 1L,
                                "Gemm", 1L));
        assertThat(model.graph().nodes().stream().filter(node -> node.integer("group", 1) > 1))
                .hasSize(6);
        assertThat(weights(model)).isEqualTo(70_652);
    }

    @Test
    void theSeedDecidesTheWeights() {
        Map<String, Tensor> weights = SmallNetworks.resNet(32, 10, 4, 1).graph().constants();

        assertThat(SmallNetworks.resNet(32, 10, 4, 1).graph().constants()).isEqualTo(weights);
        assertThat(SmallNetworks.resNet(32, 10, 4, 2).graph().constants()).isNotEqualTo(weights);
    }

    private static Map<String, Long> operators(Model model) {
        return model.graph().nodes().stream()
                .collect(Collectors.groupingBy(Node::opType, Collectors.counting()));
    }

    private static long weights(Model model) {
        return model.graph().constants().values().stream().mapToLong(Tensor::elements).sum();
    }
}
