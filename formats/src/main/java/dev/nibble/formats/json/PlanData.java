package dev.nibble.formats.json;

import dev.nibble.plan.SavedActivation;
import dev.nibble.plan.SavedActivation.Affine;
import dev.nibble.plan.SavedNode;
import dev.nibble.plan.SavedPlan;

import java.util.LinkedHashMap;
import java.util.Map;

/** Saved plans as plain data, with the names that {@link PlanReader} reads. */
final class PlanData {
    private PlanData() {}

    static Map<String, Object> of(SavedPlan plan) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put(PlanReader.NETWORK, plan.network());
        data.put(PlanReader.SAMPLES, plan.samples());
        data.put(PlanReader.RECIPE, RecipeData.of(plan.recipe()));
        data.put(PlanReader.PASSES, plan.passes());
        data.put(PlanReader.NODES, plan.nodes().stream().map(PlanData::node).toList());
        data.put(
                PlanReader.ACTIVATIONS,
                plan.activations().stream().map(PlanData::activation).toList());
        return data;
    }

    private static Map<String, Object> node(SavedNode node) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put(PlanReader.NODE, node.node());
        data.put(PlanReader.OPERATOR, node.operator());
        data.put(PlanReader.DECISION, node.decision().toString());
        node.weights()
                .ifPresent(weights -> data.put(PlanReader.WEIGHTS, RecipeData.weights(weights)));
        if (!node.reason().isEmpty()) {
            data.put(PlanReader.REASON, node.reason());
        }
        return data;
    }

    private static Map<String, Object> activation(SavedActivation activation) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put(PlanReader.VALUE, activation.value());
        if (!activation.sharedWith().isEmpty()) {
            data.put(PlanReader.SHARED_WITH, activation.sharedWith());
        }
        data.put(PlanReader.FORMAT, activation.format().toString());
        activation.affine().ifPresent(affine -> data.putAll(numbers(affine)));
        activation
                .calibrated()
                .ifPresent(affine -> data.put(PlanReader.CALIBRATED, numbers(affine)));
        return data;
    }

    private static Map<String, Object> numbers(Affine affine) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put(PlanReader.SCALE, affine.scale());
        data.put(PlanReader.ZERO_POINT, affine.zeroPoint());
        return data;
    }
}
