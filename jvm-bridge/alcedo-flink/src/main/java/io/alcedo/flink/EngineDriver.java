package io.alcedo.flink;

import io.alcedo.natives.AlcedoEngine;
import io.alcedo.natives.AlcedoException;
import io.alcedo.natives.Counters;
import io.alcedo.natives.EngineConfig;
import io.alcedo.natives.OutcomeHandler;
import io.alcedo.natives.RuleBook;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Walks the engine through a bundle: begin, store who leaves the cache, supply who enters it, evaluate, give what came
 * out. The engine takes as much of a bundle as its cache can hold; the rest follows in further turns.
 *
 * <p>An engine that failed is never used again: the exception fails the job, and Flink restores the last checkpoint.
 */
final class EngineDriver implements OutcomeHandler, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EngineDriver.class);

    /** Users written back between two drains before a barrier: bounds what waits in native memory. */
    private static final int WRITE_BACK = 1000;

    private final AlcedoEngine engine;
    private final KeyedUsers users;
    private final Outputs outputs;
    private final OperatorMetrics metrics;
    private final CarriedOut carriedOut;
    private final BundlePlaces places = new BundlePlaces();
    private String commandId = "";
    private long nanos;

    static EngineDriver open(
            AlcedoOptions options,
            RuleBook book,
            long watermark,
            KeyedUsers users,
            CarriedOut carriedOut,
            Outputs outputs,
            OperatorMetrics metrics) {
        EngineConfig config = new EngineConfig()
                .mapping(options.mapping)
                .until(options.until)
                .cacheBytes(options.cacheBytes)
                .cacheUsers(options.cacheUsers)
                .dirtyUsers(options.dirtyUsers)
                .dedupe(options.dedupe);
        for (int topic = 1; topic <= options.moreMappings.size(); topic++) {
            config.mappingFrom(Partitions.of(topic, 0), options.moreMappings.get(topic - 1));
        }
        if (options.order == AlcedoOptions.Order.ARRIVAL) {
            config.arrival(options.lateness.toMillis());
        }
        AlcedoEngine engine = AlcedoEngine.open(config, book, watermark);
        return new EngineDriver(engine, users, carriedOut, outputs, metrics);
    }

    private EngineDriver(
            AlcedoEngine engine, KeyedUsers users, CarriedOut carriedOut, Outputs outputs, OperatorMetrics metrics) {
        this.engine = engine;
        this.users = users;
        this.carriedOut = carriedOut;
        this.outputs = outputs;
        this.metrics = metrics;
    }

    /** Adds an event to the bundle; its bytes are copied. */
    void add(Ingest event) {
        engine.batch().event(event.user(), event.time(), event.partition(), event.position(), event.raw());
        places.add(event.partition(), event.position());
    }

    /**
     * Carries a command out, by itself: the bundle must be empty.
     *
     * @param now wall clock for the audit, Unix ms
     */
    void command(Ingest command, long now) throws IOException {
        boolean again = carriedOut.has(command.user(), command.commandId());
        int partition = command.partition();
        engine.batch().command(command.user(), again, now, partition, command.position(), command.raw());
        places.add(partition, command.position());
        commandId = command.commandId();
        run();
    }

    /** Adds a user whose timer fired to the bundle; {@code due} is what it was set for, Unix ms. */
    void touch(String user, long due) {
        engine.batch().touch(user, due);
    }

    /** Records of the bundle. */
    int records() {
        return engine.batch().records();
    }

    /** Bytes of the bundle. */
    int bytes() {
        return engine.batch().bytes();
    }

    /** Takes in the bundle. */
    void run() {
        int records = records();
        int bytes = bytes();
        long before = nanos;
        try {
            while (engine.batch().records() > 0) {
                turn();
            }
            places.clear();
            metrics.bundle(records, bytes, nanos - before);
        } catch (AlcedoException e) {
            // Once for an engine, so at most once for each restart of the job: no limit is needed.
            LOG.error(
                    "The native engine failed on a bundle with these records: {}. The job restarts from its last"
                            + " checkpoint. If it fails here again, leave out the record that causes it by the option"
                            + " skip (bundles of one record find it), and report it.",
                    places);
            throw e;
        }
    }

    private void turn() {
        long begun = System.nanoTime();
        engine.begin();
        spent(begun);
        engine.drain(this);
        begun = System.nanoTime();
        engine.evaluate();
        spent(begun);
        engine.drain(this);
    }

    /** Counts the time since then as native; drains are left out, because Flink's state and sinks work in them. */
    private void spent(long begun) {
        nanos += System.nanoTime() - begun;
    }

    /** Nanoseconds spent in native code since the engine was opened. */
    long nanos() {
        return nanos;
    }

    /** Time passes for all users in the cache. */
    void advance(long watermark) {
        repeat(() -> engine.advance(watermark));
    }

    /** Until it says that it is done; what comes out between is handed on. */
    private void repeat(BooleanSupplier step) {
        boolean done;
        do {
            long begun = System.nanoTime();
            done = step.getAsBoolean();
            spent(begun);
            engine.drain(this);
        } while (!done);
    }

    /** The input ended for all users in the cache. */
    void end(boolean fire) {
        repeat(() -> engine.end(fire));
    }

    /** Hands everything that Flink does not have yet to Flink. */
    void writeBack() {
        repeat(() -> engine.writeBack(WRITE_BACK) == 0);
    }

    /** From here on these rules judge. */
    void publish(RuleBook book) {
        engine.publish(book);
    }

    /** What the engine counted since it was opened. */
    Counters counters() {
        return engine.counters();
    }

    @Override
    public void need(int token, String user) {
        try {
            engine.supply(token, users.load(user));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the state of user " + user, e);
        }
    }

    @Override
    public void store(String user, byte[] stateOrNull, long arm) {
        try {
            users.store(user, stateOrNull, arm);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the state of user " + user, e);
        }
    }

    @Override
    public void match(long time, String rule, String user, String matchId, byte[] json) {
        metrics.match(rule);
        outputs.match(new MatchRecord(matchId, rule, user, time, json));
    }

    @Override
    public void late(String user, long time, int partition, long position, byte[] raw) {
        outputs.late(Ingest.event(user, time, partition, position, raw));
    }

    @Override
    public void audit(String user, boolean done, boolean erased, byte[] json) {
        try {
            if (erased) {
                carriedOut.forget(user);
            } else if (done) {
                carriedOut.add(user, commandId);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write which commands were carried out for user " + user, e);
        }
        metrics.command(done);
        outputs.audit(new String(json, StandardCharsets.UTF_8));
    }

    @Override
    public void bad(String user, long time, int partition, long position, String reason, byte[] raw) {
        outputs.bad(Ingest.bad(reason, user, time, partition, position, raw));
    }

    @Override
    public void close() {
        engine.close();
    }
}
