package dev.nibble.report;

import dev.nibble.cost.Throughput;
import dev.nibble.engine.Latency;

/**
 * How fast a network is, beside others in the same process.
 *
 * @param oneThread latency of one sample at a time, one thread in each operator
 * @param allThreads latency of one sample at a time, all threads in each operator
 * @param threads how many threads all are
 * @param loadMs milliseconds until the file is ready to run: median of a few times, the file being
 *     in the system's cache
 * @param throughput with as many samples under way as there are threads
 */
public record Speed(
        Latency oneThread, Latency allThreads, int threads, double loadMs, Throughput throughput) {}
