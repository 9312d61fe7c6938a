package io.alcedo.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.alcedo.flink.MatchRecord;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Matches as people read them. */
class ReadableMatchTest {
    private static String line(String json) throws Exception {
        return ReadableMatch.line(
                new MatchRecord("id", "cart", "u1", 1_660_000_000_000L, json.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void ofAnEvent() throws Exception {
        assertEquals(
                "2022-08-08T23:06:40Z  cart  user u1  #2  on search  {\"searched\":3}",
                line(
                        "{\"occurrence\":2,\"key\":null,\"cause\":{\"event\":{\"type\":\"search\",\"id\":null,\"position\":4}},"
                                + "\"evidence\":{\"searched\":3}}"));
    }

    @Test
    void ofADeadline() throws Exception {
        assertEquals(
                "2022-08-08T23:06:40Z  cart  user u1  #1  no answer to unpaid since 2022-08-08T22:51:40Z  {\"order\":7}",
                line("{\"occurrence\":1,\"key\":{\"order\":7},\"cause\":{\"deadline\":{\"measure\":\"unpaid\","
                        + "\"after\":1659999100000}},\"evidence\":{}}"));
    }
}
