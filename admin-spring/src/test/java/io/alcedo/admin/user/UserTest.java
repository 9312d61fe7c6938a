package io.alcedo.admin.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.alcedo.admin.ServiceTest;
import io.alcedo.admin.account.Role;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** What a user did, and what follows from it by the engine's word. */
class UserTest extends ServiceTest {
    private static final String CART = """
            {"id":"%s","definition":{"measures":{"views":{"count":{"event":"view"},"window":{"last":"10m"},
            "by":["item"]}},"when":{"ge":[{"measure":"views"},3]},"trigger":{"rise":"views"},
            "limits":[{"times":1,"per":"day"}]}}""";

    @Autowired
    private EventStore events;

    @Autowired
    private EventMapper rows;

    @Test
    void aTimeLineIsInOrderAndKeepsAnEventOnce() {
        String lines =
                view("line-anna", 3_000, 7) + view("line-anna", 1_000, 7) + "nonsense\n\n" + view("line-ben", 2_000, 7);
        JsonNode taken = bring(lines).expect(200).json();
        assertEquals(3, taken.path("added").asInt());
        assertEquals("line 3", taken.path("bad").path(0).path("path").asString());
        assertEquals(0, bring(lines).expect(200).json().path("added").asInt());
        JsonNode line =
                get(Role.VIEWER, "/api/user_events?user=line-anna").expect(200).json();
        assertEquals(2, line.size());
        assertEquals("1970-01-01T00:00:01Z", line.path(0).path("happened_at").asString());
        assertEquals(7, line.path(1).path("event").path("item").asInt());
        assertEquals("view", line.path(1).path("type").asString());
        assertEquals(
                1,
                get(Role.VIEWER, "/api/user_events?user=line-anna&limit=1&to=1970-01-01T00:00:03Z")
                        .json()
                        .size());
        get(Role.VIEWER, "/api/user_events").expect(400);
    }

    @Test
    void aBlankBehindAnIdIsPartOfIt() {
        bring(view("blank-anna", 1_000, 7) + view("blank-anna ", 2_000, 7) + view("blank-anna ", 3_000, 7))
                .expect(200);
        assertEquals(
                1, get(Role.VIEWER, "/api/user_events?user=blank-anna").json().size());
        assertEquals(
                2,
                get(Role.VIEWER, "/api/user_events?user=blank-anna%20").json().size());
    }

    /** A sample that runs while others bring and while old ones go has no event twice, and all that were there. */
    @Test
    void aSampleIsInStepWhateverComesMeanwhile() {
        long begin = Instant.parse("2026-06-01T00:00:00Z").toEpochMilli();
        String lines = IntStream.range(0, 12_000)
                .mapToObj(i -> view("step-" + i % 300, begin + i, i))
                .collect(Collectors.joining());
        bring(lines).expect(200);
        java.util.Map<String, Integer> seen = new java.util.HashMap<>();
        int[] number = {0};
        events.sample(Long.MAX_VALUE / 1_000, event -> {
            if (event.userId().startsWith("step-")) {
                seen.merge(event.event(), 1, Integer::sum);
            }
            if (number[0]++ % 4_000 == 0) {
                // Before all that is still to be read: a place by number would move.
                bring(view("step-meanwhile-" + number[0], begin - 1_000_000 - number[0], 1)
                                + view("step-meanwhile-" + number[0], begin + 500, 1))
                        .expect(200);
            }
        });
        assertEquals(12_000, seen.values().stream().mapToInt(Integer::intValue).sum());
        assertEquals(12_000, seen.size());
    }

    @Test
    void nowIsWhatHasComeWhereALogRunsAheadOfTheClock() {
        long ahead = Instant.parse("2126-05-01T10:00:00Z").toEpochMilli();
        bring(view("ahead-anna", ahead, 7) + view("ahead-anna", ahead + 60_000, 7))
                .expect(200);
        post(Role.EDITOR, "/api/rules", CART.formatted("ahead-cart")).expect(201);
        JsonNode now = get(Role.VIEWER, "/api/explanation?user=ahead-anna&rule=ahead-cart")
                .expect(200)
                .json();
        // Events are kept for a time counted from the latest: these would take those of other tests along.
        rows.forget(Instant.ofEpochMilli(ahead + 60_001), Integer.MAX_VALUE);
        assertEquals(ahead + 60_000, now.path("explanation").path("at").asLong());
        assertEquals(2, now.path("events").asInt());
    }

    @Test
    void aUserIsFoundByTheBeginningOfHisId() {
        bring(view("find-anna", 1_000, 7)
                        + view("find-anna", 2_000, 7)
                        + view("find-ben", 1_000, 7)
                        + view("fin", 1_000, 7)
                        + view("fine", 1_000, 7))
                .expect(200);
        assertEquals(
                "[\"find-anna\",\"find-ben\"]",
                get(Role.VIEWER, "/api/users?beginning=find").expect(200).text());
        assertEquals(
                "[]",
                get(Role.VIEWER, "/api/users?beginning=find-z").expect(200).text());
    }

    @Test
    void anExplanationIsAReplayOfWhatHeDid() {
        long begin = Instant.parse("2026-05-01T10:00:00Z").toEpochMilli();
        String two = view("why-anna", begin, 7) + view("why-anna", begin + 60_000, 7) + view("why-anna", begin + 1, 8);
        bring(two).expect(200);
        post(Role.EDITOR, "/api/rules", CART.formatted("why-cart")).expect(201);
        JsonNode missing = explain("why-anna", "why-cart", "2026-05-01T10:05:00Z");
        assertEquals(
                "verdict.condition",
                missing.path("explanation").path("verdict").path("key").asString());
        assertEquals(3, missing.path("events").asInt());
        assertEquals(0, missing.path("fired").size());
        JsonNode seven = caseOf(missing, 7);
        assertEquals(
                "node.short",
                seven.path("condition").path("message").path("key").asString());
        assertEquals(
                1,
                seven.path("condition")
                        .path("message")
                        .path("with")
                        .path("missing")
                        .asInt());
        // Doing what is missing fires it; at the moment before, it had not.
        bring(view("why-anna", begin + 300_000, 7)).expect(200);
        JsonNode fired = explain("why-anna", "why-cart", "2026-05-01T10:05:00Z");
        assertEquals("[\"2026-05-01T10:05:00Z\"]", fired.path("fired").toString());
        assertEquals(
                0,
                explain("why-anna", "why-cart", "2026-05-01T10:04:59Z")
                        .path("fired")
                        .size());
        // What is behind the window does not count any more.
        JsonNode later = explain("why-anna", "why-cart", "2026-05-02T10:00:00Z");
        assertTrue(later.path("explanation").path("cases").size() <= 1, later.toString());
        assertEquals(
                "verdict.unseen",
                explain("why-nobody", "why-cart", "2026-05-01T10:05:00Z")
                        .path("explanation")
                        .path("verdict")
                        .path("key")
                        .asString());
        get(Role.VIEWER, "/api/explanation?user=a&rule=no-such-rule").expect(404);
    }

    @Test
    void aSampleHasAllEventsOfItsUsers() {
        String lines = IntStream.range(0, 4_000)
                .mapToObj(i -> view("sampled-" + i / 2, 1_000_000 + i, i))
                .collect(Collectors.joining());
        bring(lines).expect(200);
        java.util.Map<String, Integer> perUser = new java.util.HashMap<>();
        Instant[] before = {Instant.MIN};
        double part = events.sample(500, event -> {
            perUser.merge(event.userId(), 1, Integer::sum);
            assertTrue(!event.happenedAt().isBefore(before[0]));
            before[0] = event.happenedAt();
        });
        assertTrue(part > 0 && part < 0.5, "a part of " + part);
        long sampled = perUser.entrySet().stream()
                .filter(user -> user.getKey().startsWith("sampled-"))
                .peek(user -> assertEquals(2, user.getValue(), user.getKey()))
                .count();
        assertTrue(sampled > 20, sampled + " users");
    }

    private JsonNode explain(String user, String rule, String at) {
        return get(Role.VIEWER, "/api/explanation?user=" + user + "&rule=" + rule + "&at=" + at)
                .expect(200)
                .json();
    }

    private static JsonNode caseOf(JsonNode explained, int item) {
        for (JsonNode one : explained.path("explanation").path("cases")) {
            if (one.path("key").path("item").asInt(-1) == item) {
                return one;
            }
        }
        throw new AssertionError("no case of item " + item + ": " + explained);
    }

    private Answer bring(String lines) {
        return send(as(Role.ENGINE, "/engine/events")
                .header("Content-Type", "application/x-ndjson")
                .POST(BodyPublishers.ofString(lines)));
    }

    private static String view(String user, long time, int item) {
        return "{\"user\":\"%s\",\"type\":\"view\",\"time\":%d,\"item\":%d}\n".formatted(user, time, item);
    }
}
