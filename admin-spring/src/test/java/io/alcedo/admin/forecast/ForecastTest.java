package io.alcedo.admin.forecast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.alcedo.admin.ServiceTest;
import io.alcedo.admin.account.Role;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What a rule will probably do, and what can be suggested to whoever writes it. */
class ForecastTest extends ServiceTest {
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
