package io.alcedo.admin.forecast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.alcedo.admin.ServiceTest;
import io.alcedo.admin.account.Role;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

/** What a rule will probably do, and what can be suggested to whoever writes it. */
class ForecastTest extends ServiceTest {
    @Autowired
    private JdbcTemplate jdbc;

    private static final long BEGIN = 1_800_000_000_000L;

    @Test
    void aForecastIsWhatTheSampleDid() {
        StringBuilder lines = new StringBuilder();
        for (int user = 0; user < 10; user++) {
            for (int step = 0; step <= user % 3; step++) {
                lines.append(
                        "{\"user\":\"fc-%d\",\"type\":\"forecast_view\",\"time\":%d,\"shop\":{\"city\":\"Hangzhou\"}}\n"
                                .formatted(user, BEGIN + step * 1_800_000L));
            }
        }
        send(as(Role.ENGINE, "/engine/events")
                        .header("Content-Type", "application/x-ndjson")
                        .POST(BodyPublishers.ofString(lines.toString())))
                .expect(200);
        send(as(Role.EDITOR, "/api/audiences/forecast-five/members")
                        .header("Content-Type", "text/csv")
                        .PUT(BodyPublishers.ofString("fc-1\nfc-2\nfc-3\nfc-5\nfc-99\n")))
                .expect(200);
        String rule = """
                {"audience":{"id":"forecast-five"},"measures":{"views":{"count":{"event":"forecast_view"}}},
                "when":{"ge":[{"measure":"views"},3]},"trigger":{"on":{"event":"forecast_view"}}}""";
        JsonNode forecast = post(Role.EDITOR, "/api/forecast", "{\"definition\":" + rule + "}")
                .expect(200)
                .json();
        assertEquals(5, forecast.path("audience").asInt());
        assertEquals(1.0, forecast.path("sample").path("share").asDouble());
        JsonNode fired = forecast.path("funnel").path(3);
        assertEquals("fired", fired.path("step").asString());
        assertEquals(2, fired.path("times").asInt(), forecast.toString()); // fc-2 and fc-5
        assertTrue(forecast.path("matches_per_hour").asDouble() > 0);
        assertTrue(forecast.path("state_bytes").asLong() > 0, forecast.toString());
        JsonNode condition = forecast.path("conditions").path(0);
        assertEquals("/when", condition.path("path").asString());
        assertEquals(2, condition.path("hold").asInt(), forecast.toString());
        assertEquals(2, condition.path("begun").asInt(), forecast.toString()); // fc-1 and fc-3
        post(Role.EDITOR, "/api/forecast", "{\"definition\":{\"when\":1}}").expect(422);

        assertEquals(
                "[{\"name\":\"Hangzhou\",\"times\":19}]",
                get(Role.VIEWER, "/api/seen/values?event=forecast_view&property=shop.city")
                        .expect(200)
                        .text());
        assertTrue(get(Role.VIEWER, "/api/seen/properties?event=forecast_view")
                .expect(200)
                .text()
                .contains("\"shop.city\""));
        assertTrue(get(Role.VIEWER, "/api/seen/events").expect(200).text().contains("forecast_view"));
    }

    @Test
    void whatWasExpectedIsKeptAndComparedWithWhatComes() throws InterruptedException {
        send(as(Role.ENGINE, "/engine/events")
                        .header("Content-Type", "application/x-ndjson")
                        .POST(BodyPublishers.ofString("""
                                {"user":"fk-1","type":"kept_view","time":%d}
                                {"user":"fk-1","type":"kept_view","time":%d}
                                """.formatted(BEGIN, BEGIN + 7_200_000))))
                .expect(200);
        post(Role.EDITOR, "/api/rules", """
                {"id":"kept-forecast","definition":{"measures":{"views":{"count":{"event":"kept_view"}}},
                "when":{"ge":[{"measure":"views"},1]},"trigger":{"on":{"event":"kept_view"}}}}""").expect(201);
        assertEquals(
                "[]",
                get(Role.VIEWER, "/api/rules/kept-forecast/forecasts")
                        .expect(200)
                        .text());
        get(Role.VIEWER, "/api/rules/no-such-rule/forecasts").expect(404);
        JsonNode rule = post(Role.EDITOR, "/api/rules/kept-forecast/publish", "{\"version\":1}")
                .expect(200)
                .json();
        JsonNode kept = awaitForecasts(list -> list.size() == 1).path(0);
        assertEquals(1, kept.path("revision").asInt());
        assertTrue(kept.path("matches_per_hour").asDouble() > 0, kept.toString());
        assertTrue(kept.path("state_bytes").asLong() > 0, kept.toString());
        assertTrue(kept.path("ended_at").isNull(), kept.toString());

        // As if its events had gone on for ten hours, far beyond those of all other tests.
        Instant last = Instant.parse("2200-01-01T00:00:00Z");
        jdbc.update(
                "UPDATE rule_forecast SET sample_ended_at = ? WHERE rule_id = 'kept-forecast'",
                last.minus(Duration.ofHours(10)).toEpochMilli());
        for (int i = 0; i < 80; i++) {
            jdbc.update(
                    "INSERT INTO rule_match (match_id, rule_id, revision, user_id, happened_at, received_at, body)"
                            + " VALUES (?, 'kept-forecast', 1, 'fk-1', ?, 0, '{}')",
                    "%032x".formatted(0xfc0000 + i),
                    last.minusSeconds(i).toEpochMilli());
        }
        JsonNode observed = get(Role.VIEWER, "/api/rules/kept-forecast/forecasts")
                .json()
                .path(0)
                .path("observed");
        assertEquals(80, observed.path("matches").asInt());
        assertEquals(8.0, observed.path("matches_per_hour").asDouble(), 0.001);

        post(Role.EDITOR, "/api/rules/kept-forecast/pause", "{\"version\":" + rule.path("version") + "}")
                .expect(200);
        awaitForecasts(list -> !list.path(0).path("ended_at").isNull());
        jdbc.update("DELETE FROM rule_match WHERE rule_id = 'kept-forecast'");
    }

    private JsonNode awaitForecasts(Predicate<JsonNode> enough) throws InterruptedException {
        for (int i = 0; i < 600; i++) {
            JsonNode list = get(Role.VIEWER, "/api/rules/kept-forecast/forecasts")
                    .expect(200)
                    .json();
            if (enough.test(list)) {
                return list;
            }
            Thread.sleep(100);
        }
        throw new AssertionError("nothing came in a minute");
    }

    @Test
    void tagsThatUsersHaveAreSuggested() {
        send(as(Role.EDITOR, "/api/tags")
                        .header("Content-Type", "application/x-ndjson")
                        .POST(BodyPublishers.ofString("""
                                {"user":"ft-1","ft_level":"gold","ft_likes":["milk","tea"]}
                                {"user":"ft-2","ft_level":"gold","ft_likes":["tea"]}
                                {"user":"ft-3","ft_level":"blue","ft_likes":null}
                                """)))
                .expect(200);
        String names = get(Role.VIEWER, "/api/seen/tags").expect(200).text();
        assertTrue(names.contains("{\"name\":\"ft_level\",\"users\":3}"), names);
        assertTrue(names.contains("{\"name\":\"ft_likes\",\"users\":2}"), names);
        assertTrue(!names.contains("\"user\""), names);
        assertEquals(
                "[{\"name\":\"tea\",\"users\":2},{\"name\":\"milk\",\"users\":1}]",
                get(Role.VIEWER, "/api/seen/tag_values?tag=ft_likes")
                        .expect(200)
                        .text());
        assertEquals(
                "[{\"name\":\"gold\",\"users\":2},{\"name\":\"blue\",\"users\":1}]",
                get(Role.VIEWER, "/api/seen/tag_values?tag=ft_level")
                        .expect(200)
                        .text());
    }

    @Test
    void namesForScreensAreKeptAndAudited() {
        String name = "{\"kind\":\"event\",\"name\":\"forecast_view\",\"en\":\"viewed\",\"zh\":\"%s\"}";
        put(Role.EDITOR, "/api/display_names", name.formatted("看")).expect(204);
        put(Role.EDITOR, "/api/display_names", name.formatted("浏览")).expect(204);
        String expected = name.formatted("浏览");
        assertTrue(get(Role.VIEWER, "/api/display_names").expect(200).text().contains(expected));
        assertEquals(
                2,
                get(Role.APPROVER, "/api/audit?subject=display_name&subject_id=event%20forecast_view")
                        .json()
                        .path("total")
                        .asInt());
        delete(Role.EDITOR, "/api/display_names?kind=event&name=forecast_view").expect(204);
        // Again: nothing changes, and nothing more is told of it.
        delete(Role.EDITOR, "/api/display_names?kind=event&name=forecast_view").expect(204);
        assertEquals(
                3,
                get(Role.APPROVER, "/api/audit?subject=display_name&subject_id=event%20forecast_view")
                        .json()
                        .path("total")
                        .asInt());
        assertEquals("[]", get(Role.VIEWER, "/api/display_names").text());
    }
}
