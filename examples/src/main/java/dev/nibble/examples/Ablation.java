package dev.nibble.examples;

import dev.nibble.Nibble;
import dev.nibble.engine.Samples;
import dev.nibble.formats.data.DataSet;
import dev.nibble.formats.image.Preprocessing;
import dev.nibble.ladder.Effort;
import dev.nibble.ladder.Goal;
import dev.nibble.ladder.Passes;
import dev.nibble.ladder.Repair;
import dev.nibble.plan.Recipe;
import dev.nibble.plan.Recipes;
import dev.nibble.report.Rung;
import dev.nibble.report.Score;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What each repair brings: alone, and on top of those before it. Prints a Markdown table. */
public final class Ablation {
    private static final double PERCENT = 100;

    private final Nibble network;
    private final Recipe recipe;
    private final Samples calibrating;
    private final Samples judging;

    private Ablation(Nibble network, Recipe recipe, Samples calibrating, Samples judging) {
        this.network = network;
        this.recipe = recipe;
        this.calibrating = calibrating;
        this.judging = judging;
    }

    /**
     * Takes the model, the recipe, the images to calibrate and those to judge on, the
     * preprocessing, how many images at most of each, and the effort whose passes are compared.
     */
    public static void main(String[] args) {
        Nibble network = Nibble.read(Path.of(args[0]));
        int most = Integer.parseInt(args[5]);
        new Ablation(
                        network,
                        Recipes.named(args[1]),
                        samples(network, args[2], args[4], most),
                        samples(network, args[3], args[4], most))
                .print(Effort.named(args[6]));
    }

    private static Samples samples(Nibble network, String images, String preprocessing, int most) {
        DataSet all = DataSet.open(Path.of(images));
        Samples samples = all.samples(network.model(), Preprocessing.parse(preprocessing));
        return samples.size() <= most
                ? samples
                : all.subset(most, 0).samples(network.model(), Preprocessing.parse(preprocessing));
    }

    private void print(Effort effort) {
        System.out.printf(
                Locale.ROOT,
                "%s, recipe %s, %s to calibrate, %s to judge%n%n",
                network.source().getFileName(),
                recipe.name(),
                calibrating.size(),
                judging.size());
        System.out.println("| passes | agreement | SQNR dB | top-1 change | seconds |");
        System.out.println("|---|---|---|---|---|");
        List<String> names = Passes.tried(effort, recipe).stream().map(Repair::name).toList();
        row("rounding to nearest", List.of());
        for (String name : names) {
            row(name + " alone", List.of(name));
        }
        List<String> added = new ArrayList<>();
        for (String name : names) {
            added.add(name);
            if (added.size() > 1) {
                row("… + " + name, added);
            }
        }
    }

    private void row(String label, List<String> passes) {
        Goal goal = Goal.QUICK.judgedOn(judging).applying(passes);
        Rung rung =
                network.allowDamage(true)
                        .quantize(recipe, calibrating, goal)
                        .report()
                        .rungs()
                        .getFirst();
        Score score = rung.score();
        System.out.printf(
                Locale.ROOT,
                "| %s | %.4f | %.2f | %+.2f ± %.2f | %.0f |%n",
                label,
                score.comparison().agreement().orElse(Double.NaN),
                score.comparison().sqnrDb(),
                PERCENT * score.accuracy().difference().orElse(Double.NaN),
                PERCENT * score.accuracy().standardError().orElse(Double.NaN),
                rung.seconds());
    }
}
