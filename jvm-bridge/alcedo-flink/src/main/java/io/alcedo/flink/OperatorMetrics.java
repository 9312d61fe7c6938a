package io.alcedo.flink;

import io.alcedo.natives.Counters;
import io.alcedo.natives.NativeLoader;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/**
 * Numbers of one subtask in Flink's metric group {@code alcedo}, and under Flink's own names where it has one. The
 * engine counts; what Flink reads is a copy made after a bundle, because the engine belongs to the task's thread alone.
 * docs/operators/monitoring.md explains each; a test compares the names.
 */
final class OperatorMetrics {
    private final MetricGroup group;
    private final Tally recordsIn;
    private final Tally errors;
    private final Tally lateDropped;
    private final Tally taken;
    private final Tally matches;
    private final Tally deadlines;
    private final Tally dropped;
    private final Tally repeated;
    private final Tally commands;
    private final Tally commandsRefused;
    private final Tally cacheHits;
    private final Tally cacheMisses;
    private final Tally stateRead;
    private final Tally stateWritten;
    private final Tally nativeNanos;
    private final LastValues bundleRecords;
    private final LastValues bundleBytes;
    private final LastValues bundleNanos;
    private final LastValues watermarkNanos;
    private final LastValues barrierNanos;
    private final MatchesPerRule perRule;
    private volatile Counters now;
    private volatile long rulesLive;
    private volatile long rulesEpoch;
    private long skipped;

    OperatorMetrics(MetricGroup parent, int placesForRules) {
        errors = parent.counter("numRecordsInErrors", new Tally());
        lateDropped = parent.counter("numLateRecordsDropped", new Tally());
        group = parent.addGroup("alcedo");
        recordsIn = counter("recordsIn");
        taken = counter("eventsTaken");
        matches = counter("matches");
        deadlines = counter("deadlines");
        dropped = counter("dropped");
        repeated = counter("repeated");
        commands = counter("commands");
        commandsRefused = counter("commandsRefused");
        cacheHits = counter("cacheHits");
        cacheMisses = counter("cacheMisses");
        stateRead = counter("stateReadBytes");
        stateWritten = counter("stateWrittenBytes");
        nativeNanos = counter("nativeNanos");
        bundleRecords = histogram("bundleRecords");
        bundleBytes = histogram("bundleBytes");
        bundleNanos = histogram("bundleNanos");
        watermarkNanos = histogram("watermarkNanos");
        barrierNanos = histogram("barrierNanos");
        perRule = new MatchesPerRule(group, placesForRules);
    }

    private Tally counter(String name) {
        return group.counter(name, new Tally());
    }

    private LastValues histogram(String name) {
        return group.histogram(name, new LastValues());
    }

    /** From here on these are watched; what tells of now exists only with them. */
    void watch(EngineDriver engine, RulesInForce rules) {
        rulesChanged(rules);
        refresh(engine);
        group.gauge("cachedUsers", (Gauge<Long>) () -> now.cachedUsers);
        group.gauge("dirtyUsers", (Gauge<Long>) () -> now.dirtyUsers);
        group.gauge("deadlinesOpen", (Gauge<Long>) () -> now.openDeadlines);
        group.gauge("cachedBytes", (Gauge<Long>) () -> now.cachedBytes);
        group.gauge("heldBytes", (Gauge<Long>) () -> now.heldBytes);
        group.gauge("nativeBytes", (Gauge<Long>) NativeLoader::nativeBytes);
        group.gauge("rulesLive", (Gauge<Long>) () -> rulesLive);
        group.gauge("rulesEpoch", (Gauge<Long>) () -> rulesEpoch);
    }

    void recordIn() {
        recordsIn.inc();
    }

    /** A record was left out on demand. */
    void skipped() {
        skipped++;
        errors.inc();
    }

    /** A command was carried out, or refused or known before. */
    void command(boolean done) {
        (done ? commands : commandsRefused).inc();
    }

    void match(String rule) {
        perRule.count(rule);
    }

    /** A bundle of this size has spent so long in native code. */
    void bundle(int records, int bytes, long nanos) {
        bundleRecords.update(records);
        bundleBytes.update(bytes);
        bundleNanos.update(nanos);
    }

    /** A watermark has spent so long in native code. */
    void watermark(long nanos) {
        watermarkNanos.update(nanos);
    }

    /** A barrier was held up so long, Flink's state included. */
    void barrier(long nanos) {
        barrierNanos.update(nanos);
    }

    void rulesChanged(RulesInForce rules) {
        rulesLive = rules.running().size();
        rulesEpoch = rules.epoch();
        perRule.judging(rules.running());
    }

    /** Copies what the engine counted. */
    void refresh(EngineDriver engine) {
        Counters counted = engine.counters();
        errors.set(counted.bad + skipped);
        lateDropped.set(counted.late);
        taken.set(counted.taken);
        matches.set(counted.matches);
        deadlines.set(counted.deadlines);
        dropped.set(counted.dropped);
        repeated.set(counted.repeated);
        cacheHits.set(counted.cacheHits);
        cacheMisses.set(counted.cacheMisses);
        stateRead.set(counted.stateRead);
        stateWritten.set(counted.stateWritten);
        nativeNanos.set(engine.nanos());
        now = counted;
    }
}
