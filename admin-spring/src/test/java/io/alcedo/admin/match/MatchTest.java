package io.alcedo.admin.match;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.alcedo.admin.MortalDataSource;
import io.alcedo.admin.ServiceTest;
import io.alcedo.admin.account.Role;
import io.alcedo.admin.intake.GroupCommit;
import io.alcedo.admin.intake.IntakePlaces;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import tools.jackson.databind.JsonNode;

/** Matches come at least once, and are there once. */
class MatchTest extends ServiceTest {
    @Autowired
    private MatchIntake intake;

    @Autowired
    private MatchMapper matches;

    @Autowired
    private MatchTable table;

    @Autowired
    private IntakePlaces places;

    @Autowired
    private PlatformTransactionManager transactions;

    @Autowired
    private JdbcTemplate jdbc;

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
        int deaths = 0;
        for (boolean afterwards : new boolean[] {false, true}) {
            boolean survived = false;
            for (int calls = 1; !survived; calls++) {
                String rule = "killed-" + calls + afterwards;
                survived = MortalDataSource.survives(calls, afterwards, () -> write(rule, 5));
                deaths += survived ? 0 : 1;
                int there = get(Role.VIEWER, "/api/matches?rule=" + rule)
                        .json()
                        .path("total")
                        .asInt();
                assertTrue(there == 0 || there == 5, rule + " has " + there);
                assertEquals(there, rate(rule));
                bring(lines(rule, 0, 5)).expect(200);
                assertEquals(5, rate(rule));
            }
        }
        // The rows, their count, the commit; before and after each.
        assertTrue(deaths >= 6, "only " + deaths + " places to die at");
    }

    /** As the service does, by a writer that lives as long as the calling thread may. */
    private void write(String rule, int number) {
        GroupCommit<Match> writer = new GroupCommit<>("mortal", table, MortalDataSource.sharing(transactions));
        writer.start();
        try {
            writer.take(rows(rule, 0, number)).join();
        } finally {
            writer.stop();
        }
    }

    @Test
    void twoInstancesInTheFirstMinuteOfARuleCountAll() throws Exception {
        for (int round = 0; round < 10; round++) {
            String rule = "minute-" + round;
            List<GroupCommit<Match>> instances = List.of(
                    new GroupCommit<>("one", table, transactions), new GroupCommit<>("other", table, transactions));
            instances.forEach(GroupCommit::start);
            List<CompletableFuture<List<Match>>> answers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                // Each brings half of what the one before brought.
                answers.add(instances.get(i % 2).take(rows(rule, i * 10, i * 10 + 20)));
            }
            int added = 0;
            for (CompletableFuture<List<Match>> answer : answers) {
                added += answer.get().size();
            }
            instances.forEach(GroupCommit::stop);
            assertEquals(90, added);
            assertEquals(90, rate(rule));
        }
    }

    @Test
    void whereThereIsNoPlaceItIs429AtOnceAndNothingIsLost() throws IOException {
        String batch = lines("forced", 0, 50);
        List<Long> taken = new ArrayList<>();
        for (long bytes = 1 << 30; bytes > 0; bytes /= 2) {
            while (places.take(bytes)) {
                taken.add(bytes);
            }
        }
        try {
            Answer refused = bring(batch).expect(429);
            assertEquals("1", refused.header("Retry-After"));
            assertEquals("busy", refused.json().path("code").asString());
            // Before a byte of the body is read: here none is sent.
            assertEquals(429, headersAlone("/engine/matches", Role.ENGINE));
            assertEquals(429, headersAlone("/engine/events", Role.ENGINE));
            // A stranger is told so, and takes no place.
            assertEquals(403, headersAlone("/engine/matches", Role.VIEWER));
            get(Role.VIEWER, "/api/matches?rule=forced").expect(200);
        } finally {
            taken.forEach(places::give);
        }
        assertEquals("{\"matches\":50,\"added\":50}", bring(batch).expect(200).text());
        assertEquals(50, rate("forced"));
        // All places came back.
        assertTrue(places.take(16 << 20));
        places.give(16 << 20);
    }

    @Test
    void aListGoesOnBehindItsLastWhateverComesMeanwhile() {
        // Ten of each moment, so that the id decides.
        for (int part = 0; part < 3; part++) {
            bring(sameMoments("paged", part * 100, part * 100 + 100)).expect(200);
        }
        for (String filter : List.of(
                "rule=paged",
                "rule=paged&user=paged",
                "user=paged",
                "from=2100-01-01T00:00:00Z",
                "from=2100-01-01T00:00:00Z&order=received")) {
            List<String> seen = new ArrayList<>();
            String before = "";
            while (before != null) {
                JsonNode page = get(Role.VIEWER, "/api/matches?limit=73&" + filter + before)
                        .expect(200)
                        .json();
                page.path("items")
                        .forEach(match -> seen.add(match.path("match_id").asString()));
                String next = page.path("next").asString(null);
                before = next == null ? null : "&before=" + next;
                bring(sameMoments("paged", 1_000 + seen.size(), 1_001 + seen.size()))
                        .expect(200);
            }
            assertEquals(seen.size(), seen.stream().distinct().count(), filter);
            assertTrue(seen.size() >= 300, filter + ": " + seen.size());
        }
        get(Role.VIEWER, "/api/matches?before=x").expect(400);
        get(Role.VIEWER, "/api/matches?before=9999999999999999999_1").expect(400);
        get(Role.VIEWER, "/api/matches?offset=10000").expect(400);
    }

    @Test
    void whatCameLastIsOnTopWhateverItsClockSays() {
        bring(line("ahead", 1, "u1", 253_000_000_000_000L)).expect(200);
        bring(line("on-time", 1, "u1", 1_700_000_000_000L)).expect(200);
        assertEquals("on-time", first("order=received"));
        assertEquals("ahead", first("order=happened"));
        assertEquals("ahead", first("user=u1&from=2100-01-01T00:00:00Z"));
        for (String filter : List.of("rule=ahead", "user=u1")) {
            JsonNode problem = get(Role.VIEWER, "/api/matches?order=received&" + filter)
                    .expect(400)
                    .json();
            assertEquals("order", problem.path("errors").path(0).path("path").asString());
        }
        get(Role.VIEWER, "/api/matches?order=sideways").expect(400);
    }

    private String first(String filter) {
        JsonNode page = get(Role.VIEWER, "/api/matches?limit=1&" + filter).json();
        return page.path("items").path(0).path("rule_id").asString();
    }

    @Test
    void whatIsToldOfTheirNumberStopsWhereCountingWouldBeSlow() {
        table.insert(List.copyOf(rows("many", 0, MatchPage.COUNTED).values()));
        JsonNode all = get(Role.VIEWER, "/api/matches?rule=many&limit=1").json();
        assertEquals(MatchPage.COUNTED, all.path("total").asInt());
        assertEquals(false, all.path("more").asBoolean());
        bring(lines("many", MatchPage.COUNTED, MatchPage.COUNTED + 1)).expect(200);
        JsonNode more = get(Role.VIEWER, "/api/matches?rule=many&limit=1").json();
        assertEquals(MatchPage.COUNTED, more.path("total").asInt());
        assertEquals(true, more.path("more").asBoolean());
    }

    /** No list sorts what it finds: the first page of a table of any size reads a page. */
    @Test
    void listsAreReadInTheOrderOfAnIndex() {
        assumeH2();
        for (String order : List.of(
                "happened_at DESC, id DESC",
                "rule_id, happened_at DESC, id DESC",
                "user_id, happened_at DESC, id DESC")) {
            String column = order.split("[ ,]")[0];
            String where = column.equals("happened_at") ? "" : " WHERE " + column + " = 'x'";
            String plan = jdbc.queryForObject(
                    "EXPLAIN SELECT * FROM rule_match" + where + " ORDER BY " + order + " LIMIT 50", String.class);
            assertTrue(plan.contains("index sorted"), plan);
        }
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
        Match old = new Match(0, "f".repeat(32), "old", 1, "anna", Instant.EPOCH, Instant.now(), "{}");
        Match young = new Match(0, "e".repeat(32), "old", 1, "anna", Instant.EPOCH, Instant.now(), "{}");
        table.insert(List.of(old, young));
        // It came first of all that is there.
        Instant longAgo = Instant.now().minus(31, ChronoUnit.DAYS);
        jdbc.update(
                "UPDATE rule_match SET id = 0 - id, received_at = ? WHERE match_id = ?",
                longAgo.toEpochMilli(),
                old.matchId());
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

    /** The status that is answered with before any body is there. */
    private int headersAlone(String path, Role role) throws IOException {
        HttpRequest request = as(role, path).build();
        String token = request.headers().firstValue("Authorization").orElseThrow();
        try (Socket socket = new Socket(request.uri().getHost(), request.uri().getPort())) {
            socket.setSoTimeout(120_000);
            String head = "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: " + token
                    + "\r\nContent-Type: application/x-ndjson\r\nContent-Length: 1000000\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            return Integer.parseInt(in.readLine().split(" ")[1]);
        }
    }

    private void assumeH2() {
        Assumptions.assumeTrue(
                Boolean.TRUE.equals(jdbc.execute((ConnectionCallback<Boolean>)
                        connection -> connection.getMetaData().getURL().startsWith("jdbc:h2:"))),
                "its plans are H2's");
    }

    private Map<String, Match> rows(String rule, int from, int to) {
        return lines(rule, from, to)
                .lines()
                .map(line -> {
                    try {
                        return intake.read(line, Instant.now());
                    } catch (MatchIntake.NoMatchException e) {
                        throw new IllegalArgumentException(e);
                    }
                })
                .collect(Collectors.toMap(Match::matchId, match -> match));
    }

    /** Ten of each moment, all of one user, after all others in time. */
    private static String sameMoments(String rule, int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> line(rule, i, rule, 5_000_000_000_000L + i / 10))
                .collect(Collectors.joining());
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
                .mapToObj(i -> line(rule, i, "u" + i, i))
                .collect(Collectors.joining());
    }

    private static String line(String rule, int number, String user, long time) {
        return "{\"match_id\":\"%08x%024x\",\"rule\":\"%s\",\"revision\":1,\"user\":\"%s\",\"time\":%d,\"occurrence\":1,\"key\":null,\"cause\":{},\"evidence\":{\"views\":7}}\n"
                .formatted(rule.hashCode(), number, rule, user, time);
    }
}
