package dev.nibble.lower;

import dev.nibble.error.NibbleException;
import dev.nibble.graph.Model;
import dev.nibble.opset.OpsetUpgrade;
import dev.nibble.plan.Plan;

import java.util.Optional;

/** Tells before any calibration whether a plan could be written down. */
public final class Feasibility {
    private Feasibility() {}

    /** Why a model cannot be lowered as planned; empty if it can. */
    public static Optional<String> obstacle(Model model, Plan plan) {
        try {
            OpsetUpgrade.raise(model, Opsets.needed(model.graph(), plan));
            return Optional.empty();
        } catch (NibbleException refused) {
            return Optional.of(String.valueOf(refused.getMessage()));
        }
    }
}
