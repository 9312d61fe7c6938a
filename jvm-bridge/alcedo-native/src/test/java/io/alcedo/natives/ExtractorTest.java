package io.alcedo.natives;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every way in which a record can be unreadable, and that the next one is read. */
class ExtractorTest {
    private static final String GOOD = "{\"user\":\"u1\",\"type\":\"a\",\"time\":1000}";

    @AfterEach
    void nothingIsLeftOpen() {
        assertEquals(0, NativeLoader.openHandles());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aCommandTellsForWhomAndItsId() {
        try (Extractor extractor = Extractor.commands()) {
            String user = "u".repeat(128);
            String id = "林".repeat(42);
            byte[] erase =
                    utf8("{\"id\":\"" + id + "\",\"by\":\"ops\",\"user\":\"" + user + "\",\"command\":\"erase\"}");
            assertEquals(Extractor.Status.COMMAND, extractor.extract(erase, Extractor.NO_BROKER_TIME));
            assertEquals(user, extractor.user());
            assertEquals(id, extractor.id());
            assertEquals(Extractor.Status.BLANK, extractor.extract(utf8(" "), Extractor.NO_BROKER_TIME));
            assertEquals(Extractor.Status.BAD, extractor.extract(utf8(GOOD), Extractor.NO_BROKER_TIME));
            assertEquals("command_not_understood", extractor.reason());
            assertThrows(IllegalStateException.class, extractor::id);
        }
    }

    /** The stable words, each with a record that earns it. */
    private static Map<String, byte[]> bad() {
        Map<String, byte[]> all = new LinkedHashMap<>();
        all.put("too_large", utf8(GOOD + " ".repeat(1 << 20)));
        byte[] cut = utf8("{\"user\":\"林\",\"type\":\"a\",\"time\":1000}");
        cut[10] = (byte) 0xff;
        all.put("not_utf8", cut);
        all.put("not_json", utf8("{\"user\":\"u1\""));
        all.put("not_object", utf8("[1]"));
        all.put(
                "too_deep",
                utf8("{\"user\":\"u1\",\"type\":\"a\",\"time\":1000,\"x\":" + "[".repeat(65) + "]".repeat(65) + "}"));
        all.put("number_out_of_range", utf8("{\"user\":\"u1\",\"type\":\"a\",\"time\":1000,\"x\":1e999}"));
        all.put("no_user", utf8("{\"type\":\"a\",\"time\":1000}"));
        all.put("bad_user", utf8("{\"user\":\"\",\"type\":\"a\",\"time\":1000}"));
        all.put("no_type", utf8("{\"user\":\"u1\",\"time\":1000}"));
        all.put("bad_type", utf8("{\"user\":\"u1\",\"type\":7,\"time\":1000}"));
        all.put("no_time", utf8("{\"user\":\"u1\",\"type\":\"a\"}"));
        all.put("bad_time", utf8("{\"user\":\"u1\",\"type\":\"a\",\"time\":\"noon\"}"));
        all.put("time_out_of_range", utf8("{\"user\":\"u1\",\"type\":\"a\",\"time\":-1}"));
        all.put("ahead", utf8("{\"user\":\"u1\",\"type\":\"a\",\"time\":70001}"));
        return all;
    }

    @Test
    void everyBadRecordHasItsReasonAndTheNextOneIsRead() {
        try (Extractor extractor = Extractor.open(null, 60_000L)) {
            bad().forEach((reason, raw) -> {
                assertEquals(Extractor.Status.BAD, extractor.extract(raw, 10_000), reason);
                assertEquals(reason, extractor.reason());
                assertThrows(IllegalStateException.class, extractor::user);
                assertEquals(Extractor.Status.EVENT, extractor.extract(utf8(GOOD), 10_000));
                assertEquals("u1", extractor.user());
                assertEquals(1000, extractor.time());
                assertThrows(IllegalStateException.class, extractor::reason);
            });
        }
    }

    @Test
    void propertiesMustBeAnObject() {
        try (Extractor extractor = Extractor.open("{\"props\":\"p\"}", null)) {
            assertEquals(
                    Extractor.Status.BAD,
                    extractor.extract(
                            utf8("{\"user\":\"u1\",\"type\":\"a\",\"time\":1000,\"p\":3}"), Extractor.NO_BROKER_TIME));
            assertEquals("props_not_object", extractor.reason());
        }
    }

    @Test
    void blankLinesAreSkippedAndPartsOfArraysAreRead() {
        try (Extractor extractor = Extractor.open(null, null)) {
            assertEquals(Extractor.Status.BLANK, extractor.extract(utf8(" \r\n"), Extractor.NO_BROKER_TIME));
            assertEquals(Extractor.Status.BLANK, extractor.extract(new byte[0], Extractor.NO_BROKER_TIME));
            byte[] padded = utf8("xx" + GOOD + "yy");
            assertEquals(
                    Extractor.Status.EVENT, extractor.extract(padded, 2, padded.length - 4, Extractor.NO_BROKER_TIME));
            String longest = "林".repeat(42) + "xy";
            extractor.extract(
                    utf8("{\"user\":\"" + longest + "\",\"type\":\"a\",\"time\":5}"), Extractor.NO_BROKER_TIME);
            assertEquals(longest, extractor.user());
        }
    }

    @Test
    void aMappingThatIsNoneIsRefused() {
        AlcedoException e = assertThrows(AlcedoException.class, () -> Extractor.open("{\"usr\":\"u\"}", null));
        assertTrue(e.getMessage().contains("/usr"), e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> Extractor.open(null, -5L));
    }
}
