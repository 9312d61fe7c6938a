package io.alcedo.admin.replay;

import io.alcedo.natives.AlcedoEngine;
import io.alcedo.natives.EngineConfig;
import io.alcedo.natives.OutcomeHandler;
import io.alcedo.natives.RuleBook;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * The engine over past events, as a job would judge them; everything in memory. Events come in the order of their times,
 * and each is judged when it comes, so nothing waits and nothing is late.
 *
 * <p>It hosts the engine as an operator does: states that do not fit into its cache are kept here, with their timers.
 */
public final class Replay implements AutoCloseable {
    private static final int BATCH_RECORDS = 2_000;
    private static final int BATCH_BYTES = 512 << 10;
    private static final long CACHE = 64L << 20;
    private static final long STATES = 512L << 20;

    private final RuleBook book;
    private final EngineConfig config;
    private final AlcedoEngine engine;
    private final Matches matches;
    private final Host host = new Host();
    private final Map<String, byte[]> states = new HashMap<>();
    private final TreeSet<Timer> timers = new TreeSet<>();
    private long stateBytes;
    private long position;
    private long last = Long.MIN_VALUE;

    /** Hears of matches. */
    public interface Matches {
        /** A rule fired; {@code json} is the whole match. */
        void match(long time, String rule, String user, String matchId, byte[] json);
    }

    /**
     * Opens an engine.
     *
     * @param book stays the caller's
     * @param mappingOrNull where user, type, time and id are in an event
     */
    public Replay(RuleBook book, String mappingOrNull, Matches matches) {
        this.book = book;
        this.matches = matches;
        config = new EngineConfig().arrival(0).mapping(mappingOrNull).cacheBytes(CACHE);
        engine = AlcedoEngine.open(config, book, Long.MIN_VALUE);
    }

    /** The next event; its time is not before the last one's. */
    public void event(String user, long time, byte[] raw) {
        // Deadlines before it pass first, as under a job's watermark.
        if (!timers.isEmpty() && timers.first().time() < time || engine.batch().records() >= BATCH_RECORDS) {
            pass(time - 1);
        }
        engine.batch().event(user, time, 0, position++, raw);
        last = Math.max(last, time);
        if (engine.batch().records() >= BATCH_RECORDS || engine.batch().bytes() >= BATCH_BYTES) {
            pass(last - 1);
        }
    }

    /** Time passes for everybody, up to and with this moment. */
    public void pass(long time) {
        flush();
        do {
            boolean done;
            do {
                done = engine.advance(time);
                engine.drain(host);
            } while (!done);
            while (!timers.isEmpty()
                    && timers.first().time() <= time
                    && engine.batch().records() < BATCH_RECORDS) {
                Timer timer = timers.pollFirst();
                engine.batch().touch(timer.user(), timer.time());
            }
            if (engine.batch().records() == 0) {
                return;
            }
            flush();
        } while (true);
    }

    private void flush() {
        while (engine.batch().records() > 0) {
            engine.begin();
            engine.drain(host);
            engine.evaluate();
            engine.drain(host);
        }
    }

    /** Users' states as a job would keep them now. */
    public Map<String, byte[]> states() {
        flush();
        int left;
        do {
            left = engine.writeBack(10_000);
            engine.drain(host);
        } while (left > 0);
        return states;
    }

    /** Of all users' states, as a job would keep them now. */
    public long stateBytes() {
        states();
        return stateBytes;
    }

    /** Why a rule fires for this user, or does not, at this moment; JSON as docs/guide/explain.md lists it. */
    public String explain(String rule, String user, long at) {
        return book.explain(rule, user, states().get(user), at, config);
    }

    @Override
    public void close() {
        engine.close();
    }

    private record Timer(long time, String user) implements Comparable<Timer> {
        @Override
        public int compareTo(Timer other) {
            return time != other.time ? Long.compare(time, other.time) : user.compareTo(other.user);
        }
    }

    private final class Host implements OutcomeHandler {
        @Override
        public void need(int token, String user) {
            engine.supply(token, states.get(user));
        }

        @Override
        public void store(String user, byte[] stateOrNull, long arm) {
            byte[] before = stateOrNull == null ? states.remove(user) : states.put(user, stateOrNull);
            stateBytes += (stateOrNull == null ? 0 : stateOrNull.length) - (before == null ? 0 : before.length);
            if (stateBytes > STATES) {
                throw new ReplayException("the users' states need more than " + (STATES >> 20)
                        + " MiB: try the rule on fewer users, or bound what it remembers");
            }
            if (arm != Long.MIN_VALUE) {
                timers.add(new Timer(arm, user));
            }
        }

        @Override
        public void match(long time, String rule, String user, String matchId, byte[] json) {
            matches.match(time, rule, user, matchId, json);
        }

        @Override
        public void late(String user, long time, int partition, long position, byte[] raw) {
            throw new IllegalStateException("an event is late though events come in order");
        }

        @Override
        public void bad(String user, long time, int partition, long position, String reason, byte[] raw) {
            // What cannot be read was left out when the events were taken in.
        }

        @Override
        public void audit(String user, boolean carriedOut, boolean erased, byte[] json) {
            // No commands are sent.
        }
    }
}
