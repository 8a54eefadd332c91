package dev.nibble.cost;

import dev.nibble.graph.Graph;
import dev.nibble.tensor.Shape;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What one run of a network on one sample does, counted and not measured: products summed up, and
 * bytes moved.
 *
 * <p>Every constant is read once, from the smallest memory that holds all constants of the network
 * together. Every activation is written once by its node and read once by each node that needs it,
 * from the smallest memory that holds this one tensor. What runtimes do while a number is in a
 * register moves nothing: conversion between codes and floats, ReLU and clipping behind a node,
 * another shape.
 *
 * @param multiplyAdds products by what they are computed in
 * @param weightBytes bytes of the constants
 * @param activationBytes bytes of activations read and written
 * @param bytes all bytes moved, by where they come from and go to
 * @param unknown nodes that multiply, or whose tensors are moved, but whose shapes the file does
 *     not tell; they are not counted
 */
public record Work(
        Map<Arithmetic, Long> multiplyAdds,
        long weightBytes,
        long activationBytes,
        Map<MemoryLevel, Long> bytes,
        List<String> unknown) {
    public Work {
        multiplyAdds = Collections.unmodifiableMap(copy(multiplyAdds, Arithmetic.class));
        bytes = Collections.unmodifiableMap(copy(bytes, MemoryLevel.class));
        unknown = List.copyOf(unknown);
    }

    /** In the order of the enumeration, so that sums come out the same every time. */
    private static <K extends Enum<K>> Map<K, Long> copy(Map<K, Long> map, Class<K> type) {
        Map<K, Long> copy = new EnumMap<>(type);
        copy.putAll(map);
        return copy;
    }

    /**
     * Counts the work of a network, quantized or not. Subgraphs are not looked into.
     *
     * @param fed shapes of the inputs for one sample; what is not there counts as declared, open
     *     first axes as 1
     */
    public static Work of(Graph graph, Map<String, Shape> fed) {
        return new WorkCounter(graph, fed).count();
    }

    /** All multiply-adds, whatever they are computed in. */
    public long allMultiplyAdds() {
        return multiplyAdds.values().stream().mapToLong(Long::longValue).sum();
    }
}
