package dev.nibble.torch.finetune;

import dev.nibble.error.NibbleException;
import dev.nibble.train.Teaching;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How far outputs are from what they should be.
 *
 * @param scores names of the outputs
 * @param features names of the values inside that are held against the teacher's
 */
record Loss(Teaching teaching, Scores scores, List<String> features) {
    private static final double LEAST = 1e-12;

    /**
     * The loss of a batch.
     *
     * @param made values of the network, by name
     * @param labels the right classes; empty where they do not count
     * @param taught values of the teacher: outputs in the order of the scores, and features by name
     */
    Tensor of(Map<String, Tensor> made, Optional<Tensor> labels, Optional<Taught> taught) {
        Tensor loss = torch.zeros(1).sum();
        if (labels.isPresent() && teaching.labels() > 0) {
            Tensor first = value(made, scores.names().getFirst());
            if (!Scores.areClasses(first)) {
                throw new NibbleException(
                        "output %s gives no row of scores for a sample, so labels teach nothing; train without them (--no-labels)"
                                .formatted(scores.names().getFirst()));
            }
            Tensor wrong = torch.cross_entropy_loss(Scores.rows(first), labels.get());
            loss = loss.add(wrong.mul(new Scalar(teaching.labels())));
        }
        if (taught.isPresent()) {
            loss = loss.add(distance(made, taught.get()));
        }
        return loss;
    }

    private Tensor distance(Map<String, Tensor> made, Taught taught) {
        Tensor distance = torch.zeros(1).sum();
        for (int i = 0; i < scores.names().size() && teaching.teacher() > 0; i++) {
            Tensor own = value(made, scores.names().get(i));
            Tensor right = taught.scores().get(i);
            Tensor one =
                    Scores.areClasses(own)
                            ? divergence(Scores.rows(own), Scores.rows(right))
                            : relativeError(own, right);
            distance = distance.add(one.mul(new Scalar(teaching.teacher())));
        }
        for (String feature : features) {
            Tensor one = relativeError(value(made, feature), value(taught.features(), feature));
            distance = distance.add(one.mul(new Scalar(teaching.features() / features.size())));
        }
        return distance;
    }

    /** Kullback and Leibler's, of softened classes, times the temperature squared. */
    private Tensor divergence(Tensor own, Tensor right) {
        Scalar temperature = new Scalar(teaching.temperature());
        Tensor logarithms = torch.log_softmax(own.div(temperature), 1);
        Tensor target = torch.log_softmax(right.div(temperature), 1);
        Tensor each = torch.exp(target).mul(target.sub(logarithms));
        double square = teaching.temperature() * teaching.temperature();
        return each.sum().mul(new Scalar(square / own.size(0)));
    }

    /** The squared error as a part of the power of what should be. */
    static Tensor relativeError(Tensor own, Tensor right) {
        Tensor power = right.square().mean().add(new Scalar(LEAST));
        return own.sub(right).square().mean().div(power);
    }

    static Tensor value(Map<String, Tensor> values, String name) {
        Tensor tensor = values.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("there is no value " + name);
        }
        return tensor;
    }

    /** What the teacher says about a batch. */
    record Taught(List<Tensor> scores, Map<String, Tensor> features) {}
}
