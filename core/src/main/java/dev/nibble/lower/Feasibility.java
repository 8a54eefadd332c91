package dev.nibble.lower;

import dev.nibble.error.NibbleException;
import dev.nibble.graph.Model;
import dev.nibble.number.Encoding;
import dev.nibble.number.Granularity.PerBlock;
import dev.nibble.number.Scheme;
import dev.nibble.plan.Decision;
import dev.nibble.plan.Plan;

import java.util.Optional;

/** Tells before any calibration whether a plan could be written down. */
public final class Feasibility {
    private Feasibility() {}

    /** Why a model cannot be lowered as planned; empty if it can. */
    public static Optional<String> obstacle(Model model, Plan plan) {
        boolean recent =
                plan.values().values().stream()
                        .map(Feasibility::scheme)
                        .anyMatch(scheme ->
                                scheme.format().bits() != Byte.SIZE
                                        || scheme.granularity() instanceof PerBlock);
        try {
            Opsets.raise(model, recent ? QdqLowering.OPSET_WIDE_AND_NARROW : QdqLowering.OPSET);
            return Optional.empty();
        } catch (NibbleException refused) {
            return Optional.of(String.valueOf(refused.getMessage()));
        }
    }

    private static Scheme scheme(Decision decision) {
        return switch (decision) {
            case Decision.Planned(Scheme scheme) -> scheme;
            case Decision.Quantize(Encoding encoding) -> encoding.scheme();
        };
    }
}
