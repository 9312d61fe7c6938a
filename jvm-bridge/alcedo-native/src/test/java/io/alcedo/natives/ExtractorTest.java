package io.alcedo.natives;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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

    private static String answer(Extractor extractor) {
        switch (extractor.status()) {
            case EVENT:
                return extractor.user() + " at " + extractor.time();
            case COMMAND:
                return extractor.user() + " by " + extractor.id();
            case BAD:
                return extractor.reason();
            default:
                return "";
        }
    }

    private static void sameTogetherAsAlone(Extractor extractor, List<byte[]> records) {
        List<String> alone = new ArrayList<>();
        for (byte[] raw : records) {
            extractor.extract(raw, 10_000);
            alone.add(answer(extractor));
        }
        List<String> together = new ArrayList<>();
        records.forEach(raw -> extractor.add(raw, 10_000));
        extractor.extractAll();
        while (extractor.next()) {
            together.add(answer(extractor));
        }
        assertEquals(alone, together);
        assertEquals(0, extractor.bytes());
    }

    @Test
    void recordsTogetherAreFoundWhatEachIsFoundAlone() {
        List<byte[]> records = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            records.add(utf8("{\"user\":\"" + "林".repeat(i % 43) + i % 7 + "\",\"type\":\"a\",\"time\":" + i + "}"));
            records.add(utf8(i % 2 == 0 ? "" : " \r"));
        }
        records.addAll(7, bad().values());
        try (Extractor extractor = Extractor.open(null, 60_000L)) {
            sameTogetherAsAlone(extractor, records);
            sameTogetherAsAlone(extractor, records.subList(0, 3));
        }
    }

    @Test
    void commandsTogetherAreFoundWhatEachIsFoundAlone() {
        String longest = "{\"id\":\"%d" + "x".repeat(126) + "\",\"by\":\"ops\",\"user\":\"" + "u".repeat(128)
                + "\",\"command\":\"erase\"}";
        try (Extractor extractor = Extractor.commands()) {
            sameTogetherAsAlone(
                    extractor,
                    List.of(utf8(String.format(longest, 1)), utf8(GOOD), utf8(" "), utf8(String.format(longest, 2))));
        }
    }

    @Test
    void aBundleThatFailedLeavesNothingToTheNext() {
        Extractor extractor = Extractor.open(null, null);
        extractor.add(utf8(GOOD), Extractor.NO_BROKER_TIME);
        extractor.close();
        assertThrows(AlcedoException.class, extractor::extractAll);
        assertFalse(extractor.next());
        assertEquals(0, extractor.bytes());
        try (Extractor other = Extractor.open(null, null)) {
            other.extractAll();
            assertFalse(other.next(), "nothing was added");
            other.extract(utf8(GOOD), Extractor.NO_BROKER_TIME);
            other.add(utf8("[]"), Extractor.NO_BROKER_TIME);
            assertFalse(other.next(), "what was added is not looked at yet");
            other.extract(utf8(GOOD), Extractor.NO_BROKER_TIME);
            assertEquals("u1", other.user(), "a record by itself does not wait behind others");
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
