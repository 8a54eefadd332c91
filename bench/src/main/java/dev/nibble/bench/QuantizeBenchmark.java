package dev.nibble.bench;

import dev.nibble.kernel.Affine;
import dev.nibble.kernel.Kernels;

import org.openjdk.jmh.annotations.AuxCounters;
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

import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * The kernels against {@link System#arraycopy}, on arrays in the first-level cache and far beyond
 * the last.
 *
 * <p>{@code gigabytesPerSecond} counts the bytes of the float array alone, four for each element:
 * {@code README.md} says why.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {
            "--add-modules",
            "jdk.incubator.vector",
            "-Xms2g",
            "-Xmx2g",
            "-XX:+AlwaysPreTouch"
        })
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class QuantizeBenchmark {
    private static final Affine INT8 = new Affine(0.013f, 3, -128, 127);
    private static final Affine INT16 = new Affine(0.013f, 3, -32768, 32767);
    private static final int EXPONENT = -9;
    private static final int BINS = 4096;

    /** 16 KiB, 64 MiB and 256 MiB of floats. */
    @Param({"4096", "16777216", "67108864"})
    private int floats;

    @Param({"scalar", "vector"})
    private String kernels = "";

    private final int[] counters = new int[BINS * Kernels.COUNTERS];
    private Kernels chosen = Kernels.plain();
    private float[] values = {};
    private float[] copy = {};
    private byte[] bytes = {};
    private short[] shorts = {};

    /** Bytes of floats, by nanosecond as the other scores: gigabytes by second. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Traffic {
        public long gigabytesPerSecond;
    }

    /** Gaussian values, negative ones replaced by 0 as after a ReLU. */
    @Setup
    public void fill() {
        chosen = kernels.equals("vector") ? Kernels.best() : Kernels.plain();
        if (!chosen.toString().startsWith(kernels)) {
            throw new IllegalStateException(
                    "this Java runtime has no " + kernels + " kernels, only " + chosen);
        }
        values = new float[floats];
        Random random = new Random(1);
        for (int i = 0; i < floats; i++) {
            values[i] = Math.clamp((float) random.nextGaussian(), 0, 3.9f);
        }
        copy = new float[floats];
        bytes = new byte[floats];
        shorts = new short[floats];
    }

    @Benchmark
    public float[] arraycopy(Traffic traffic) {
        System.arraycopy(values, 0, copy, 0, floats);
        traffic.gigabytesPerSecond += bytesOfFloats();
        return copy;
    }

    @Benchmark
    public byte[] quantizeToInt8(Traffic traffic) {
        chosen.quantize(values, 0, bytes, 0, floats, INT8);
        traffic.gigabytesPerSecond += bytesOfFloats();
        return bytes;
    }

    @Benchmark
    public short[] quantizeToInt16(Traffic traffic) {
        chosen.quantize(values, 0, shorts, 0, floats, INT16);
        traffic.gigabytesPerSecond += bytesOfFloats();
        return shorts;
    }

    @Benchmark
    public float[] dequantizeInt8(Traffic traffic) {
        chosen.dequantize(bytes, 0, copy, 0, floats, INT8);
        traffic.gigabytesPerSecond += bytesOfFloats();
        return copy;
    }

    @Benchmark
    public float[] fakeQuantize(Traffic traffic) {
        chosen.fakeQuantize(values, 0, copy, 0, floats, INT8);
        traffic.gigabytesPerSecond += bytesOfFloats();
        return copy;
    }

    @Benchmark
    public Kernels.Extremes extremes(Traffic traffic) {
        traffic.gigabytesPerSecond += bytesOfFloats();
        return chosen.extremes(values, 0, floats);
    }

    @Benchmark
    public int[] count(Traffic traffic) {
        chosen.count(values, 0, floats, EXPONENT, 0, counters);
        traffic.gigabytesPerSecond += bytesOfFloats();
        return counters;
    }

    private long bytesOfFloats() {
        return (long) floats * Float.BYTES;
    }
}
