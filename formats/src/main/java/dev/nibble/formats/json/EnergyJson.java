package dev.nibble.formats.json;

import dev.nibble.cost.EnergyEstimate;
import dev.nibble.cost.EnergyFigures;
import dev.nibble.cost.Throughput;
import dev.nibble.cost.Work;
import dev.nibble.report.Evaluation.Entry;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;

/** The energy of a sample as JSON: as measured, and as reckoned. */
final class EnergyJson {
    private EnergyJson() {}

    static Map<String, @Nullable Object> data(Entry entry) {
        Throughput throughput = entry.speed().throughput();
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("measuredJoules", throughput.joulesPerSample());
        data.put("unmeasured", throughput.obstacle().isEmpty() ? null : throughput.obstacle());
        data.put("estimate", estimate(entry.energy()));
        return data;
    }

    private static Map<String, Object> estimate(EnergyEstimate energy) {
        Work work = energy.work();
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("joules", energy.joules());
        data.put("low", energy.lowJoules());
        data.put("high", energy.highJoules());
        data.put("arithmetic", energy.arithmeticJoules());
        data.put("multiplyAdds", work.multiplyAdds());
        data.put("weightBytes", work.weightBytes());
        data.put("activationBytes", work.activationBytes());
        data.put("bytes", work.bytes());
        data.put("notCounted", work.unknown());
        data.put("process", EnergyFigures.PROCESS);
        data.put("source", EnergyFigures.SOURCE);
        return data;
    }
}
