package io.alcedo.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What people read: rejected records as lines, a failed bundle's places, settings that cannot be. */
class MessagesTest {
    @Test
    void aBadRecordAsALine() {
        byte[] raw = "{\"a\":\"\t雀\\\" \u0001".getBytes(StandardCharsets.UTF_8);
        assertEquals(
                "{\"partition\":2,\"position\":12,\"reason\":\"not_json\",\"raw\":\"{\\\"a\\\":\\\"\\t雀\\\\\\\" \\u0001\"}",
                RecordLines.bad(Ingest.bad("not_json", 2, 12, raw)));
    }

    @Test
    void aBadRecordIsCut() {
        String line = RecordLines.bad(Ingest.bad("too_large", 0, 0, new byte[100_000]));
        assertEquals(4096, line.split("\\\\u0000", -1).length - 1);
    }

    @Test
    void aLateRecordAsALine() {
        assertEquals(
                "{\"partition\":0,\"position\":3,\"user\":\"u1\",\"time\":5,\"raw\":\"{}\"}",
                RecordLines.late(Ingest.event("u1", 5, 0, 3, "{}".getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void placesOfABundle() {
        BundlePlaces places = new BundlePlaces();
        assertEquals("none, only users with something due", places.toString());
        for (int i = 0; i < 3000; i++) {
            places.add(i % 2, 100 + i);
        }
        assertEquals(
                "partition 0 positions 100 to 3098 (1500 records), partition 1 positions 101 to 3099 (1500 records)",
                places.toString());
        places.clear();
        assertEquals("none, only users with something due", places.toString());
    }

    @Test
    void settingsThatCannotBe() {
        refused("bundle records", new AlcedoOptions().bundleRecords(0));
        refused("bundle bytes", new AlcedoOptions().bundleBytes(100 << 20));
        refused("cache bytes", new AlcedoOptions().cacheBytes(5));
        refused("lateness", new AlcedoOptions().lateness(Duration.ofSeconds(1)));
        refused("end of input", new AlcedoOptions().until(5L).endOfInput(AlcedoOptions.EndOfInput.FIRE));
        refused("max parallelism", new AlcedoOptions().maxParallelism(0));
        new AlcedoOptions()
                .order(AlcedoOptions.Order.ARRIVAL)
                .lateness(Duration.ofSeconds(1))
                .check();
    }

    private static void refused(String what, AlcedoOptions options) {
        String message =
                assertThrows(IllegalArgumentException.class, options::check).getMessage();
        assertTrue(message.contains(what), message);
    }
}
