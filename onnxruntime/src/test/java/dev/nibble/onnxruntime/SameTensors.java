package dev.nibble.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Tensor;

import java.util.Map;

/** Checks that two runs brought the same: equal bits, or floats that differ by rounding. */
final class SameTensors {
    /** One step of a half-precision number, relative to it. */
    private static final double HALF_STEP = 0x1p-10;

    private SameTensors() {}

    /**
     * Compares all outputs.
     *
     * @param tolerance by how much floats may differ, relative to those above 1
     */
    static void check(Map<String, Tensor> expected, Map<String, Tensor> actual, double tolerance) {
        assertThat(actual.keySet()).isEqualTo(expected.keySet());
        expected.forEach(
                (name, tensor) -> check(name, tensor, Networks.get(actual, name), tolerance));
    }

    private static void check(String name, Tensor expected, Tensor actual, double tolerance) {
        assertThat(actual.type()).as(name).isEqualTo(expected.type());
        assertThat(actual.shape()).as(name).isEqualTo(expected.shape());
        if (actual.equals(expected)) {
            return;
        }
        double step =
                expected.type() == DataType.FLOAT16 ? Math.max(HALF_STEP, tolerance) : tolerance;
        float[] wanted = expected.floats();
        float[] given = actual.floats();
        for (int i = 0; i < wanted.length; i++) {
            double allowed = step * Math.max(1, Math.abs(wanted[i]));
            boolean same =
                    Float.compare(wanted[i], given[i]) == 0
                            || Math.abs(wanted[i] - given[i]) <= allowed;
            assertThat(same).as("%s at %d: %s, not %s", name, i, given[i], wanted[i]).isTrue();
        }
    }
}
