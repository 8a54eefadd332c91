package dev.nibble.pass;

import dev.nibble.engine.Lab;

import java.util.List;

/** One step from a float network to a quantized one. */
public interface Pass {
    /**
     * Works on a draft and gives the changed one.
     *
     * @param lab runs networks over the calibration samples; a pass that needs none does not touch
     *     it
     */
    Draft apply(Draft draft, Lab lab);

    /** Several passes, one after the other, are a pass. */
    static Pass sequence(List<Pass> passes) {
        return (draft, lab) -> {
            Draft at = draft;
            for (Pass pass : passes) {
                at = pass.apply(at, lab);
            }
            return at;
        };
    }
}
