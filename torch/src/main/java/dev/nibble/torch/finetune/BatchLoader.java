package dev.nibble.torch.finetune;

import dev.nibble.engine.Sample;
import dev.nibble.engine.Samples;
import dev.nibble.error.NibbleException;
import dev.nibble.tensor.Tensor;
import dev.nibble.train.Augmentation;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Loads batches ahead of the one who computes with them. Which samples a batch has and how they are
 * varied follows from the seed and the batch's number alone.
 */
final class BatchLoader implements AutoCloseable {
    private static final long EPOCHS_APART = 0x9E3779B97F4A7C15L;

    private final Samples samples;
    private final int batch;
    private final Augmentation augmentation;
    private final long seed;
    private final ExecutorService worker =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().name("nibble-samples").daemon().factory());
    private long orderedEpoch = -1;
    private List<Integer> order = List.of();
    private long aheadNumber = -1;
    private @Nullable Future<SampleBatch> ahead;

    BatchLoader(Samples samples, int batch, Augmentation augmentation, long seed) {
        this.samples = samples;
        this.batch = Math.min(batch, samples.size());
        this.augmentation = augmentation;
        this.seed = seed;
    }

    /** How many batches an epoch has; what is left over waits for another epoch. */
    int perEpoch() {
        return samples.size() / batch;
    }

    /** A batch, counted from 0 over all epochs; the next one is loaded meanwhile. */
    SampleBatch get(long number) {
        Future<SampleBatch> before = ahead;
        SampleBatch loaded =
                await(before != null && number == aheadNumber ? before : submit(number));
        aheadNumber = number + 1;
        ahead = submit(aheadNumber);
        return loaded;
    }

    private Future<SampleBatch> submit(long number) {
        return worker.submit(() -> load(number));
    }

    private static SampleBatch await(Future<SampleBatch> batch) {
        try {
            return batch.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while samples were loaded");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new NibbleException("a sample cannot be loaded", e);
        }
    }

    private SampleBatch load(long number) {
        long epoch = number / perEpoch();
        if (epoch != orderedEpoch) {
            order = ordered(epoch);
            orderedEpoch = epoch;
        }
        int begin = (int) (number % perEpoch()) * batch;
        List<Integer> indices = List.copyOf(order.subList(begin, begin + batch));
        List<Sample> loaded = new ArrayList<>(batch);
        for (int index : indices) {
            loaded.add(varied(samples.get(index), new SplittableRandom(mixed(epoch, index))));
        }
        return new SampleBatch(indices, loaded);
    }

    private List<Integer> ordered(long epoch) {
        List<Integer> shuffled = new ArrayList<>();
        for (int i = 0; i < samples.size(); i++) {
            shuffled.add(i);
        }
        Collections.shuffle(shuffled, new Random(mixed(epoch, -1)));
        return shuffled;
    }

    private long mixed(long epoch, long index) {
        return seed * 31 + (epoch + 1) * EPOCHS_APART + index * 0xD1B54A32D192ED03L;
    }

    private Sample varied(Sample sample, SplittableRandom random) {
        if (augmentation.isNone()) {
            return sample;
        }
        Map<String, Tensor> inputs = new HashMap<>();
        sample.inputs()
                .forEach((name, tensor) -> inputs.put(name, augmentation.apply(tensor, random)));
        return new Sample(sample.name(), inputs, sample.label());
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }
}
