package io.alcedo.natives;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Native memory: held within its bound whatever waits, told as it is, and all given back at the end. */
class MemoryTest {
    private static final String RULE =
            "{\"id\":\"each\",\"revision\":1,\"measures\":{\"n\":{\"count\":{\"event\":\"a\"},\"window\":{\"last\":\"1d\"}}},"
                    + "\"trigger\":{\"on\":{\"event\":\"a\"}},\"when\":{\"ge\":[{\"measure\":\"n\"},1]},"
                    + "\"action\":{\"text\":\"" + "x".repeat(2000) + "\"}}";
    private static final long BOUND = 8L << 20;
    private static final int USERS = 20_000;
    private static final int BUNDLE = 500;
    /** What a bundle adds while it is judged: its bytes in states, and its outcomes. */
    private static final long OF_A_BUNDLE = BUNDLE * 3000L;

    /** Keeps states in the heap and looks at every step how much the engine holds. */
    private static final class Host extends Silent {
        final AlcedoEngine engine;
        final Map<String, byte[]> states = new HashMap<>();
        long mostHeld;
        long mostInUse;
        long matches;

        Host(AlcedoEngine engine) {
            this.engine = engine;
        }

        void look() {
            mostHeld = Math.max(mostHeld, engine.counters().heldBytes);
            mostInUse = Math.max(mostInUse, NativeLoader.nativeBytes());
        }

        @Override
        public void need(int token, String user) {
            engine.supply(token, states.get(user));
        }

        @Override
        public void store(String user, byte[] stateOrNull, long arm) {
            states.put(user, stateOrNull);
        }

        @Override
        public void match(long time, String rule, String user, String matchId, byte[] json) {
            matches++;
        }

        void flush() {
            while (engine.batch().records() > 0) {
                engine.begin();
                look();
                engine.drain(this);
                engine.evaluate();
                look();
                engine.drain(this);
            }
        }

        void advance(long watermark) {
            while (!engine.advance(watermark)) {
                look();
                engine.drain(this);
            }
            look();
            engine.drain(this);
        }
    }

    /** Many users whose events wait, then all of them at once; gives the host as it was at the end. */
    private static Host run(RuleBook book) {
        EngineConfig config = new EngineConfig().cacheBytes(BOUND).dirtyUsers(1_000_000);
        try (AlcedoEngine engine = AlcedoEngine.open(config, book, Long.MIN_VALUE)) {
            Host host = new Host(engine);
            String padding = "y".repeat(500);
            for (int i = 0; i < USERS; i++) {
                String user = "user" + i;
                String event = "{\"user\":\"" + user + "\",\"type\":\"a\",\"time\":1000,\"p\":\"" + padding + "\"}";
                engine.batch().event(user, 1000, 0, i, event.getBytes(StandardCharsets.UTF_8));
                if (i % BUNDLE == BUNDLE - 1) {
                    host.flush();
                }
            }
            host.advance(2000);
            while (engine.writeBack(100_000) > 0) {
                host.look();
                engine.drain(host);
            }
            engine.drain(host);
            return host;
        }
    }

    private static RuleBook book() {
        RuleBook book = RuleBook.open(null);
        book.apply(new RuleUpdate(true, RuleUpdate.AT_START).document("test", RULE));
        return book;
    }

    @Test
    void whatIsHeldStaysWithinItsBound() {
        long before = NativeLoader.nativeBytes();
        assertTrue(before >= 0, "this library does not count its memory: build it by `make native`");
        try (RuleBook book = book()) {
            Host host = run(book);
            // The events of all users alone are more than the bound, and so are their matches.
            assertEquals(USERS, host.states.size());
            assertTrue(host.mostHeld > BOUND / 2 && host.mostHeld <= BOUND + OF_A_BUNDLE, "held " + host.mostHeld);
            // What is counted user by user is nearly what is there; the buffers are the JVM's and in the count alone.
            long inUse = host.mostInUse - before;
            assertTrue(inUse < BOUND + BOUND / 2, "in use " + inUse + " while " + host.mostHeld + " were held");
        }
    }

    @Test
    void rulesAreCountedToo() {
        try (RuleBook empty = RuleBook.open(null);
                RuleBook full = book();
                AlcedoEngine engine = AlcedoEngine.open(new EngineConfig(), empty, Long.MIN_VALUE)) {
            long without = engine.counters().heldBytes;
            engine.publish(full);
            assertTrue(engine.counters().heldBytes > without + 2000, "held " + engine.counters().heldBytes);
        }
    }

    @Test
    void afterTheEndNothingIsLeft() {
        work(); // tables of handles and zones are filled once
        long before = NativeLoader.nativeBytes();
        work();
        assertEquals(0, NativeLoader.openHandles());
        assertEquals(before, NativeLoader.nativeBytes(), "bytes that nobody gave back");
    }

    private static void work() {
        long before = NativeLoader.nativeBytes();
        try (RuleBook book = book();
                Extractor extractor = Extractor.open(null, null)) {
            book.audience("vips", Audience.ofUsers("vips", List.of("1", "x")).members());
            extractor.extract("{\"user\":\"u\",\"type\":\"a\",\"time\":1}".getBytes(StandardCharsets.UTF_8), 0);
            run(book);
            assertTrue(NativeLoader.nativeBytes() > before);
        }
    }
}
