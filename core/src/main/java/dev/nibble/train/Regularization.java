package dev.nibble.train;

import static dev.nibble.train.TrainingSettings.require;

/**
 * What keeps weights where rounding is harmless.
 *
 * @param dampening pulls weights to their code, more so as training goes on, so that they stop
 *     swinging between two (Nagel et al. 2022, arXiv 2203.11086, section 4.2); 0 for none
 * @param freezing rounds weights for good that change their code more often than in this share of
 *     the steps, by the end of the training (section 4.3); 1 for never
 * @param kurtosis pulls the distribution of weights to a uniform one (Shkolnik et al. 2020, arXiv
 *     2002.07686); 0 for none
 */
public record Regularization(double dampening, double freezing, double kurtosis) {
    public static final Regularization NONE = new Regularization(0, 1, 0);

    public Regularization {
        require(dampening >= 0, "dampening", dampening, "at least 0");
        require(freezing > 0 && freezing <= 1, "freezing", freezing, "above 0 and at most 1");
        require(kurtosis >= 0, "kurtosis", kurtosis, "at least 0");
    }
}
