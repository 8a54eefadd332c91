package dev.nibble.torch.finetune;

import dev.nibble.torch.simulate.Simulation;
import dev.nibble.train.Optimization;

import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.InputArchive;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.OutputArchive;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The optimizers of all that learns, moving together. */
final class Steps {
    private static final double MOMENTUM = 0.9;

    private final Optimization optimization;
    private final List<Group> groups = new ArrayList<>();

    /** Parameters that move by one rule. */
    private record Group(String name, Optimizer optimizer, double rate) {}

    Steps(Simulation.Parameters parameters, Optimization optimization) {
        this.optimization = optimization;
        add("weights", parameters.weights().values(), optimization.weightDecay());
        add("others", parameters.others().values(), 0);
        Collection<Tensor> ranges = parameters.ranges().values();
        if (!ranges.isEmpty() && optimization.rangeRate() > 0) {
            groups.add(new Group("ranges", adamW(ranges, 0), optimization.rangeRate()));
        }
    }

    private void add(String name, Collection<Tensor> parameters, double decay) {
        if (!parameters.isEmpty()) {
            Optimizer optimizer =
                    switch (optimization.optimizer()) {
                        case SGD -> sgd(parameters, decay);
                        case ADAMW -> adamW(parameters, decay);
                    };
            groups.add(new Group(name, optimizer, optimization.learningRate()));
        }
    }

    private static TensorVector vector(Collection<Tensor> parameters) {
        return new TensorVector(parameters.toArray(Tensor[]::new));
    }

    private static Optimizer sgd(Collection<Tensor> parameters, double decay) {
        SGDOptions options = new SGDOptions(0);
        options.momentum().put(MOMENTUM);
        options.nesterov().put(true);
        options.weight_decay().put(decay);
        return new SGD(vector(parameters), options);
    }

    private static Optimizer adamW(Collection<Tensor> parameters, double decay) {
        AdamWOptions options = new AdamWOptions(0);
        options.weight_decay().put(decay);
        return new AdamW(vector(parameters), options);
    }

    /** Moves everything against its gradient, and forgets the gradients. */
    void step(long step, long steps) {
        double share = optimization.share(step, steps);
        for (Group group : groups) {
            group.optimizer().param_groups().get(0).options().set_lr(group.rate() * share);
            group.optimizer().step();
        }
        forget();
    }

    void forget() {
        groups.forEach(group -> group.optimizer().zero_grad());
    }

    void save(OutputArchive archive) {
        for (Group group : groups) {
            OutputArchive inner = new OutputArchive();
            group.optimizer().save(inner);
            archive.write("optimizer " + group.name(), inner);
        }
    }

    void load(InputArchive archive) {
        for (Group group : groups) {
            InputArchive inner = new InputArchive();
            archive.read("optimizer " + group.name(), inner);
            group.optimizer().load(inner);
        }
    }
}
