package dev.nibble.bench;

import dev.nibble.number.Encoding;
import dev.nibble.number.Granularity;
import dev.nibble.number.GroupRanges;
import dev.nibble.number.NumberFormats;
import dev.nibble.number.QuantizedTensor;
import dev.nibble.number.Quantizer;
import dev.nibble.number.Scheme;
import dev.nibble.observe.ChannelMeans;
import dev.nibble.observe.ErrorStatistic;
import dev.nibble.observe.Histogram;
import dev.nibble.observe.MinMax;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * What calibration and the quantizer do to whole tensors, in nanoseconds for one element of an
 * early activation.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(StatisticsBenchmark.ELEMENTS)
@Fork(
        value = 1,
        jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-Xms1g", "-Xmx1g"})
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class StatisticsBenchmark {
    static final int ELEMENTS = 96 * 112 * 112;

    private static final Shape SHAPE = Shape.of(1, 96, 112, 112);
    private static final Scheme INT8 =
            new Scheme(NumberFormats.INT8, true, Granularity.perTensor());

    private Tensor values = Tensor.ofFloats(Shape.of(0));
    private Tensor rounded = values;
    private Encoding encoding = Encoding.ofScale(INT8, 1, 0);
    private QuantizedTensor quantized = Quantizer.quantize(values, encoding);

    /** Half the values are 0, as after a ReLU. */
    @Setup
    public void fill() {
        Random random = new Random(1);
        float[] floats = new float[ELEMENTS];
        for (int i = 0; i < ELEMENTS; i++) {
            floats[i] = Math.max(0, (float) random.nextGaussian());
        }
        values = Tensor.ofFloats(SHAPE, floats);
        encoding =
                Encoding.ofRange(INT8, GroupRanges.of(values, Granularity.perTensor()).getFirst());
        rounded = Quantizer.fakeQuantize(values, encoding);
        quantized = Quantizer.quantize(values, encoding);
    }

    @Benchmark
    public MinMax minMax() {
        return MinMax.observer().observe(values);
    }

    @Benchmark
    public Histogram histogram() {
        return Histogram.observer(Histogram.DEFAULT_BINS).observe(values);
    }

    @Benchmark
    public ChannelMeans channelMeans() {
        return ChannelMeans.observer(1).observe(values);
    }

    @Benchmark
    public ErrorStatistic error() {
        return ErrorStatistic.of(values, rounded);
    }

    @Benchmark
    public QuantizedTensor quantize() {
        return Quantizer.quantize(values, encoding);
    }

    @Benchmark
    public Tensor dequantize() {
        return Quantizer.dequantize(quantized);
    }
}
