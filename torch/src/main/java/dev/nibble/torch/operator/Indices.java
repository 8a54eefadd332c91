package dev.nibble.torch.operator;

import static java.util.Map.entry;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

/** Operators that are told by numbers where to read and where to write. */
final class Indices {
    static final Map<String, Operator> TABLE =
            Map.ofEntries(
                    entry("Gather", Operator.learning(Set.of(0), Indices::gather)),
                    entry("GatherElements", Operator.of(Indices::gatherElements)),
                    entry("GatherND", Operator.of(Indices::gatherNd)),
                    entry("NonZero", Operator.of(call -> torch.nonzero(call.input(0)).t())),
                    entry("OneHot", Operator.of(Indices::oneHot)),
                    entry("Scatter", Operator.of(Indices::scatterElements)),
                    entry("ScatterElements", Operator.of(Indices::scatterElements)),
                    entry("ScatterND", Operator.of(Indices::scatterNd)));

    private Indices() {}

    /** Negative numbers count from the end. */
    private static Tensor fromStart(Tensor indices, long size) {
        return torch.where(indices.lt(new Scalar(0L)), indices.add(new Scalar(size)), indices);
    }

    private static Tensor gather(Call call) {
        Tensor input = call.input(0);
        Tensor indices = call.input(1);
        long given = call.node().integer("axis", 0);
        int axis = Math.toIntExact(given < 0 ? given + input.dim() : given);
        long[] dims = input.shape();
        long[] result =
                LongStream.concat(
                                LongStream.concat(
                                        Arrays.stream(dims, 0, axis),
                                        Arrays.stream(indices.shape())),
                                Arrays.stream(dims, axis + 1, dims.length))
                        .toArray();
        return input.index_select(axis, fromStart(indices, dims[axis]).reshape(-1)).reshape(result);
    }

    private static Tensor gatherElements(Call call) {
        Tensor input = call.input(0);
        long axis = call.node().integer("axis", 0);
        return torch.gather(input, axis, fromStart(call.input(1), input.size(axis)));
    }

    /** The places that rows of numbers mean, counted through the first axes. */
    private static Tensor places(Tensor rows, long[] dims) {
        Tensor place = TorchTensors.ofLongs(new long[1], 1);
        for (int i = 0; i < dims.length; i++) {
            Tensor index = fromStart(rows.select(1, i), dims[i]);
            place = place.mul(new Scalar(dims[i])).add(index);
        }
        return place;
    }

    private static long product(long[] dims, int from, int to) {
        return Arrays.stream(dims, from, to).reduce(1, (a, b) -> a * b);
    }

    private static Tensor gatherNd(Call call) {
        Tensor input = call.input(0);
        Tensor indices = call.input(1);
        int batch = Math.toIntExact(call.node().integer("batch_dims", 0));
        long[] dims = input.shape();
        long[] rows = indices.shape();
        int width = Math.toIntExact(rows[rows.length - 1]);
        int read = batch + width;
        Tensor place = places(indices.reshape(-1, width), Arrays.copyOfRange(dims, batch, read));
        long batches = product(dims, 0, batch);
        long each = product(dims, batch, read);
        long perBatch = product(rows, batch, rows.length - 1);
        Tensor offsets =
                TorchTensors.ofLongs(
                        LongStream.range(0, batches).map(i -> i * each).toArray(), batches, 1);
        Tensor all = place.reshape(batches, perBatch).add(offsets).reshape(-1);
        long[] result =
                LongStream.concat(
                                Arrays.stream(rows, 0, rows.length - 1),
                                Arrays.stream(dims, read, dims.length))
                        .toArray();
        return input.reshape(batches * each, product(dims, read, dims.length))
                .index_select(0, all)
                .reshape(result);
    }

    private static Tensor oneHot(Call call) {
        long depth = call.input(1).item_long();
        Tensor indices = fromStart(TorchTensors.whole(call.input(0)), depth);
        long given = call.node().integer("axis", -1);
        long axis = given < 0 ? given + indices.dim() + 1 : given;
        long[] dims = new long[Math.toIntExact(indices.dim() + 1)];
        Arrays.fill(dims, 1);
        dims[Math.toIntExact(axis)] = depth;
        Tensor count =
                TorchTensors.ofLongs(LongStream.range(0, depth).toArray(), depth).reshape(dims);
        Tensor values = call.input(2);
        return torch.where(
                indices.unsqueeze(axis).eq(count), values.select(0, 1), values.select(0, 0));
    }

    private static Tensor scatterElements(Call call) {
        Tensor input = call.input(0);
        long axis = call.node().integer("axis", 0);
        Tensor indices = fromStart(call.input(1), input.size(axis));
        Tensor updates = call.input(2);
        String reduction = call.node().text("reduction").orElse("none");
        return switch (reduction) {
            case "none" -> torch.scatter(input, axis, indices, updates);
            case "add" -> torch.scatter_add(input, axis, indices, updates);
            case "mul" -> torch.scatter_reduce(input, axis, indices, updates, "prod", true);
            case "max" -> torch.scatter_reduce(input, axis, indices, updates, "amax", true);
            case "min" -> torch.scatter_reduce(input, axis, indices, updates, "amin", true);
            default -> throw call.refused("its reduction is " + reduction, "none or add");
        };
    }

    private static Tensor scatterNd(Call call) {
        Tensor input = call.input(0);
        Tensor indices = call.input(1);
        long[] dims = input.shape();
        int width = Math.toIntExact(indices.size(-1));
        Tensor place = places(indices.reshape(-1, width), Arrays.copyOf(dims, width));
        long rest = product(dims, width, dims.length);
        Tensor rows = input.reshape(product(dims, 0, width), rest);
        Tensor updates = call.input(2).reshape(-1, rest);
        String reduction = call.node().text("reduction").orElse("none");
        Tensor written =
                switch (reduction) {
                    case "none" -> torch.index_copy(rows, 0, place, updates);
                    case "add" -> torch.index_add(rows, 0, place, updates);
                    default -> throw call.refused("its reduction is " + reduction, "none or add");
                };
        return written.reshape(dims);
    }
}
