package io.alcedo.flink;

import io.alcedo.natives.Counters;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;

/**
 * Events by user on the first input, rules for all on the second; matches out.
 *
 * <p>An operator of its own and not a process function, because a native call pays off in bundles only, and a bundle
 * needs four hooks: before the barrier (flush, write back), at a watermark (flush, let time pass), at the end (flush),
 * and a callback in the mailbox (flush what has waited long enough).
 *
 * <p>A command comes among the events of its user and is carried out by itself, after the bundle before it.
 *
 * <p>Invariants: at a barrier Flink's state is complete and the cache clean; the rules' input never holds event time;
 * a user is named by Flink's current key only while the state is read or written; {@code close} emits nothing.
 */
final class AlcedoOperator extends AbstractStreamOperator<MatchRecord>
        implements TwoInputStreamOperator<Ingest, RulesUpdate, MatchRecord>, Triggerable<String, VoidNamespace> {
    private static final long serialVersionUID = 1;

    private static final String BOOK = "book";

    private final RuleSource ruleSource;
    private final AudienceSource audienceSource;
    private final AlcedoOptions options;

    private transient ValueState<byte[]> states;
    private transient ValueState<byte[]> commands;
    private transient BroadcastState<String, byte[]> books;
    private transient ListState<Long> watermarks;
    private transient InternalTimerService<VoidNamespace> timers;
    private transient EngineDriver engine;
    private transient RulesInForce rules;
    private transient Outputs outputs;
    private transient OperatorMetrics metrics;
    private transient long watermark;
    private transient long passing;
    private transient boolean fired;
    private transient boolean armed;

    AlcedoOperator(RuleSource ruleSource, AudienceSource audienceSource, AlcedoOptions options) {
        this.ruleSource = ruleSource;
        this.audienceSource = audienceSource;
        this.options = options;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        states = context.getKeyedStateStore()
                .getState(new ValueStateDescriptor<>("user", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
        commands = context.getKeyedStateStore()
                .getState(
                        new ValueStateDescriptor<>("commands", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
        books = context.getOperatorStateStore()
                .getBroadcastState(new MapStateDescriptor<>(
                        "rules", Types.STRING, PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
        watermarks =
                context.getOperatorStateStore().getUnionListState(new ListStateDescriptor<>("watermark", Types.LONG));
        watermark = Long.MIN_VALUE;
        for (long restored : watermarks.get()) {
            watermark = Math.max(watermark, restored);
        }
    }

    @Override
    public void open() throws Exception {
        super.open();
        timers = getInternalTimerService("due", VoidNamespaceSerializer.INSTANCE, this);
        outputs = new Outputs(output);
        rules = openRules(books.get(BOOK));
        books.put(BOOK, rules.encode());
        KeyedUsers users = new KeyedUsers(getKeyedStateBackend(), states, timers);
        metrics = new OperatorMetrics(getMetricGroup(), options.ruleMetrics);
        CarriedOut carriedOut = new CarriedOut(getKeyedStateBackend(), commands);
        engine = EngineDriver.open(options, rules.book(), watermark, users, carriedOut, outputs, metrics);
        metrics.watch(engine, rules);
        arm(); // the first callback tells what became of the rules: open itself emits nothing
        if (!options.heartbeat.isZero()) {
            beatLater();
        }
    }

    /**
     * Has the subtask say that it is there, again and again, between two elements. Never quite at the interval: subtasks
     * that began together would all speak at once.
     */
    private void beatLater() {
        long interval = options.heartbeat.toMillis();
        long wait = interval + ThreadLocalRandom.current().nextLong(-interval / 5, interval / 5 + 1);
        ProcessingTimeService time = getProcessingTimeService();
        time.registerTimer(time.getCurrentProcessingTime() + wait, now -> {
            rules.heartbeat(outputs, interval);
            beatLater();
        });
    }

    private RulesInForce openRules(byte[] stored) throws Exception {
        TaskInfo task = getRuntimeContext().getTaskInfo();
        int subtask = task.getIndexOfThisSubtask();
        int subtasks = task.getNumberOfParallelSubtasks();
        return stored == null
                ? RulesInForce.first(ruleSource, audienceSource, options, subtask, subtasks)
                : RulesInForce.restore(stored, watermark, audienceSource, options, subtask, subtasks);
    }

    /** What the engine counted since this subtask began. */
    Counters counters() {
        return engine.counters();
    }

    /**
     * Nothing: the key is set by those who read or write state, which is once for many events. Flink would hash and, on
     * RocksDB, serialize it for each.
     */
    @Override
    @SuppressWarnings("rawtypes") // as Flink declares it
    public void setKeyContextElement1(StreamRecord element) {
        // see above
    }

    @Override
    public void processElement1(StreamRecord<Ingest> element) throws Exception {
        Ingest event = element.getValue();
        metrics.recordIn();
        if (options.skips(event)) {
            metrics.skipped();
            outputs.bad(Ingest.bad(
                    "skipped", event.user(), event.time(), event.partition(), event.position(), event.raw()));
            return;
        }
        if (event.isCommand()) {
            command(event);
            return;
        }
        engine.add(event);
        if (engine.records() >= options.bundleRecords || engine.bytes() >= options.bundleBytes) {
            flush();
        } else {
            arm();
        }
    }

    /** A command takes effect on what came before it, so that is judged first. */
    private void command(Ingest command) throws Exception {
        flush();
        engine.command(command, getProcessingTimeService().getCurrentProcessingTime());
        metrics.refresh(engine);
    }

    /** Has the bundle flushed soon; the callback runs in the mailbox, between two elements. */
    private void arm() {
        if (armed) {
            return;
        }
        armed = true;
        ProcessingTimeService time = getProcessingTimeService();
        time.registerTimer(time.getCurrentProcessingTime() + options.bundleTime.toMillis(), now -> {
            armed = false;
            flush();
        });
    }

    private void flush() {
        rules.tell(outputs);
        if (engine.records() > 0) {
            engine.run();
            metrics.refresh(engine);
        }
    }

    /** An update applies to what comes after it, so what came before is judged first. */
    @Override
    public void processElement2(StreamRecord<RulesUpdate> element) throws Exception {
        flush();
        rules.apply(element.getValue(), watermark);
        engine.publish(rules.book());
        books.put(BOOK, rules.encode());
        metrics.rulesChanged(rules);
        rules.tell(outputs);
    }

    @Override
    public void processWatermark1(Watermark mark) throws Exception {
        processWatermark(mark);
    }

    @Override
    public void processWatermark2(Watermark mark) {
        // rules have no event time: a quiet rules stream must not stop the users' clocks
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        flush();
        // After a restore the sources begin below what had passed; time does not go back.
        if (mark.getTimestamp() > watermark) {
            if (mark.getTimestamp() != Long.MAX_VALUE) {
                watermark = mark.getTimestamp();
            }
            long before = engine.nanos();
            letTimePass(mark);
            metrics.watermark(engine.nanos() - before);
            metrics.refresh(engine);
        }
        output.emitWatermark(mark);
    }

    /**
     * First for the users in the cache, then for those whose timers Flink fires, bundle by bundle, in {@link
     * #onEventTime}. A user who leaves the cache meanwhile may have more due by now, so it goes on until no timer fires.
     */
    private void letTimePass(Watermark mark) throws Exception {
        passing = mark.getTimestamp();
        pass();
        do {
            fired = false;
            getTimeServiceManager().orElseThrow().advanceWatermark(mark);
            touched();
        } while (fired);
    }

    @Override
    public void onEventTime(InternalTimer<String, VoidNamespace> timer) {
        fired = true;
        engine.touch(timer.getKey(), timer.getTimestamp());
        if (engine.records() >= options.bundleRecords) {
            touched();
        }
    }

    /** The users touched enter the cache, and time passes for them too. */
    private void touched() {
        if (engine.records() > 0) {
            engine.run();
            pass();
        }
    }

    /** The end of the input is no moment: what it does to open deadlines is the option's to say. */
    private void pass() {
        if (passing == Long.MAX_VALUE) {
            engine.end(options.endOfInput == AlcedoOptions.EndOfInput.FIRE);
        } else {
            engine.advance(passing);
        }
    }

    @Override
    public void onProcessingTime(InternalTimer<String, VoidNamespace> timer) {
        // none is registered
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
        long begun = System.nanoTime();
        flush();
        engine.writeBack();
        metrics.barrier(System.nanoTime() - begun);
        metrics.refresh(engine);
        super.prepareSnapshotPreBarrier(checkpointId);
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        watermarks.update(List.of(watermark));
    }

    /** Flink calls it even where {@code open} failed. */
    @Override
    public void finish() throws Exception {
        if (engine != null) {
            flush();
        }
        super.finish();
    }

    @Override
    public void close() throws Exception {
        try {
            if (engine != null) {
                engine.close();
            }
            if (rules != null) {
                rules.close();
            }
        } finally {
            super.close();
        }
    }
}
