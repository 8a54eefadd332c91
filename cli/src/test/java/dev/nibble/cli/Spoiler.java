package dev.nibble.cli;

import dev.nibble.formats.onnx.OnnxFormat;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.tensor.Tensor;

import java.nio.file.Path;

/** Breaks one layer of a quantized network on purpose. */
final class Spoiler {
    private Spoiler() {}

    /** Multiplies the scale of a layer's weights. */
    static Path multiplyScale(Path quantized, String layer, float factor, Path spoiled) {
        OnnxFormat format = new OnnxFormat();
        Model model = format.read(quantized);
        Graph graph = model.graph();
        Node weights = graph.producer(graph.node(layer).input(1)).orElseThrow();
        String scale = weights.input(1);
        Tensor old = graph.constant(scale).orElseThrow();
        float[] scales = old.floats();
        for (int i = 0; i < scales.length; i++) {
            scales[i] *= factor;
        }
        Tensor greater = Tensor.ofFloats(old.shape(), scales);
        format.write(model.map(g -> g.edit(editor -> editor.constant(scale, greater))), spoiled);
        return spoiled;
    }
}
