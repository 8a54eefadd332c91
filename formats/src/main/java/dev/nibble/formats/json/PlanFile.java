package dev.nibble.formats.json;

import dev.nibble.plan.SavedPlan;

import java.nio.file.Path;
import java.util.Map;

/** Saved plans in JSON files, as {@code docs/plans.md} describes them. */
public final class PlanFile {
    private PlanFile() {}

    /**
     * Reads a plan.
     *
     * @throws dev.nibble.error.NibbleException if it cannot be read or says something that plans do
     *     not know; the message names file and field
     */
    public static SavedPlan read(Path file) {
        return PlanReader.plan(JsonFields.read(file));
    }

    /**
     * Writes or replaces a file; {@link #read} gives the same plan back, its floats bit for bit.
     */
    public static void write(SavedPlan plan, Path file) {
        JsonFile.write(data(plan), file);
    }

    /** The plan as plain data, with the names that the file has. */
    public static Map<String, Object> data(SavedPlan plan) {
        return PlanData.of(plan);
    }
}
