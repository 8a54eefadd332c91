package dev.nibble.formats.json;

import dev.nibble.engine.Latency;
import dev.nibble.report.Speed;

import java.util.LinkedHashMap;
import java.util.Map;

/** How fast a network is, as fields of its object. */
final class SpeedJson {
    private SpeedJson() {}

    static Map<String, Object> data(Speed speed) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("latencyMs", latency(speed.oneThread()));
        Map<String, Object> all = latency(speed.allThreads());
        all.put("threads", speed.threads());
        data.put("latencyAllThreadsMs", all);
        data.put("samplesPerSecond", speed.throughput().samplesPerSecond());
        data.put("loadMs", speed.loadMs());
        return data;
    }

    private static Map<String, Object> latency(Latency latency) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("median", latency.medianMs());
        data.put("p95", latency.p95Ms());
        data.put("ratio", latency.ratio());
        return data;
    }
}
