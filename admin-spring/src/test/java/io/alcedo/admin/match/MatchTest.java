package io.alcedo.admin.match;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.alcedo.admin.MortalDataSource;
import io.alcedo.admin.ServiceTest;
import io.alcedo.admin.account.Role;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Matches come at least once, and are there once. */
class MatchTest extends ServiceTest {
    @Autowired
    private MatchIntake intake;

    @Autowired
    private MatchMapper matches;

    @Test
    void aMatchCountsOnceHoweverOftenItComes() {
        String first = lines("once", 0, 700);
        assertEquals("{\"matches\":700,\"added\":700}", bring(first).expect(200).text());
        String more = lines("once", 600, 800) + lines("once", 600, 800);
        assertEquals("{\"matches\":200,\"added\":100}", bring(more).expect(200).text());
        JsonNode page =
                get(Role.VIEWER, "/api/matches?rule=once&limit=2").expect(200).json();
        assertEquals(800, page.path("total").asInt());
        assertEquals("u799", page.path("items").path(0).path("user_id").asString());
        assertEquals(
                "1970-01-01T00:00:00.799Z",
                page.path("items").path(0).path("happened_at").asString());
        String id = page.path("items").path(0).path("match_id").asString();
        JsonNode one = get(Role.VIEWER, "/api/matches/" + id).expect(200).json();
        assertEquals(7, one.path("receipt").path("evidence").path("views").asInt());
        assertEquals(
                1,
                get(Role.VIEWER, "/api/matches?rule=once&user=u3")
                        .json()
                        .path("total")
                        .asInt());
        assertEquals(800, rate("once"));
        String metrics = get(Role.ENGINE, "/actuator/prometheus").expect(200).text();
        assertTrue(metrics.contains("\nalcedo_matches_repeated_total "), metrics);
        get(Role.VIEWER, "/api/matches/nothing").expect(404);
    }

    @Test
    void requestsThatBringTheSameAtTheSameTimeCountOnce() throws Exception {
        ExecutorService requests = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Answer>> same = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                int from = i * 10;
                same.add(() -> bringAgain(lines("racing", from, from + 300)));
            }
            int added = 0;
            for (Future<Answer> answer : requests.invokeAll(same)) {
                added += answer.get().expect(200).json().path("added").asInt();
            }
            assertEquals(370, added);
            assertEquals(370, rate("racing"));
        } finally {
            requests.shutdownNow();
        }
    }

    @Test
    void aBatchWithABadLineIsRefusedWhole() {
        String bad = lines("refused", 0, 3) + "{\"match_id\":\"x\",\"rule\":\"refused\"}\nnonsense\n";
        JsonNode problem = bring(bad).expect(422).json();
        assertEquals("line 4", problem.path("errors").path(0).path("path").asString());
        bring(" ".repeat((16 << 20) + 1)).expect(413);
        assertEquals("line 5", problem.path("errors").path(1).path("path").asString());
        assertEquals(
                0,
                get(Role.VIEWER, "/api/matches?rule=refused")
                        .json()
                        .path("total")
                        .asInt());
    }

    @Test
    void whereverTheServiceDiesABatchIsThereWholeOrNotAtAll() {
        boolean survived = false;
        int deaths = 0;
        for (int calls = 1; !survived; calls++) {
            String rule = "killed-" + calls;
            String batch = lines(rule, 0, 5);
            survived = MortalDataSource.survives(calls, calls % 2 == 0, () -> intake.take(batch));
            deaths += survived ? 0 : 1;
            int there = get(Role.VIEWER, "/api/matches?rule=" + rule)
                    .json()
                    .path("total")
                    .asInt();
            assertTrue(there == 0 || there == 5, rule + " has " + there);
            assertEquals(there, rate(rule));
            bring(batch).expect(200);
            assertEquals(5, rate(rule));
        }
        assertTrue(deaths >= 4, "only " + deaths + " places to die at");
    }

    @Test
    void whoLooksOnIsToldAndAFloodIsCounted() throws IOException, InterruptedException {
        HttpResponse<java.io.InputStream> answer = HttpClient.newHttpClient()
                .send(
                        as(Role.VIEWER, "/api/match_stream?rule=watched").build(),
                        HttpResponse.BodyHandlers.ofInputStream());
        assertEquals(200, answer.statusCode());
        try (BufferedReader in = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            assertEquals(":here", in.readLine()); // from here on it hears everything
            bring(lines("unwatched", 0, 5) + lines("watched", 0, 120)).expect(200);
            int shown = 0;
            int more = 0;
            while (shown + more < 120) {
                String line = in.readLine();
                if (line.startsWith("event:match")) {
                    shown++;
                    assertEquals(
                            "watched",
                            json.readTree(in.readLine().substring(5))
                                    .path("rule_id")
                                    .asString());
                } else if (line.startsWith("event:more")) {
                    more += json.readTree(in.readLine().substring(5))
                            .path("matches")
                            .asInt();
                }
            }
            assertEquals(120, shown + more);
            assertTrue(shown > 0 && more > 0, shown + " shown, " + more + " more");
        }
    }

    @Test
    void whatIsOlderThanIsKeptGoes() {
        Match old = new Match(
                0,
                "f".repeat(32),
                "old",
                1,
                "anna",
                Instant.EPOCH,
                Instant.now().minus(31, ChronoUnit.DAYS),
                "{}");
        Match young = new Match(0, "e".repeat(32), "old", 1, "anna", Instant.EPOCH, Instant.now(), "{}");
        matches.insertAll(List.of(old, young));
        intake.forget();
        assertEquals(null, matches.find(old.matchId()));
        assertEquals("old", matches.find(young.matchId()).ruleId());
    }

    private long rate(String rule) {
        String from = Instant.now().minus(3, ChronoUnit.HOURS).toString();
        long sum = 0;
        for (JsonNode minute : get(Role.VIEWER, "/api/match_rates?rule=" + rule + "&from=" + from)
                .expect(200)
                .json()) {
            sum += minute.path("matches").asLong();
        }
        return sum;
    }

    private Answer bring(String lines) {
        return send(as(Role.ENGINE, "/engine/matches")
                .header("Content-Type", "application/x-ndjson")
                .POST(BodyPublishers.ofString(lines)));
    }

    /** As a job does: what is answered with 429 is sent again. */
    private Answer bringAgain(String lines) {
        Answer answer = bring(lines);
        while (answer.status() == 429) {
            answer = bring(lines);
        }
        return answer;
    }

    private static String lines(String rule, int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i ->
                        "{\"match_id\":\"%08x%024x\",\"rule\":\"%s\",\"revision\":1,\"user\":\"u%d\",\"time\":%d,\"occurrence\":1,\"key\":null,\"cause\":{},\"evidence\":{\"views\":7}}\n"
                                .formatted(rule.hashCode(), i, rule, i, i))
                .collect(Collectors.joining());
    }
}
