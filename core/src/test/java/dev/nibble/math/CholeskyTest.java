package dev.nibble.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Random;

class CholeskyTest {
    /** The sum of the outer products of so many random rows. */
    private static double[] gram(int size, int rows, long seed) {
        Random random = new Random(seed);
        double[] gram = new double[size * size];
        for (int row = 0; row < rows; row++) {
            double[] values = random.doubles(size, -1, 1).toArray();
            for (int i = 0; i < size; i++) {
                for (int j = 0; j < size; j++) {
                    gram[i * size + j] += values[i] * values[j];
                }
            }
        }
        return gram;
    }

    private static double[] product(double[] left, double[] right, int size) {
        double[] product = new double[size * size];
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                for (int k = 0; k < size; k++) {
                    product[i * size + j] += left[i * size + k] * right[k * size + j];
                }
            }
        }
        return product;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 9, 31, 32, 33, 64, 131})
    void theFactorsMultiplyToTheMatrix(int size) {
        double[] matrix = gram(size, 2 * size + 3, size);
        Cholesky factor = Cholesky.of(matrix, size).orElseThrow();
        assertThat(product(factor.lower(), factor.upper(), size))
                .containsExactly(matrix, within(1e-9));
        for (int i = 1; i < size; i++) {
            assertThat(factor.upper()[i * size + i - 1]).isZero();
            assertThat(factor.lower()[(i - 1) * size + i]).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 9, 33, 131})
    void theInverseIsOne(int size) {
        double[] matrix = gram(size, 3 * size, 7);
        double[] one = product(Cholesky.of(matrix, size).orElseThrow().inverse(), matrix, size);
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                assertThat(one[i * size + j]).isCloseTo(i == j ? 1 : 0, within(1e-8));
            }
        }
    }

    @Test
    void solvesForManyRightHandSides() {
        int size = 40;
        int count = 37;
        double[] matrix = gram(size, 100, 5);
        double[] expected = new Random(6).doubles((long) size * count).toArray();
        double[] sides = new double[expected.length];
        for (int row = 0; row < count; row++) {
            for (int i = 0; i < size; i++) {
                for (int j = 0; j < size; j++) {
                    sides[row * size + i] += matrix[i * size + j] * expected[row * size + j];
                }
            }
        }
        Cholesky.of(matrix, size).orElseThrow().solve(sides);
        assertThat(sides).containsExactly(expected, within(1e-9));
    }

    @Test
    void aMatrixThatIsNotDefiniteHasNoFactor() {
        assertThat(Cholesky.of(new double[] {1, 2, 2, 1}, 2)).isEmpty();
        assertThat(Cholesky.of(gram(12, 5, 3), 12)).isEmpty();
    }

    @Test
    void dampingIsRaisedUntilTheMatrixIsDefinite() {
        double[] indefinite = {1, 2, 2, 1};
        Cholesky factor = Cholesky.damped(indefinite, 2, 0.02);
        assertThat(factor.added()).isCloseTo(2, within(1e-12));
        assertThat(product(factor.lower(), factor.upper(), 2))
                .containsExactly(new double[] {3, 2, 2, 3}, within(1e-12));
    }

    @Test
    void aShareOfZeroStillEndsWhereTheMatrixIsSingular() {
        double[] singular = gram(12, 5, 3);
        Cholesky factor = Cholesky.damped(singular, 12, 0);
        assertThat(factor.added()).isPositive().isLessThan(1e-3);
    }

    @Test
    void deadInputsAreDampedLikeTheOthers() {
        double[] withDead = {4, 0, 0, 0};
        Cholesky factor = Cholesky.damped(withDead, 2, 0.5);
        assertThat(factor.upper())
                .containsExactly(new double[] {Math.sqrt(5), 0, 0, 1}, within(1e-12));
        assertThat(Cholesky.damped(new double[4], 2, 0.1).upper()).containsExactly(1, 0, 0, 1);
    }

    @Test
    void whatIsNotANumberIsRefused() {
        assertThatThrownBy(() -> Cholesky.damped(new double[] {1, Double.NaN, 0, 1}, 2, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("element (0, 1) of the matrix is NaN");
    }
}
