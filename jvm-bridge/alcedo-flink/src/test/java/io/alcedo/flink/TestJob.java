package io.alcedo.flink;

import io.alcedo.natives.Counters;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.metrics.groups.AbstractMetricGroup;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.StateBackendLoader;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;

/**
 * The operator in Flink's harness, in as many subtasks as wanted: events go to the subtask that owns the user, all else
 * to every one. A restart keeps only what a snapshot holds.
 */
final class TestJob implements AutoCloseable {
    private static final int MAX_PARALLELISM = 16;

    final List<MatchRecord> matches = new ArrayList<>();
    final List<Ingest> late = new ArrayList<>();
    final List<Ingest> bad = new ArrayList<>();
    final List<String> statuses = new ArrayList<>();
    final List<String> audits = new ArrayList<>();
    /** Of the subtasks that are no more. */
    final List<Counters> counted = new ArrayList<>();

    private final AlcedoOptions options;
    private final RuleSource rules;
    private final AudienceSource audiences;
    private final String backend;
    private List<KeyedTwoInputStreamOperatorTestHarness<String, Ingest, RulesUpdate, MatchRecord>> subtasks;
    private long clock;
    private long checkpoint;

    TestJob(AlcedoOptions options, RuleSource rules, AudienceSource audiences, String backend, int parallelism)
            throws Exception {
        this.options = options;
        this.rules = rules;
        this.audiences = audiences;
        this.backend = backend;
        start(null, 0, parallelism);
    }

    private void start(OperatorSubtaskState state, int before, int parallelism) throws Exception {
        subtasks = new ArrayList<>();
        for (int i = 0; i < parallelism; i++) {
            var harness = new KeyedTwoInputStreamOperatorTestHarness<>(
                    new AlcedoOperator(rules, audiences, options),
                    Ingest::user,
                    null,
                    Types.STRING,
                    MAX_PARALLELISM,
                    parallelism,
                    i);
            subtasks.add(harness);
            harness.setStateBackend(backend(backend));
            harness.setProcessingTime(clock);
            if (state != null) {
                harness.initializeState(AbstractStreamOperatorTestHarness.repartitionOperatorState(
                        state, MAX_PARALLELISM, before, parallelism, i));
            }
            harness.open();
        }
    }

    private static StateBackend backend(String name) throws Exception {
        Configuration config = new Configuration();
        config.setString("state.backend.type", name);
        // The harness has 3 MiB of managed memory: RocksDB within it does nothing but flush.
        config.setString("state.backend.rocksdb.memory.managed", "false");
        return StateBackendLoader.loadStateBackendFromConfig(config, TestJob.class.getClassLoader(), null);
    }

    int parallelism() {
        return subtasks.size();
    }

    /** An event, or a command. */
    void event(Ingest event) throws Exception {
        int owner = KeyGroupRangeAssignment.assignKeyToParallelOperator(event.user(), MAX_PARALLELISM, subtasks.size());
        subtasks.get(owner).processElement1(new StreamRecord<>(event, event.time()));
        collect();
    }

    void watermark(long time) throws Exception {
        for (var subtask : subtasks) {
            subtask.processWatermark1(new Watermark(time));
        }
        collect();
    }

    void rulesWatermark(long time) throws Exception {
        for (var subtask : subtasks) {
            subtask.processWatermark2(new Watermark(time));
        }
        collect();
    }

    void update(RulesUpdate update) throws Exception {
        for (var subtask : subtasks) {
            subtask.processElement2(new StreamRecord<>(update));
        }
        collect();
    }

    /** Bundles that wait long enough are flushed. */
    void tick() throws Exception {
        tick(options.bundleTime.toMillis() + 1);
    }

    /** So many ms go by on the clock; each callback that is due comes once. */
    void tick(long millis) throws Exception {
        clock += millis;
        for (var subtask : subtasks) {
            subtask.setProcessingTime(clock);
        }
        collect();
    }

    /** Snapshot, crash, restore at this parallelism. */
    void restart(int parallelism) throws Exception {
        restore(snapshot(), parallelism);
    }

    /** How long the first subtask holds a barrier up: what it does before the snapshot itself, ns. */
    long barrierNanos() throws Exception {
        long begun = System.nanoTime();
        subtasks.get(0).prepareSnapshotPreBarrier(++checkpoint);
        return System.nanoTime() - begun;
    }

    /** How long each subtask, one after the other, holds its events up for this update, ns. */
    long[] updateNanos(RulesUpdate update) throws Exception {
        long[] nanos = new long[subtasks.size()];
        for (int i = 0; i < nanos.length; i++) {
            long begun = System.nanoTime();
            subtasks.get(i).processElement2(new StreamRecord<>(update));
            nanos[i] = System.nanoTime() - begun;
        }
        collect();
        return nanos;
    }

    OperatorSubtaskState snapshot() throws Exception {
        checkpoint++;
        OperatorSubtaskState[] states = new OperatorSubtaskState[subtasks.size()];
        for (int i = 0; i < states.length; i++) {
            subtasks.get(i).prepareSnapshotPreBarrier(checkpoint);
            states[i] = subtasks.get(i).snapshot(checkpoint, clock);
        }
        collect();
        return AbstractStreamOperatorTestHarness.repackageState(states);
    }

    /** Whatever the subtasks did after the snapshot is lost; what they gave out is not counted. */
    void restore(OperatorSubtaskState state, int parallelism) throws Exception {
        int before = subtasks.size();
        count();
        close();
        start(state, before, parallelism);
    }

    /** Takes down what the subtasks counted so far, once at the end of their lives. */
    void count() {
        subtasks.forEach(subtask -> counted.add(((AlcedoOperator) subtask.getOperator()).counters()));
    }

    /** What a subtask shows to Flink's reporters, by name below the operator. */
    Map<String, Metric> metrics(int subtask) throws Exception {
        var operator = (AbstractStreamOperator<?>) subtasks.get(subtask).getOperator();
        Map<String, Metric> found = new TreeMap<>();
        metrics(operator.getMetricGroup(), "", found);
        return found;
    }

    /** The harness has no registry; what was registered lies in the groups alone. */
    private static void metrics(MetricGroup group, String scope, Map<String, Metric> found) throws Exception {
        for (String field : List.of("metrics", "groups")) {
            Field held = AbstractMetricGroup.class.getDeclaredField(field);
            held.setAccessible(true);
            for (var entry : ((Map<?, ?>) held.get(group)).entrySet()) {
                if (entry.getValue() instanceof Metric) {
                    found.put(scope + entry.getKey(), (Metric) entry.getValue());
                } else {
                    metrics((MetricGroup) entry.getValue(), scope + entry.getKey() + ".", found);
                }
            }
        }
    }

    /** Users with state. */
    int users() {
        return subtasks.stream().mapToInt(TestJob::users).sum();
    }

    private static int users(KeyedTwoInputStreamOperatorTestHarness<String, Ingest, RulesUpdate, MatchRecord> subtask) {
        KeyedStateBackend<String> backend = ((AbstractStreamOperator<?>) subtask.getOperator()).getKeyedStateBackend();
        try (Stream<String> users = backend.getKeys("user", VoidNamespace.INSTANCE)) {
            return (int) users.count();
        }
    }

    /** Puts bytes in place of a user's state; he must not be in the cache. */
    void put(String user, byte[] state) throws Exception {
        int owner = KeyGroupRangeAssignment.assignKeyToParallelOperator(user, MAX_PARALLELISM, subtasks.size());
        var operator = (AbstractStreamOperator<?>) subtasks.get(owner).getOperator();
        operator.setCurrentKey(user);
        state(operator, "user").update(state);
    }

    /** A user's keyed state of this name, or null. */
    byte[] get(String name, String user) throws Exception {
        int owner = KeyGroupRangeAssignment.assignKeyToParallelOperator(user, MAX_PARALLELISM, subtasks.size());
        var operator = (AbstractStreamOperator<?>) subtasks.get(owner).getOperator();
        operator.setCurrentKey(user);
        return state(operator, name).value();
    }

    private static ValueState<byte[]> state(AbstractStreamOperator<?> operator, String name) throws Exception {
        KeyedStateBackend<Object> backend = operator.getKeyedStateBackend();
        return backend.getPartitionedState(
                VoidNamespace.INSTANCE,
                VoidNamespaceSerializer.INSTANCE,
                new ValueStateDescriptor<>(name, PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
    }

    /** The watermarks that left the first subtask. */
    List<Long> watermarksOut() {
        return subtasks.get(0).getOutput().stream()
                .filter(Watermark.class::isInstance)
                .map(w -> ((Watermark) w).getTimestamp())
                .collect(Collectors.toList());
    }

    List<String> matchIds() {
        return matches.stream().map(MatchRecord::matchId).sorted().collect(Collectors.toList());
    }

    private void collect() {
        for (var subtask : subtasks) {
            subtask.getOutput().removeIf(out -> {
                boolean record = out instanceof StreamRecord;
                if (record) {
                    matches.add((MatchRecord) ((StreamRecord<?>) out).getValue());
                }
                return record;
            });
            drain(subtask.getSideOutput(Tags.LATE), late::add);
            drain(subtask.getSideOutput(Tags.BAD), bad::add);
            drain(subtask.getSideOutput(Tags.RULE_STATUS), statuses::add);
            drain(subtask.getSideOutput(Tags.AUDIT), audits::add);
        }
    }

    private static <T> void drain(java.util.Queue<StreamRecord<T>> from, Consumer<T> to) {
        if (from != null) {
            for (StreamRecord<T> record = from.poll(); record != null; record = from.poll()) {
                to.accept(record.getValue());
            }
        }
    }

    @Override
    public void close() throws Exception {
        for (var subtask : subtasks) {
            subtask.close();
        }
    }
}
