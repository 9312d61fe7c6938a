package io.alcedo.natives;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Records in, outcomes out, and the sizes in between. */
class EngineTest {
    private static final String EACH =
            "{\"id\":\"each\",\"revision\":1,\"trigger\":{\"on\":{\"event\":\"a\"}},\"action\":{\"text\":\"咖啡\"}}";

    private final RuleBook book = RuleBook.open(null);

    @AfterEach
    void nothingIsLeftOpen() {
        book.close();
        assertEquals(0, NativeLoader.openHandles());
    }

    /** A host that keeps states in a map and writes down what it hears. */
    private static final class Host extends Silent {
        final AlcedoEngine engine;
        final Map<String, byte[]> states = new HashMap<>();
        final List<String> heard = new ArrayList<>();
        final List<byte[]> late = new ArrayList<>();

        Host(AlcedoEngine engine) {
            this.engine = engine;
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
        }

        @Override
        public void match(long time, String rule, String user, String matchId, byte[] json) {
            assertEquals(32, matchId.length());
            heard.add(rule + " " + user + " " + time + " " + new String(json, StandardCharsets.UTF_8).contains("咖啡"));
        }

        @Override
        public void late(String user, long time, int partition, long position, byte[] raw) {
            heard.add("late " + user + " " + time + " " + partition + " " + position);
            late.add(raw);
        }

        int flush() {
            int turns = 0;
            while (engine.batch().records() > 0) {
                assertTrue(engine.begin() > 0);
                engine.drain(this);
                engine.evaluate();
                engine.drain(this);
                turns++;
            }
            return turns;
        }

        void advance(long watermark) {
            boolean done;
            do {
                done = engine.advance(watermark);
                engine.drain(this);
            } while (!done);
        }
    }

    private AlcedoEngine open(EngineConfig config) {
        String statuses = book.apply(new RuleUpdate(true, RuleUpdate.AT_START).document("test", EACH));
        assertTrue(statuses.contains("\"live\""), statuses);
        return AlcedoEngine.open(config, book, Long.MIN_VALUE);
    }

    private static byte[] event(String user, long time, String more) {
        return ("{\"user\":\"" + user + "\",\"type\":\"a\",\"time\":" + time + more + "}")
                .getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aStoredStateExplainsItself() throws Exception {
        try (AlcedoEngine engine = open(new EngineConfig())) {
            Host host = new Host(engine);
            engine.batch().event("u1", 1000, 0, 0, event("u1", 1000, ""));
            host.flush();
            engine.writeBack(10);
            engine.drain(host);
            byte[] state = host.states.get("u1");
            JsonNode waits = Vector.JSON.readTree(book.explain("each", "u1", state, null, new EngineConfig()));
            assertEquals("verdict.unseen", waits.get("verdict").get("key").asText(), "the event waits");
            JsonNode after = Vector.JSON.readTree(book.explain("each", "u1", state, 1000L, new EngineConfig()));
            assertEquals("verdict.ready", after.get("verdict").get("key").asText());
            assertEquals(1, after.get("occurrence").asInt());
            JsonNode nobody = Vector.JSON.readTree(book.explain("each", "u2", null, 1000L, new EngineConfig()));
            assertTrue(nobody.get("clock").isNull());
        }
        AlcedoException e =
                assertThrows(AlcedoException.class, () -> book.explain("other", "u1", null, 5L, new EngineConfig()));
        assertTrue(e.getMessage().contains("no rule \"other\" runs here"), e.getMessage());
        e = assertThrows(AlcedoException.class, () -> book.explain("each", "林", new byte[20], 5L, new EngineConfig()));
        assertTrue(e.getMessage().contains("the state of user \"林\" cannot be read"), e.getMessage());
    }

    @Test
    void aBatchGoesRound() {
        try (AlcedoEngine engine = open(new EngineConfig())) {
            Host host = new Host(engine);
            engine.batch().event("林", 1000, 3, 7, event("林", 1000, ""));
            byte[] padded = new byte[200];
            byte[] second = event("u2", 2000, "");
            System.arraycopy(second, 0, padded, 50, second.length);
            engine.batch().event("u2", 2000, 3, 8, padded, 50, second.length);
            assertEquals(2, engine.batch().records());
            assertEquals(
                    2 * 27 + 3 + 2 + event("林", 1000, "").length + second.length,
                    engine.batch().bytes());
            assertEquals(1, host.flush());
            assertEquals(0, engine.batch().bytes());
            host.advance(5000);
            assertEquals(List.of("each u2 2000 true", "each 林 1000 true"), sorted(host.heard));
            engine.batch().event("u2", 4000, 3, 9, second);
            host.flush();
            assertEquals("late u2 4000 3 9", host.heard.get(2));
            assertArrayEquals(second, host.late.get(0));
            Counters counters = engine.counters();
            assertEquals(2, counters.taken);
            assertEquals(1, counters.late);
            assertEquals(2, counters.matches);
            assertTrue(counters.toString().startsWith("taken 2, late 1, "), counters.toString());
        }
    }

    private static List<String> sorted(List<String> list) {
        List<String> copy = new ArrayList<>(list);
        copy.sort(null);
        return copy;
    }

    @Test
    void aSmallCacheTakesABatchInTurns() {
        try (AlcedoEngine engine = open(new EngineConfig().cacheUsers(3))) {
            Host host = new Host(engine);
            for (int i = 0; i < 20; i++) {
                engine.batch().event("u" + i, 1000 + i, 0, i, event("u" + i, 1000 + i, ""));
            }
            assertEquals(3, engine.begin());
            assertEquals(17, engine.batch().records());
            AlcedoException e =
                    assertThrows(AlcedoException.class, () -> engine.batch().touch("u0", 0));
            assertTrue(e.getMessage().contains("has taken a part"), e.getMessage());
            engine.drain(host);
            engine.evaluate();
            engine.drain(host);
            assertEquals(6, host.flush());
            assertEquals(17, host.states.size());
            for (int i = 0; i < 20; i++) {
                engine.batch().touch("u" + i, 5000);
            }
            host.flush();
            host.advance(5000);
            assertEquals(20, host.heard.size());
        }
    }

    @Test
    void moreOutcomesThanABufferHoldsComeInOrder() {
        try (AlcedoEngine engine = open(new EngineConfig().arrival(0))) {
            Host host = new Host(engine);
            host.advance(1000);
            byte[] raw = new byte[300_000];
            for (int i = 0; i < 10; i++) {
                raw[0] = (byte) i;
                engine.batch().event("u1", 5, 0, i, raw);
            }
            host.flush();
            assertEquals(10, host.late.size());
            for (int i = 0; i < 10; i++) {
                assertEquals(i, host.late.get(i)[0]);
                assertEquals(raw.length, host.late.get(i).length);
            }
        }
    }

    @Test
    void oneLargeOutcomeGrowsTheBufferForOnce() {
        try (AlcedoEngine engine = open(new EngineConfig().arrival(0))) {
            Host host = new Host(engine);
            host.advance(1000);
            engine.batch().event("u1", 5, 0, 1, new byte[20_000_000]);
            engine.batch().event("u1", 5, 0, 2, new byte[1]);
            assertTrue(engine.batch().bytes() > Layout.BUFFER_KEEP);
            host.flush();
            assertEquals(20_000_000, host.late.get(0).length);
            assertEquals(1, host.late.get(1).length);
        }
    }

    @Test
    void aBatchAboveTheCapIsRefusedAndStaysWhole() {
        try (AlcedoEngine engine = open(new EngineConfig())) {
            engine.batch().event("u1", 1000, 0, 0, event("u1", 1000, ""));
            AlcedoException e = assertThrows(
                    AlcedoException.class, () -> engine.batch().event("u1", 5, 0, 1, new byte[Layout.HARD_CAP]));
            assertTrue(e.getMessage().contains("above the cap of 67108864"), e.getMessage());
            assertEquals(1, engine.batch().records());
            Host host = new Host(engine);
            host.flush();
            host.advance(2000);
            assertEquals(List.of("each u1 1000 true"), host.heard);
        }
    }

    @Test
    void aUserMustHaveAName() {
        try (AlcedoEngine engine = open(new EngineConfig())) {
            assertThrows(AlcedoException.class, () -> engine.batch().touch("", 0));
            assertThrows(AlcedoException.class, () -> engine.batch().touch("林".repeat(43), 0));
            engine.batch().touch("林".repeat(42) + "xy", 0);
            assertEquals(1, engine.batch().records());
            engine.batch().clear();
            assertEquals(0, engine.batch().records());
        }
    }

    @Test
    void statesSurviveAWriteBack() {
        String count = "{\"id\":\"three\",\"revision\":1,\"measures\":{\"n\":{\"count\":{\"event\":\"a\"}}},"
                + "\"when\":{\"ge\":[{\"measure\":\"n\"},3]},\"action\":\"咖啡\"}";
        book.apply(new RuleUpdate(true, RuleUpdate.AT_START).document("test", count));
        Map<String, byte[]> kept;
        try (AlcedoEngine engine = AlcedoEngine.open(new EngineConfig(), book, Long.MIN_VALUE)) {
            Host host = new Host(engine);
            for (int i = 0; i < 3; i++) {
                engine.batch().event("u1", 1000 + i, 0, i, event("u1", 1000 + i, ""));
            }
            host.flush();
            host.advance(1001);
            assertEquals(0, engine.writeBack(10));
            engine.drain(host);
            assertEquals(0, engine.counters().dirtyUsers);
            kept = host.states;
            assertEquals(List.of(), host.heard);
        }
        try (AlcedoEngine engine = AlcedoEngine.open(new EngineConfig(), book, 1001)) {
            Host host = new Host(engine);
            host.states.putAll(kept);
            engine.batch().touch("u1", 1002);
            host.flush();
            host.advance(2000);
            assertEquals(List.of("three u1 1002 true"), host.heard);
        }
    }

    @Test
    void stateThatIsNoneIsAnErrorThatNamesItsUser() {
        try (AlcedoEngine engine = open(new EngineConfig())) {
            Host host = new Host(engine);
            host.states.put("u1", new byte[] {1, 2, 3});
            engine.batch().event("u1", 1000, 0, 0, event("u1", 1000, ""));
            AlcedoException e = assertThrows(AlcedoException.class, host::flush);
            assertTrue(e.getMessage().contains("\"u1\""), e.getMessage());
        }
    }

    @Test
    void aMappingIsReadByTheEngineAndRefusedWithItsPath() {
        EngineConfig config = new EngineConfig().mapping("{\"user\":\"who\\\"\\u0001\",\"nonsense\":1}");
        AlcedoException e = assertThrows(AlcedoException.class, () -> open(config));
        assertTrue(e.getMessage().contains("/nonsense"), e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> new EngineConfig().cacheBytes(0));
        assertThrows(IllegalArgumentException.class, () -> new EngineConfig().arrival(-1));
    }
}
