package dev.nibble.repair;

import dev.nibble.number.Encoding;
import dev.nibble.number.Granularity;
import dev.nibble.observe.GramMatrix;
import dev.nibble.pass.BiasOverflowGuard;
import dev.nibble.pass.Draft;
import dev.nibble.pass.OwnConstants;
import dev.nibble.plan.WeightedNode;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.Optional;

/** The bias that gives a layer's outputs the means of their targets: {@code E[y] − ŵ·E[x]}. */
final class LayerMeans {
    /** How much narrower than the guard has it scales may be before the bias saturates. */
    private static final double MOST_NARROWER = 1.9;

    private final WeightedNode node;
    private final WeightRows layout;
    private final GramMatrix gram;
    private final Optional<Encoding> input;

    LayerMeans(Draft draft, WeightedNode node, GramMatrix gram) {
        this.node = node;
        this.layout = WeightRows.of(node);
        this.gram = gram;
        this.input =
                draft.plan().isQuantized(node.node()) && !node.node().is("MatMul")
                        ? draft.plan().encoding(node.input())
                        : Optional.empty();
    }

    private float[] bias(Tensor weights) {
        float[] values = weights.floats();
        float[] bias = new float[layout.rows()];
        for (int group = 0; group < layout.groups(); group++) {
            double[] inputs = gram.mean(group);
            double[] targets = gram.targetMean(group);
            for (int i = 0; i < layout.rowsOfGroup(); i++) {
                int row = group * layout.rowsOfGroup() + i;
                double made = 0;
                for (int column = 0; column < layout.columns(); column++) {
                    made += values[layout.element(row, column)] * inputs[column];
                }
                bias[row] = (float) (targets[i] - made);
            }
        }
        return bias;
    }

    /** The encoding with scales as wide as the bias of these weights needs. */
    Encoding widened(Tensor weights, Encoding encoding) {
        return input.isEmpty() || encoding.granularity() instanceof Granularity.PerBlock
                ? encoding
                : BiasOverflowGuard.widened(encoding, input.get(), bias(weights));
    }

    boolean biasFits(Tensor weights, Encoding encoding) {
        Encoding wide = widened(weights, encoding);
        for (int group = 0; group < encoding.groups(); group++) {
            if (wide.scale(group) > MOST_NARROWER * encoding.scale(group)) {
                return false;
            }
        }
        return true;
    }

    /** Sets the bias, where there is one to set and it fits. */
    Draft follow(Draft draft, Tensor weights, Encoding encoding) {
        if (node.node().is("MatMul") || !biasFits(weights, encoding)) {
            return draft;
        }
        Draft own = OwnConstants.bias(draft, node.node());
        String name = own.graph().node(node.node().name()).input(2);
        float[] bias = bias(weights);
        return own.fit(name, Tensor.ofFloats(Shape.of(bias.length), bias));
    }
}
