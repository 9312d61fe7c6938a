package io.alcedo.natives;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Judges events by rules, with a bounded cache of users' states; the host keeps the states that do not fit.
 *
 * <p>One turn, of one thread:
 *
 * <pre>{@code
 * engine.batch().event(user, time, partition, position, raw);
 * while (engine.batch().records() > 0) {
 *     engine.begin();            // takes as many records as the cache holds
 *     engine.drain(handler);     // store(..): keep it; need(token, user): engine.supply(token, kept or null)
 *     engine.evaluate();
 *     engine.drain(handler);     // match(..), late(..), bad(..), store(..)
 * }
 * }</pre>
 */
public final class AlcedoEngine extends NativeObject {
    private final Batch batch = new Batch();
    /** Outcomes come in here; between two drains answers go out by it. */
    private final DirectBuffer memory = new DirectBuffer();

    private final Outcomes outcomes = new Outcomes();
    private final List<Answer> answers = new ArrayList<>();
    private boolean draining;
    private long counted;

    private static final class Answer {
        final int token;
        final byte[] stateOrNull;

        Answer(int token, byte[] stateOrNull) {
            this.token = token;
            this.stateOrNull = stateOrNull;
        }

        long bytes() {
            return Layout.SUPPLY_HEADER + (stateOrNull == null ? 0L : stateOrNull.length);
        }

        void write(ByteBuffer out) {
            out.putInt(token);
            out.put((byte) (stateOrNull == null ? 0 : 1));
            out.putInt(stateOrNull == null ? 0 : stateOrNull.length);
            if (stateOrNull != null) {
                out.put(stateOrNull);
            }
        }
    }

    private AlcedoEngine(long handle) {
        super(handle);
    }

    /**
     * Opens an engine with an empty cache.
     *
     * @param book its rules as they are now; later changes come by {@link #publish}
     * @param watermark the last one seen before a restart, Unix ms; {@link Long#MIN_VALUE} at first
     */
    public static AlcedoEngine open(EngineConfig config, RuleBook book, long watermark) {
        NativeLoader.load();
        byte[] json = config.toJson().getBytes(StandardCharsets.UTF_8);
        AlcedoEngine engine = new AlcedoEngine(Native.engineOpen(json, book.handle(), watermark));
        engine.countBuffers();
        return engine;
    }

    /** The records of the next turn. */
    public Batch batch() {
        return batch;
    }

    /** Hands records of the batch over; returns how many were taken, at least one of a batch that has any. */
    public int begin() {
        ready();
        countBuffers();
        return batch.begin(handle());
    }

    /** What leaves room to be made for them: buffers grow with a large record and shrink again. */
    private void countBuffers() {
        long now = (long) batch.capacity() + memory.capacity();
        if (now != counted) {
            counted = now;
            Native.countBuffers(handle(), now);
        }
    }

    /** Answers a {@link OutcomeHandler#need}; the engine gets it with {@link #evaluate}. Null: there is no state. */
    public void supply(int token, byte[] stateOrNull) {
        answers.add(new Answer(token, stateOrNull));
    }

    /** Takes in the records that were handed over. */
    public void evaluate() {
        ready();
        sendAnswers();
        Native.evaluate(handle());
    }

    private void sendAnswers() {
        int used = 0;
        for (Answer answer : answers) {
            long needed = used + answer.bytes();
            if (used > 0 && needed > memory.get().capacity()) {
                Native.supply(handle(), memory.get(), used);
                used = 0;
                needed = answer.bytes();
            }
            ByteBuffer out = memory.reserve("the state of one user", used, needed);
            out.clear().position(used);
            answer.write(out);
            used = out.position();
        }
        if (used > 0) {
            Native.supply(handle(), memory.get(), used);
        }
        answers.clear();
        memory.release();
        memory.get().clear();
    }

    /** Time passes for all cached users. False: drain and call again. */
    public boolean advance(long watermark) {
        ready();
        return Native.advance(handle(), watermark);
    }

    /**
     * The input ended, for all cached users. False: drain and call again.
     *
     * @param fire whether all deadlines pass now, or none
     */
    public boolean end(boolean fire) {
        ready();
        return Native.end(handle(), fire);
    }

    /** Tells {@link OutcomeHandler#store} of up to {@code limit} users at the next drain; returns how many stay dirty. */
    public int writeBack(int limit) {
        ready();
        return Native.writeBack(handle(), limit);
    }

    /** Tells everything there is to tell. */
    public void drain(OutcomeHandler handler) {
        ready();
        draining = true;
        int written;
        while ((written = Native.drain(handle(), memory.get())) != 0) {
            if (written < 0) {
                memory.reserve("one outcome", 0, -(long) written);
            } else {
                outcomes.read(memory.get(), written, handler);
            }
        }
        memory.release();
        draining = false;
    }

    /** From here on the book's present rules judge. */
    public void publish(RuleBook book) {
        ready();
        Native.publish(handle(), book.handle());
    }

    /** What was counted since the engine was opened. */
    public Counters counters() {
        ready();
        int written = Native.counters(handle(), memory.get());
        return Counters.read(memory.get(), written);
    }

    /** Panics inside the native engine, so that a test can see what becomes of it. */
    void panicForTest() {
        Native.panicForTest(handle());
    }

    private void ready() {
        if (draining) {
            throw new AlcedoException(
                    "an outcome handler failed, or called the engine: what the engine had still to tell"
                            + " is lost; close this engine and open another from the last stored states");
        }
    }
}
