package dev.nibble.torch.operator;

import static java.util.Map.entry;

import org.bytedeco.pytorch.Tensor;

import java.util.Map;

/** Operators that enlarge and fold pictures. */
final class Pictures {
    static final Map<String, Operator> TABLE =
            Map.ofEntries(
                    entry("DepthToSpace", Operator.of(Pictures::depthToSpace)),
                    entry("Resize", Operator.of(Resizing::resize)),
                    entry("SpaceToDepth", Operator.of(Pictures::spaceToDepth)),
                    entry("Upsample", Operator.of(Resizing::upsample)));

    private Pictures() {}

    private static Tensor depthToSpace(Call call) {
        Tensor input = call.input(0);
        long block = call.node().integer("blocksize").orElseThrow();
        long channels = input.size(1) / (block * block);
        long height = input.size(2);
        long width = input.size(3);
        Tensor apart =
                call.node().text("mode").orElse("DCR").equals("CRD")
                        ? input.reshape(input.size(0), channels, block, block, height, width)
                                .permute(0, 1, 4, 2, 5, 3)
                        : input.reshape(input.size(0), block, block, channels, height, width)
                                .permute(0, 3, 4, 1, 5, 2);
        return apart.reshape(input.size(0), channels, height * block, width * block);
    }

    private static Tensor spaceToDepth(Call call) {
        Tensor input = call.input(0);
        long block = call.node().integer("blocksize").orElseThrow();
        long height = input.size(2) / block;
        long width = input.size(3) / block;
        return input.reshape(input.size(0), input.size(1), height, block, width, block)
                .permute(0, 3, 5, 1, 2, 4)
                .reshape(input.size(0), input.size(1) * block * block, height, width);
    }
}
