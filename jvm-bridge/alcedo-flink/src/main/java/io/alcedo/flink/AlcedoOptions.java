package io.alcedo.flink;

import io.alcedo.natives.EngineConfig;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Settings of the operator. Each has a default that suits a job on an ordinary cluster; {@link #check()} names every
 * contradiction. Sizes are bytes, times of events are Unix milliseconds.
 */
public final class AlcedoOptions implements Serializable {
    private static final long serialVersionUID = 1;

    /** When an event is taken in. */
    public enum Order {
        /** When the watermark passes it, in the order of times: equal to a backtest of the same events. */
        ORDERED,
        /** At once: faster, but matches may depend on the order of arrival. */
        ARRIVAL
    }

    /** What the end of a bounded input does to deadlines that have not passed. */
    public enum EndOfInput {
        /** They stay open. */
        HOLD,
        /** They all pass. */
        FIRE
    }

    Order order = Order.ORDERED;
    Duration lateness = Duration.ZERO;
    String mapping;
    List<String> moreMappings = new ArrayList<>();
    Long until;
    EndOfInput endOfInput = EndOfInput.HOLD;

    int bundleRecords = 1000;
    int bundleBytes = 1 << 20;
    Duration bundleTime = Duration.ofMillis(50);

    long cacheBytes = 64L << 20;
    int cacheUsers = Integer.MAX_VALUE;
    int dirtyUsers = 20_000;
    int dedupe;
    Long maxUserBytes;

    Duration rulesInterval = Duration.ofSeconds(2);
    Duration rulesTimeout = Duration.ofMinutes(1);
    boolean rulesMayBeEmpty;
    Duration audiencesTimeout = Duration.ofMinutes(2);
    Duration heartbeat = Duration.ZERO;

    int ruleMetrics = 200;
    int maxParallelism = 128;
    String name = "alcedo";
    Set<String> skipped = new LinkedHashSet<>();

    /** Order mode; default ordered. */
    public AlcedoOptions order(Order value) {
        order = value;
        return this;
    }

    /** How far behind the watermark an event may still be taken in; only in arrival order, default 0. */
    public AlcedoOptions lateness(Duration value) {
        lateness = value;
        return this;
    }

    /** Input mapping as JSON; default: fields user, type, time (ms) and id of the record. */
    public AlcedoOptions mapping(String json) {
        mapping = json;
        return this;
    }

    /**
     * Mapping of the next topic, for a job that reads several: in the order of {@link KafkaEvents#and}. Null: the default
     * fields.
     */
    public AlcedoOptions andMapping(String jsonOrNull) {
        moreMappings.add(jsonOrNull);
        return this;
    }

    /** Ends the input at this time: what lies later never happens. Default none. */
    public AlcedoOptions until(Long unixMillis) {
        until = unixMillis;
        return this;
    }

    /** What the end of a bounded input does; default hold. */
    public AlcedoOptions endOfInput(EndOfInput value) {
        endOfInput = value;
        return this;
    }

    /** A bundle is given to the engine when it has so many records; default 1000. */
    public AlcedoOptions bundleRecords(int value) {
        bundleRecords = value;
        return this;
    }

    /** Or so many bytes of records; default 1 MiB. */
    public AlcedoOptions bundleBytes(int value) {
        bundleBytes = value;
        return this;
    }

    /** Or when its first record has waited so long; default 50 ms. */
    public AlcedoOptions bundleTime(Duration value) {
        bundleTime = value;
        return this;
    }

    /** Native memory per subtask: users' states, what waits to be told, the rules and the buffers; default 64 MiB. */
    public AlcedoOptions cacheBytes(long value) {
        cacheBytes = value;
        return this;
    }

    /** Most users in the cache per subtask; default: only the bytes bound it. */
    public AlcedoOptions cacheUsers(int value) {
        cacheUsers = value;
        return this;
    }

    /** Most users whose state Flink does not have yet: what a barrier may have to write. Default 20,000. */
    public AlcedoOptions dirtyUsers(int value) {
        dirtyUsers = value;
        return this;
    }

    /** Drops an event whose id is among those of its user's last so many events taken in; default 0: none is. */
    public AlcedoOptions dedupe(int ids) {
        dedupe = ids;
        return this;
    }

    /** Refuses a rule that may need more state bytes for one user; null, the default: the engine's limit of 16 MiB. */
    public AlcedoOptions maxUserBytes(Long value) {
        maxUserBytes = value;
        return this;
    }

    /** How often the rules are looked at; default 2 s. */
    public AlcedoOptions rulesInterval(Duration value) {
        rulesInterval = value;
        return this;
    }

    /**
     * Whether a set without any rule stops the rules that run; default no: it is what an unmounted share looks like, so
     * they run on and a warning is logged.
     */
    public AlcedoOptions rulesMayBeEmpty(boolean value) {
        rulesMayBeEmpty = value;
        return this;
    }

    /** How long the first start waits for the first set of rules; default 1 min. */
    public AlcedoOptions rulesTimeout(Duration value) {
        rulesTimeout = value;
        return this;
    }

    /** How long a restored job waits for the audiences of the rules that ran; default 2 min. */
    public AlcedoOptions audiencesTimeout(Duration value) {
        audiencesTimeout = value;
        return this;
    }

    /**
     * How often each subtask says on the rule-status output that it is there, and what it judges by; at most a fifth
     * earlier or later. Default 0: never.
     */
    public AlcedoOptions heartbeat(Duration value) {
        heartbeat = value;
        return this;
    }

    /** How many rules have a metric of their own for their matches; all others share one. Default 200. */
    public AlcedoOptions ruleMetrics(int rules) {
        ruleMetrics = rules;
        return this;
    }

    /** Key groups: the most subtasks a job may ever be rescaled to; fixed for its life. Default 128. */
    public AlcedoOptions maxParallelism(int value) {
        maxParallelism = value;
        return this;
    }

    /** Name and uid prefix of the operators, for a job that has two of them; default "alcedo". */
    public AlcedoOptions name(String value) {
        name = value;
        return this;
    }

    /** Leaves out one record, which goes to the bad-record output as {@code skipped}: for one that stops a job. */
    public AlcedoOptions skip(int partition, long position) {
        skipped.add(place(partition, position));
        return this;
    }

    boolean skips(Ingest record) {
        return !skipped.isEmpty() && skipped.contains(place(record.partition(), record.position()));
    }

    private static String place(int partition, long position) {
        return partition + ":" + position;
    }

    /** Throws an exception that names the first setting that cannot be. */
    public AlcedoOptions check() {
        require(bundleRecords >= 1, "bundle records", bundleRecords, "at least 1");
        require(bundleBytes >= 1 && bundleBytes <= 8 << 20, "bundle bytes", bundleBytes, "1 to 8388608 (8 MiB)");
        require(bundleTime.toMillis() >= 1, "bundle time", bundleTime, "at least 1 ms");
        require(cacheBytes >= 1 << 20, "cache bytes", cacheBytes, "at least 1048576 (1 MiB)");
        require(cacheUsers >= 1, "cache users", cacheUsers, "at least 1");
        require(dirtyUsers >= 1, "dirty users", dirtyUsers, "at least 1");
        require(dedupe >= 0 && dedupe <= EngineConfig.MAX_DEDUPE, "dedupe", dedupe, "0 to " + EngineConfig.MAX_DEDUPE);
        require(maxUserBytes == null || maxUserBytes >= 1, "max user bytes", maxUserBytes, "at least 1");
        require(rulesInterval.toMillis() >= 10, "rules interval", rulesInterval, "at least 10 ms");
        require(
                heartbeat.isZero() || heartbeat.toMillis() >= 1000 && heartbeat.toDays() < 1,
                "heartbeat",
                heartbeat,
                "0, or 1 s to less than a day");
        require(ruleMetrics >= 0 && ruleMetrics <= 10_000, "rule metrics", ruleMetrics, "0 to 10000");
        require(maxParallelism >= 1 && maxParallelism <= 32768, "max parallelism", maxParallelism, "1 to 32768");
        require(!lateness.isNegative(), "lateness", lateness, "not negative");
        require(
                order == Order.ARRIVAL || lateness.isZero(),
                "lateness",
                lateness,
                "0 in ordered mode, where the watermark strategy's out-of-orderness is what events may be late by");
        require(until == null || until >= 0, "until", until, "a Unix time in milliseconds");
        require(
                until == null || endOfInput == EndOfInput.HOLD,
                "end of input",
                endOfInput,
                "hold where `until` is set: until says itself which deadlines pass");
        return this;
    }

    private static void require(boolean holds, String what, Object value, String must) {
        if (!holds) {
            throw new IllegalArgumentException("Alcedo: " + what + " is " + value + ", it must be " + must + ".");
        }
    }
}
