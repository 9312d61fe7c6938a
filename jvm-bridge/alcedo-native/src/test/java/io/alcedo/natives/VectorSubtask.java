package io.alcedo.natives;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** One parallel part of a host in memory: an engine, its users' kept states and their timers, as an operator has them. */
final class VectorSubtask implements OutcomeHandler, AutoCloseable {
    private final VectorResults results;
    private final AlcedoEngine engine;
    final Map<String, byte[]> states = new HashMap<>();
    private final TreeSet<Timer> timers = new TreeSet<>();

    private static final class Timer implements Comparable<Timer> {
        final long time;
        final String user;

        Timer(long time, String user) {
            this.time = time;
            this.user = user;
        }

        @Override
        public int compareTo(Timer other) {
            return time != other.time ? Long.compare(time, other.time) : user.compareTo(other.user);
        }
    }

    VectorSubtask(EngineConfig config, RuleBook book, long watermark, VectorResults results) {
        this.results = results;
        engine = AlcedoEngine.open(config, book, watermark);
    }

    /** Takes over a user of a subtask that is no more. */
    void adopt(String user, byte[] state, List<Long> due) {
        states.put(user, state);
        due.forEach(time -> timers.add(new Timer(time, user)));
    }

    List<Long> timersOf(String user) {
        List<Long> due = new ArrayList<>();
        timers.stream().filter(timer -> timer.user.equals(user)).forEach(timer -> due.add(timer.time));
        return due;
    }

    void event(String user, long time, Vector.Step record) {
        engine.batch().event(user, time, record.partition, record.number, record.raw);
    }

    int records() {
        return engine.batch().records();
    }

    void flush() {
        while (engine.batch().records() > 0) {
            engine.begin();
            engine.drain(this);
            engine.evaluate();
            engine.drain(this);
        }
    }

    void publish(RuleBook book) {
        flush();
        engine.publish(book);
    }

    void watermark(long watermark) {
        flush();
        pass(watermark, () -> engine.advance(watermark));
    }

    void end(boolean fire) {
        flush();
        pass(Long.MAX_VALUE, () -> engine.end(fire));
    }

    private interface Passing {
        boolean done();
    }

    /** First the cached users, then in chunks whoever's timer fires, as a timer service fires them. */
    private void pass(long limit, Passing passing) {
        do {
            boolean done;
            do {
                done = passing.done();
                engine.drain(this);
            } while (!done);
            while (!timers.isEmpty()
                    && timers.first().time <= limit
                    && engine.batch().records() < 5) {
                Timer timer = timers.pollFirst();
                engine.batch().touch(timer.user, timer.time);
            }
            if (engine.batch().records() == 0) {
                return;
            }
            flush();
        } while (true);
    }

    void writeBack() {
        flush();
        int left;
        do {
            left = engine.writeBack(2);
            engine.drain(this);
        } while (left > 0);
    }

    Counters counters() {
        return engine.counters();
    }

    @Override
    public void need(int token, String user) {
        engine.supply(token, states.get(user));
    }

    @Override
    public void store(String user, byte[] stateOrNull, long arm) {
        if (stateOrNull == null) {
            states.remove(user);
        } else {
            states.put(user, stateOrNull);
        }
        if (arm != Long.MIN_VALUE) {
            timers.add(new Timer(arm, user));
        }
    }

    @Override
    public void match(long time, String rule, String user, String matchId, byte[] json) {
        results.match(json);
    }

    @Override
    public void late(String user, long time, int partition, long position, byte[] raw) {
        results.late(position);
    }

    @Override
    public void audit(String user, boolean carriedOut, boolean erased, byte[] json) {
        throw new AssertionError("no vector has a command");
    }

    @Override
    public void bad(String user, long time, int partition, long position, String reason, byte[] raw) {
        results.bad(position, reason);
    }

    @Override
    public void close() {
        engine.close();
    }
}
