package io.alcedo.flink;

import io.alcedo.natives.Counters;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/**
 * Numbers of one subtask in Flink's metric group {@code alcedo}. The engine counts; what Flink reads is a copy made
 * after a bundle, because the engine belongs to the task's thread alone.
 */
final class OperatorMetrics {
    private final EngineDriver engine;
    private final RulesInForce rules;
    private final Counter recordsIn;
    private volatile Counters counters;
    private volatile long rulesLive;
    private volatile long rulesEpoch;
    private volatile int bundleRecords;
    private volatile int bundleBytes;

    OperatorMetrics(MetricGroup parent, EngineDriver engine, RulesInForce rules) {
        this.engine = engine;
        this.rules = rules;
        refresh();
        MetricGroup group = parent.addGroup("alcedo");
        recordsIn = group.counter("recordsIn");
        group.gauge("eventsTaken", () -> counters.taken);
        group.gauge("late", () -> counters.late);
        group.gauge("bad", () -> counters.bad);
        group.gauge("matches", () -> counters.matches);
        group.gauge("deadlines", () -> counters.deadlines);
        group.gauge("dropped", () -> counters.dropped);
        group.gauge("repeated", () -> counters.repeated);
        group.gauge("cacheHits", () -> counters.cacheHits);
        group.gauge("cacheMisses", () -> counters.cacheMisses);
        group.gauge("stateReadBytes", () -> counters.stateRead);
        group.gauge("stateWrittenBytes", () -> counters.stateWritten);
        group.gauge("cachedUsers", () -> counters.cachedUsers);
        group.gauge("dirtyUsers", () -> counters.dirtyUsers);
        group.gauge("cachedBytes", () -> counters.cachedBytes);
        group.gauge("rulesLive", () -> rulesLive);
        group.gauge("rulesEpoch", () -> rulesEpoch);
        group.gauge("bundleRecords", () -> bundleRecords);
        group.gauge("bundleBytes", () -> bundleBytes);
    }

    void recordIn() {
        recordsIn.inc();
    }

    /** A bundle of this size goes to the engine. */
    void bundle(int records, int bytes) {
        bundleRecords = records;
        bundleBytes = bytes;
    }

    /** Copies what the engine counted. */
    void refresh() {
        counters = engine.counters();
        rulesLive = rules.running();
        rulesEpoch = rules.epoch();
    }
}
