package dev.nibble.bench;

import dev.nibble.kernel.Kernels;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The kernels against {@link System#arraycopy}, on arrays in the cache and far beyond it.
 *
 * <p>The score is microseconds for {@code floats} elements. README.md says how gigabytes per second are counted.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-Xms3g", "-Xmx3g", "-XX:+AlwaysPreTouch"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class QuantizeBenchmark {
    private static final float SCALE = 0.013f;
    private static final int ZERO_POINT = 3;
    private static final int EXPONENT = -10;
    private static final int BINS = 8192;

    /** 16 KiB, 64 MiB and 256 MiB of floats. */
    @Param({"4096", "16777216", "67108864"})
    int floats;

    private final Kernels kernels = Kernels.best();
    private final int[] counters = new int[BINS * Kernels.COUNTERS];
    private float[] values = {};
    private float[] afterRelu = {};
    private float[] copy = {};
    private byte[] bytes = {};
    private short[] shorts = {};

    @Setup
    public void fill() {
        values = new float[floats];
        afterRelu = new float[floats];
        Random random = new Random(1);
        for (int i = 0; i < floats; i++) {
            values[i] = Math.clamp((float) random.nextGaussian(), -3.9f, 3.9f);
            afterRelu[i] = Math.max(values[i], 0);
        }
        copy = new float[floats];
        bytes = new byte[floats];
        shorts = new short[floats];
    }

    @Benchmark
    public float[] arraycopy() {
        System.arraycopy(values, 0, copy, 0, floats);
        return copy;
    }

    @Benchmark
    public byte[] quantizeToInt8() {
        kernels.quantize(values, 0, bytes, 0, floats, SCALE, ZERO_POINT, -128, 127);
        return bytes;
    }

    @Benchmark
    public short[] quantizeToInt16() {
        kernels.quantize(values, 0, shorts, 0, floats, SCALE, ZERO_POINT, -32768, 32767);
        return shorts;
    }

    @Benchmark
    public float[] dequantizeInt8() {
        kernels.dequantize(bytes, 0, copy, 0, floats, SCALE, ZERO_POINT, true);
        return copy;
    }

    @Benchmark
    public float[] fakeQuantize() {
        kernels.fakeQuantize(values, 0, copy, 0, floats, SCALE, ZERO_POINT, -128, 127);
        return copy;
    }

    @Benchmark
    public Kernels.Extremes extremes() {
        return kernels.extremes(values, 0, floats);
    }

    @Benchmark
    public int[] count() {
        kernels.count(values, 0, floats, EXPONENT, -BINS / 2, counters);
        return counters;
    }

    @Benchmark
    public int[] countAfterRelu() {
        kernels.count(afterRelu, 0, floats, EXPONENT, -BINS / 2, counters);
        return counters;
    }
}
