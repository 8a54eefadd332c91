package dev.nibble.observe;

/**
 * A summary of constant size that merges with others of its kind: a commutative monoid.
 *
 * <p>Law: {@code merge} is associative and commutative, and its observer's {@code nothing()} is
 * neutral. Where sums of floating-point numbers are involved the law holds up to rounding; {@code
 * Lab} then fixes the order of merging.
 */
public interface Statistic<S extends Statistic<S>> {
    /** The summary of all that either has seen. */
    S merge(S other);
}
