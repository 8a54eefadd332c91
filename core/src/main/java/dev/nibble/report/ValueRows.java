package dev.nibble.report;

import dev.nibble.calibrate.ExpectedError;
import dev.nibble.number.Encoding;
import dev.nibble.number.Quantizer;
import dev.nibble.number.Range;
import dev.nibble.observe.ErrorStatistic;
import dev.nibble.observe.Histogram;
import dev.nibble.observe.ValueStatistic;
import dev.nibble.pass.Calibration;
import dev.nibble.pass.Draft;
import dev.nibble.pass.Finding;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Makes a row for every quantized weight and activation of a draft. */
final class ValueRows {
    private final Draft draft;
    private final Map<String, List<Finding>> findings;
    private final Map<String, Set<String>> sources;
    private final boolean looksAtWeights;

    ValueRows(Draft draft) {
        this.draft = draft;
        this.findings = draft.findings().stream().collect(Collectors.groupingBy(Finding::subject));
        this.sources = draft.plan().sources();
        // what does not fit into memory is not read once more for a picture
        this.looksAtWeights = draft.graph().constantBytes() < Runtime.getRuntime().maxMemory();
    }

    List<ValueRow> rows() {
        return draft.plan().values().keySet().stream()
                .flatMap(value ->
                        draft.plan().encoding(value).map(encoding -> row(value, encoding)).stream())
                .toList();
    }

    private ValueRow row(String value, Encoding encoding) {
        Range all =
                IntStream.range(0, encoding.groups())
                        .mapToObj(encoding::range)
                        .reduce(Range::union)
                        .orElseThrow();
        Optional<Tensor> weight = draft.graph().constant(value);
        Optional<Histogram> histogram = weight.isPresent() ? weights(weight.get()) : seen(value);
        double sqnrDb =
                weight.isPresent()
                        ? rounding(value, weight.get(), encoding)
                        : histogram
                                .map(spread -> ExpectedError.sqnrDb(spread, encoding))
                                .orElse(Double.NaN);
        return new ValueRow(
                value,
                draft.plan().others(value),
                weight.isPresent() ? "weight" : "activation",
                encoding.scheme().toString(),
                range(value),
                all.min(),
                all.max(),
                clippedShare(value),
                sqnrDb,
                CodeGrid.of(encoding),
                histogram.flatMap(Bins::of));
    }

    /** How the range was chosen. */
    private String range(String value) {
        return about(value)
                .flatMap(finding ->
                        finding instanceof Finding.Applied(_, _, String what)
                                ? Stream.of(what)
                                : Stream.<String>empty())
                .findFirst()
                .orElse("");
    }

    private double clippedShare(String value) {
        return about(value)
                .flatMap(finding ->
                        finding instanceof Finding.Measured(_, _, String quantity, double share)
                                        && quantity.equals(Calibration.CLIPPED)
                                ? Stream.of(share)
                                : Stream.<Double>empty())
                .findFirst()
                .orElse(Double.NaN);
    }

    private Stream<Finding> about(String value) {
        return findings.getOrDefault(value, List.of()).stream();
    }

    private Optional<Histogram> weights(Tensor tensor) {
        return looksAtWeights && tensor.isFloatingPoint()
                ? Optional.of(Histogram.observer(Histogram.DEFAULT_BINS).observe(tensor))
                : Optional.empty();
    }

    /** What was observed of a value and all that share its encoding. */
    private Optional<Histogram> seen(String value) {
        return sources.getOrDefault(value, Set.of(value)).stream()
                .sorted()
                .flatMap(source -> Optional.ofNullable(draft.observed().get(source)).stream())
                .map(ValueStatistic::histogram)
                .reduce(Histogram::merge);
    }

    private double rounding(String value, Tensor weight, Encoding encoding) {
        Shape expected = encoding.granularity().scaleShape(weight.shape());
        if (!looksAtWeights
                || !weight.isFloatingPoint()
                || !encoding.scaleShape().equals(expected)) {
            return Double.NaN;
        }
        Tensor codes = Quantizer.fakeQuantize(draft.fittedConstant(value), encoding);
        return ErrorStatistic.of(weight, codes).measures().sqnrDb();
    }
}
