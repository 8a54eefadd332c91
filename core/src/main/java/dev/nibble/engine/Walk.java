package dev.nibble.engine;

import static java.util.Objects.requireNonNull;

import dev.nibble.graph.Model;
import dev.nibble.observe.Statistic;
import dev.nibble.tensor.Tensor;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The inner values of a network on every sample, computed piece by piece: what was computed before
 * is kept and not computed again, so that a pass from layer to layer takes time linear in depth.
 *
 * <p>Memory holds the values that are kept, for all samples at once; {@link #keepFor} lets go of
 * those that are behind.
 */
public final class Walk implements AutoCloseable {
    private final String stage;
    private final Lab lab;
    private final Map<String, Kept> kept = new HashMap<>();

    /**
     * A walk that has not begun.
     *
     * @param stage what progress calls it
     */
    public Walk(String stage, Lab lab) {
        this.stage = stage;
        this.lab = lab;
    }

    /** One tensor for each sample, in memory that is given back together. */
    private record Kept(Arena arena, List<Tensor> tensors) {}

    /**
     * A value on every sample.
     *
     * @param model may differ from call to call in what is computed from the values kept so far
     * @return one tensor for each sample, in sample order; valid until it is let go
     */
    public List<Tensor> values(Model model, String value) {
        bring(model, Set.of(value));
        return tensors(value);
    }

    /** Computes several values in one run, for {@link #values} to find them. */
    public void bring(Model model, Set<String> values) {
        Set<String> missing = new TreeSet<>(values);
        missing.removeAll(kept.keySet());
        if (!missing.isEmpty()) {
            compute(model, missing);
        }
    }

    /**
     * A value on every sample, computed afresh and not kept by the walk.
     *
     * @param measurement what to learn of it; sees the value under its name
     */
    public <S extends Statistic<S>> S measure(
            Model model, String value, Measurement<S> measurement) {
        Piece piece = Piece.between(model, known(model, Set.of(value)), Set.of(value));
        return lab.over(piece.samples(lab.samples()))
                .measure(stage, List.of(new Probe(piece.model(), Set.of(value))), measurement);
    }

    /** Lets go of every value that is not needed to compute these. */
    public void keepFor(Model model, Collection<String> wanted) {
        Set<String> needed = Piece.reached(model.graph(), kept.keySet(), wanted);
        for (String name : List.copyOf(kept.keySet())) {
            if (!needed.contains(name)) {
                forget(name);
            }
        }
    }

    /** Lets go of one value, so that it is computed again when it is asked for. */
    public void forget(String value) {
        Kept gone = kept.remove(value);
        if (gone != null) {
            gone.arena().close();
        }
    }

    @Override
    public void close() {
        List.copyOf(kept.keySet()).forEach(this::forget);
    }

    private List<Tensor> tensors(String value) {
        Kept found = kept.get(value);
        if (found == null) {
            throw new IllegalArgumentException("value " + value + " was not computed");
        }
        return found.tensors();
    }

    private void compute(Model model, Set<String> wanted) {
        Piece piece = Piece.between(model, known(model, wanted), wanted);
        Map<String, Arena> arenas = new HashMap<>();
        wanted.forEach(name -> arenas.put(name, Arena.ofShared()));
        try {
            Collected collected =
                    lab.over(piece.samples(lab.samples()))
                            .measure(
                                    stage,
                                    List.of(new Probe(piece.model(), wanted)),
                                    new Collecting(arenas));
            for (String name : wanted) {
                List<Tensor> tensors =
                        collected.outputs().stream().map(output -> output.get(name)).toList();
                kept.put(name, new Kept(requireNonNull(arenas.get(name)), tensors));
            }
        } catch (Throwable failure) {
            arenas.values().forEach(Arena::close);
            throw failure;
        }
    }

    private Map<String, List<Tensor>> known(Model model, Set<String> wanted) {
        Map<String, List<Tensor>> known = new TreeMap<>();
        Piece.reached(model.graph(), kept.keySet(), wanted).stream()
                .filter(kept::containsKey)
                .filter(name -> !wanted.contains(name))
                .forEach(name -> known.put(name, tensors(name)));
        return known;
    }

    /** The outputs of some consecutive samples, in their order. */
    private record Collected(List<Map<String, Tensor>> outputs) implements Statistic<Collected> {
        @Override
        public Collected merge(Collected other) {
            List<Map<String, Tensor>> all = new ArrayList<>(outputs);
            all.addAll(other.outputs);
            return new Collected(all);
        }
    }

    private record Collecting(Map<String, Arena> arenas) implements Measurement<Collected> {
        @Override
        public Collected nothing() {
            return new Collected(List.of());
        }

        @Override
        public Collected measure(Sample sample, List<Map<String, Tensor>> outputs) {
            Map<String, Tensor> copies = new HashMap<>();
            outputs.getFirst()
                    .forEach((name, tensor) ->
                            copies.put(name, tensor.copyIn(requireNonNull(arenas.get(name)))));
            return new Collected(List.of(copies));
        }
    }
}
