package io.alcedo.admin.backtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.alcedo.admin.ServiceTest;
import io.alcedo.admin.account.Role;
import io.alcedo.admin.replay.ReplayException;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Rules tried on logs. */
class BacktestTest extends ServiceTest {
    private static final long BEGIN = 1_700_000_000_000L;

    /** Three views of anything within 10 min fire, once a day; 20 users view 4 times, every second in the audience. */
    private static final String RULE = """
            "audience":{"id":"backtest-even"},"measures":{"views":{"count":{"event":"view"},"window":{"last":"10m"}}},
            "when":{"ge":[{"measure":"views"},%d]},"trigger":{"on":{"event":"view"}},"limits":[{"times":1,"per":"day"}]""";

    @Autowired
    private BacktestRun run;

    @Test
    void aFunnelIsWhatTheEngineFindsOnALogInAnyOrder() {
        members();
        long set = upload();
        JsonNode begun =
                start("{\"rule\":\"funnel\",\"data_set\":%d,\"definition\":{%s}}".formatted(set, RULE.formatted(3)));
        JsonNode result = finished(begun).path("result");
        assertEquals(20, result.path("users").asInt());
        assertEquals(81, result.path("events").asInt());
        JsonNode funnel = result.path("funnel");
        assertEquals("audience 10 10", step(funnel, 0));
        assertEquals("judged 10 40", step(funnel, 1));
        assertEquals("held 10 20", step(funnel, 2));
        assertEquals("fired 10 10", step(funnel, 3));
        assertEquals(10, funnel.path(3).path("examples").size());
        assertEquals(
                "2023-11-14T22:15:20Z",
                funnel.path(3).path("examples").path(0).path("at").asString());
        assertTrue(result.path("comparison").isNull());
    }

    @Test
    void revisionsAreComparedMatchByMatch() {
        members();
        post(Role.EDITOR, "/api/rules", "{\"id\":\"compared\",\"definition\":{%s}}".formatted(RULE.formatted(4)))
                .expect(201);
        post(
                        Role.EDITOR,
                        "/api/rules/compared/revisions",
                        "{\"version\":1,\"definition\":{%s}}"
                                .formatted(RULE.formatted(3)
                                        .replace("\"limits\":[{\"times\":1,\"per\":\"day\"}]", "\"limits\":[]")))
                .expect(201);
        JsonNode begun = start("{\"rule\":\"compared\",\"data_set\":%d,\"compare_with\":1}".formatted(upload()));
        JsonNode done = finished(begun);
        JsonNode comparison = done.path("result").path("comparison");
        assertEquals(10, comparison.path("both").asInt(), done.toString());
        assertEquals(10, comparison.path("only_new").asInt());
        assertEquals(0, comparison.path("only_old").asInt());
        assertEquals(10, comparison.path("new_examples").size());
    }

    @Test
    void whatIsWrongIsToldBeforeItBegins() {
        post(Role.EDITOR, "/api/backtests", "{\"rule\":\"x\",\"definition\":{\"when\":1}}")
                .expect(422);
        post(Role.EDITOR, "/api/backtests", "{\"rule\":\"no-such-rule\"}").expect(404);
        post(Role.EDITOR, "/api/backtests", "{\"rule\":\"x\",\"data_set\":99999,\"definition\":{}}")
                .expect(404);
        send(as(Role.EDITOR, "/api/data_sets?name=bad")
                        .header("Content-Type", "application/x-ndjson")
                        .POST(BodyPublishers.ofString("nonsense\n{}\n")))
                .expect(422);
        JsonNode failed = finished(start(
                "{\"rule\":\"lost\",\"data_set\":%d,\"definition\":{\"audience\":{\"id\":\"nobody-knows\"},\"trigger\":{\"on\":{\"event\":\"view\"}}}}"
                        .formatted(upload())));
        assertEquals("failed", failed.path("state").asString());
        assertTrue(failed.path("failure").asString().contains("nobody-knows"), failed.toString());
    }

    @Test
    void itEndsWhenItIsCancelledOrTakesTooLong() {
        long set = upload();
        BacktestRequest wanted = new BacktestRequest(
                "ended", json.readTree("{\"trigger\":{\"on\":{\"event\":\"view\"}}}"), null, set, null, null);
        Progress cancelled = new Progress(1, Duration.ofHours(1));
        cancelled.cancel();
        assertThrows(Progress.CancelledException.class, () -> run.run(wanted, cancelled));
        Progress late = new Progress(1, Duration.ofNanos(1));
        assertThrows(ReplayException.class, () -> run.run(wanted, late));

        JsonNode done = finished(
                start("{\"rule\":\"ended\",\"data_set\":%d,\"definition\":{\"trigger\":{\"on\":{\"event\":\"view\"}}}}"
                        .formatted(set)));
        assertEquals("done", done.path("state").asString());
        assertEquals(1.0, done.path("progress").asDouble());
        // One that has ended stays as it is.
        JsonNode after = post(Role.EDITOR, "/api/backtests/" + done.path("id") + "/cancel", "")
                .expect(200)
                .json();
        assertEquals("done", after.path("state").asString());
        delete(Role.EDITOR, "/api/data_sets/" + set).expect(204);
        delete(Role.EDITOR, "/api/data_sets/" + set).expect(204);
        String told = get(Role.APPROVER, "/api/audit?subject=data_set&subject_id=" + set)
                .expect(200)
                .text();
        assertTrue(told.contains("data_set_added") && told.contains("data_set_removed"), told);
        assertEquals(2, json.readTree(told).path("total").asInt());
    }

    private void members() {
        StringBuilder even = new StringBuilder();
        for (int user = 0; user < 20; user += 2) {
            even.append("bt-").append(user).append('\n');
        }
        send(as(Role.EDITOR, "/api/audiences/backtest-even/members")
                        .header("Content-Type", "text/csv")
                        .PUT(BodyPublishers.ofString(even.toString())))
                .expect(200);
    }

    /** The latest first, and one line that is none. */
    private long upload() {
        StringBuilder lines = new StringBuilder("nonsense\n");
        lines.append("{\"user\":\"bt-1\",\"type\":\"other\",\"time\":")
                .append(BEGIN)
                .append("}\n");
        for (int view = 3; view >= 0; view--) {
            for (int user = 0; user < 20; user++) {
                lines.append(
                        "{\"user\":\"bt-%d\",\"type\":\"view\",\"time\":%d}\n".formatted(user, BEGIN + view * 60_000));
            }
        }
        JsonNode set = send(as(Role.EDITOR, "/api/data_sets?name=views")
                        .header("Content-Type", "application/x-ndjson")
                        .POST(BodyPublishers.ofString(lines.toString())))
                .expect(201)
                .json();
        assertEquals(81, set.path("events").asInt());
        assertEquals(1, set.path("bad").asInt());
        return set.path("id").asLong();
    }

    private JsonNode start(String body) {
        return post(Role.EDITOR, "/api/backtests", body).expect(202).json();
    }

    private JsonNode finished(JsonNode begun) {
        JsonNode now = begun;
        while (now.path("ended_at").isNull() || now.path("ended_at").isMissingNode()) {
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
            now = get(Role.VIEWER, "/api/backtests/" + begun.path("id"))
                    .expect(200)
                    .json();
        }
        return now;
    }

    private static String step(JsonNode funnel, int i) {
        JsonNode step = funnel.path(i);
        return step.path("step").asString() + " " + step.path("users") + " " + step.path("times");
    }
}
