package dev.nibble.pass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.error.NibbleException;
import dev.nibble.graph.Graph;
import dev.nibble.graph.TestGraphs;
import dev.nibble.pass.Finding.Skipped;
import dev.nibble.plan.NamePattern;
import dev.nibble.plan.NodeScheme;
import dev.nibble.plan.NodeScheme.StayFloat;
import dev.nibble.plan.Plan;
import dev.nibble.plan.Planner;
import dev.nibble.plan.RangeOverride;
import dev.nibble.plan.Recipe;
import dev.nibble.plan.Recipes;
import dev.nibble.plan.Target;
import dev.nibble.tensor.Shape;

import org.junit.jupiter.api.Test;

import java.util.List;

class RangeOverridesTest {
    private static final Graph GRAPH =
            TestGraphs.graph()
                    .input("x")
                    .constant("w", Shape.of(1, 1, 1, 1), 1)
                    .node("a: Conv(x, w) -> y")
                    .node("b: Conv(y, w) -> z")
                    .output("z")
                    .model()
                    .graph();

    private static Plan plan(String... keptFloat) {
        Recipe recipe = Recipes.INT8;
        for (String node : keptFloat) {
            recipe =
                    recipe.withSchemes(
                            List.of(new NodeScheme(new NamePattern(node), new StayFloat())));
        }
        return Planner.plan(recipe, Target.ONNX_RUNTIME_CPU, GRAPH, Plan.NONE);
    }

    private static RangeOverrides given(String value) {
        return new RangeOverrides(List.of(RangeOverride.parse(value + "=0,6")));
    }

    @Test
    void aRangeOfAValueThatIsNoCodeAnyLongerIsSkippedWithTheReason() {
        assertThat(given("y").unused(GRAPH, plan())).isEmpty();
        assertThat(given("x").unused(GRAPH, plan("a")))
                .singleElement()
                .isInstanceOfSatisfying(
                        Skipped.class,
                        skipped -> {
                            assertThat(skipped.subject()).isEqualTo("x");
                            assertThat(skipped.why()).contains("\"x\" is not used");
                        });
    }

    @Test
    void aRangeOfNoValueAtAllIsAnError() {
        assertThatThrownBy(() -> given("absent").unused(GRAPH, plan("a")))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining("\"absent\" matches no quantized value");
        assertThatThrownBy(() -> given("x").requireMatches(GRAPH, plan("a")))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining("\"x\" matches no quantized value");
    }
}
