package dev.nibble.examples.nets;

import dev.nibble.examples.nets.NetworkBuilder.Value;
import dev.nibble.graph.Model;

/** Two classic families of image classifiers, a few tens of thousands of weights each. */
public final class SmallNetworks {
    /** How many times more channels a block has inside than outside. */
    private static final int EXPANSION = 4;

    private SmallNetworks() {}

    /**
     * A residual network of three blocks (He et al. 2015, arXiv 1512.03385, section 4.2, with one
     * block per stage).
     *
     * @param width channels of the first stage; each later stage has twice as many
     */
    public static Model resNet(int size, int classes, int width, long seed) {
        NetworkBuilder net = new NetworkBuilder(seed);
        Value x = net.conv("stem.conv", net.input(), width, 3, 1, 1);
        x = net.relu("stem.relu", net.batchNorm("stem.norm", x));
        for (int stage = 0; stage < 3; stage++) {
            x = residual(net, "stage" + (stage + 1), x, width << stage, stage == 0 ? 1 : 2);
        }
        net.classifier(x, classes);
        return net.build("shapes-resnet", size, classes);
    }

    private static Value residual(
            NetworkBuilder net, String name, Value x, int channels, int stride) {
        Value y = net.conv(name + ".conv1", x, channels, 3, stride, 1);
        y = net.relu(name + ".relu1", net.batchNorm(name + ".norm1", y));
        y = net.batchNorm(name + ".norm2", net.conv(name + ".conv2", y, channels, 3, 1, 1));
        Value shortcut = x;
        if (stride > 1 || x.channels() != channels) {
            shortcut = net.conv(name + ".shortcut.conv", x, channels, 1, stride, 1);
            shortcut = net.batchNorm(name + ".shortcut.norm", shortcut);
        }
        return net.relu(name + ".relu2", net.add(name + ".add", y, shortcut));
    }

    /**
     * Inverted residuals with linear bottlenecks, depthwise convolutions and ReLU6 (Sandler et al.
     * 2018, arXiv 1801.04381, table 2, shortened).
     *
     * @param width channels of the stem; the three stages have 1.5, 2 and 3 times as many, the head
     *     8 times
     */
    public static Model mobileNet(int size, int classes, int width, long seed) {
        NetworkBuilder net = new NetworkBuilder(seed);
        Value x = net.conv("stem.conv", net.input(), width, 3, 2, 1);
        x = net.relu6("stem.relu6", net.batchNorm("stem.norm", x));
        int[] channels = {width * 3 / 2, width * 2, width * 3};
        for (int stage = 0; stage < channels.length; stage++) {
            String name = "stage" + (stage + 1);
            x = inverted(net, name + ".block1", x, channels[stage], stage == 0 ? 1 : 2);
            x = inverted(net, name + ".block2", x, channels[stage], 1);
        }
        x = net.conv("head.conv", x, width * 8, 1, 1, 1);
        net.classifier(net.relu6("head.relu6", net.batchNorm("head.norm", x)), classes);
        return net.build("shapes-mobilenet", size, classes);
    }

    private static Value inverted(
            NetworkBuilder net, String name, Value x, int channels, int stride) {
        int wide = EXPANSION * x.channels();
        Value y = net.conv(name + ".expand.conv", x, wide, 1, 1, 1);
        y = net.relu6(name + ".expand.relu6", net.batchNorm(name + ".expand.norm", y));
        y = net.conv(name + ".depthwise.conv", y, wide, 3, stride, wide);
        y = net.relu6(name + ".depthwise.relu6", net.batchNorm(name + ".depthwise.norm", y));
        y = net.conv(name + ".project.conv", y, channels, 1, 1, 1);
        y = net.batchNorm(name + ".project.norm", y);
        boolean sameShape = stride == 1 && x.channels() == channels;
        return sameShape ? net.add(name + ".add", y, x) : y;
    }
}
