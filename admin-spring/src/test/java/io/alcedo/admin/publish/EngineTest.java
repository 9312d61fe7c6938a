package io.alcedo.admin.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.alcedo.admin.ServiceTest;
import io.alcedo.admin.account.Role;
import io.alcedo.natives.RuleBook;
import io.alcedo.natives.RuleUpdate;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

/** What jobs fetch and say. */
class EngineTest extends ServiceTest {
    private static final String CHANNEL = "kafka:alcedo-rules";

    @Autowired
    private Reconciliation reconciliation;

    @Autowired
    private OutboxMapper outbox;

    @Autowired
    private RuleSet set;

    @Autowired
    private JdbcTemplate jdbc;

    @Test
    void anUnchangedSetIsNotSentAgainAndAChangeWakesWhoWaits() throws Exception {
        Answer first = get(Role.ENGINE, "/engine/rules").expect(200);
        String etag = first.header("ETag");
        send(as(Role.ENGINE, "/engine/rules").header("If-None-Match", etag)).expect(304);
        CompletableFuture<Answer> waits = CompletableFuture.supplyAsync(
                () -> send(as(Role.ENGINE, "/engine/rules?wait=25").header("If-None-Match", etag)));
        publish("wakes");
        Answer woken = waits.get(20, TimeUnit.SECONDS).expect(200);
        assertNotEquals(etag, woken.header("ETag"));
        assertTrue(woken.text().contains("\"wakes\""));
        // A wait that nothing ends.
        send(as(Role.ENGINE, "/engine/rules?wait=1").header("If-None-Match", woken.header("ETag")))
                .expect(304);
    }

    @Test
    void aRuleIsLiveOnAllWhenAllSaySo() {
        publish("spoken-of");
        for (int subtask = 0; subtask < 3; subtask++) {
            say("three", subtask, 3, "spoken-of", 1, "live", "other");
        }
        say("three", 1, 3, "spoken-of", 1, "waiting", "other");
        JsonNode job = job("spoken-of", "three");
        assertEquals(2, job.path("there").asInt());
        assertEquals(3, job.path("subtasks").asInt());
        assertEquals("waiting", job.path("others").path(0).path("state").asString());

        // It comes back in two subtasks: the third is no longer missed.
        say("three", 1, 2, "spoken-of", 1, "live", "other");
        job = job("spoken-of", "three");
        assertEquals(2, job.path("there").asInt());
        assertEquals(2, job.path("subtasks").asInt());
        assertEquals(204, delete(Role.ADMIN, "/api/jobs/three").status());
        String told =
                get(Role.APPROVER, "/api/audit?subject=job&subject_id=three").text();
        assertTrue(told.contains("job_forgotten"), told);
    }

    @Test
    void aJobIsInStepWhenItsHashIsThatOfWhatIsPublished() {
        publish("hashed");
        try (RuleBook book = RuleBook.open(null)) {
            RuleUpdate all = new RuleUpdate(true, RuleUpdate.AT_START);
            all.document("fetched", get(Role.ENGINE, "/engine/rules").text());
            book.apply(all);
            say("in-step", 0, 1, "hashed", 1, "live", "another");
            assertEquals(false, jobNamed("in-step").path("in_step").asBoolean());
            if (book.audiences().isEmpty()) {
                say("in-step", 0, 1, "hashed", 1, "live", book.hash());
                assertTrue(jobNamed("in-step").path("in_step").asBoolean());
            }
        }
        delete(Role.ADMIN, "/api/jobs/in-step").expect(204);
    }

    @Test
    void whoFallsSilentIsNoLongerCountedAndIsThereAgainWhenHeard() {
        publish("heard");
        for (int subtask = 0; subtask < 2; subtask++) {
            say("falls-silent", subtask, 2, "heard", 1, "live", "other");
            say("no-heartbeats", subtask, 2, "heard", 1, "live", "other");
        }
        beat("falls-silent", 0, 3_600_000);
        beat("falls-silent", 1, 1); // will be heard each ms, says it
        await(() -> job("heard", "falls-silent").path("silent").asInt() == 1);
        JsonNode delivery = job("heard", "falls-silent");
        assertEquals(1, delivery.path("there").asInt(), delivery.toString());
        assertTrue(delivery.path("heard_at").isString(), delivery.toString());
        // An older job never promised to be heard.
        assertEquals(0, job("heard", "no-heartbeats").path("silent").asInt());
        assertEquals(2, job("heard", "no-heartbeats").path("there").asInt());
        JsonNode job = jobNamed("falls-silent");
        assertEquals(1, job.path("silent").asInt(), job.toString());
        assertEquals(false, job.path("in_step").asBoolean());

        beat("falls-silent", 1, 3_600_000);
        assertEquals(0, job("heard", "falls-silent").path("silent").asInt());
        assertEquals(2, job("heard", "falls-silent").path("there").asInt());
        delete(Role.ADMIN, "/api/jobs/falls-silent").expect(204);
        delete(Role.ADMIN, "/api/jobs/no-heartbeats").expect(204);
    }

    @Test
    void whoIsSilentIsNotRepaired() {
        publish("not-repaired");
        say("gone", 0, 1, "not-repaired", 1, "waiting", "other");
        jdbc.update(
                "INSERT INTO outbox_delivery (channel, outbox_id, delivered_at) VALUES (?, ?, 1)",
                CHANNEL,
                outbox.find("not-repaired", 1).id());
        beat("gone", 0, 1);
        await(() -> job("not-repaired", "gone").path("silent").asInt() == 1);
        reconciliation.look();
        reconciliation.look();
        assertNull(outbox.oldestAgain(CHANNEL));
        // It is there again, and lacks the rule: two looks agree.
        beat("gone", 0, 3_600_000);
        reconciliation.look();
        reconciliation.look();
        assertNotNull(outbox.oldestAgain(CHANNEL));
        delete(Role.ADMIN, "/api/jobs/gone").expect(204);
        jdbc.update("DELETE FROM outbox_delivery WHERE channel = ?", CHANNEL);
    }

    @Test
    void aStoppedRuleThatAllKnowOfLeavesTheSetAndTheHashStaysOneOnBothWays() {
        publish("runs-on");
        publish("stopped-for-good");
        post(Role.EDITOR, "/api/rules/stopped-for-good/stop", "{\"version\":2}").expect(200);
        String before = get(Role.ENGINE, "/engine/rules").text();
        assertTrue(before.contains("\"stopped-for-good\""));
        reconciliation.settle();
        assertTrue(get(Role.ENGINE, "/engine/rules").text().contains("\"stopped-for-good\""), "nobody knows yet");
        say("knows", 0, 2, "stopped-for-good", 2, "stopped", "other");
        reconciliation.settle();
        assertTrue(get(Role.ENGINE, "/engine/rules").text().contains("\"stopped-for-good\""), "one of two knows");
        String hash = set.hash();
        say("knows", 1, 2, "stopped-for-good", 2, "stopped", "other");
        reconciliation.settle();
        String after = get(Role.ENGINE, "/engine/rules").text();
        assertFalse(after.contains("\"stopped-for-good\""));
        assertTrue(after.contains("\"runs-on\""));
        assertEquals(hash, set.hash());
        // A job that was told to stop it, one that lacks it from now on, and one that never knew it: they judge by the
        // same.
        assertEquals(hashOf(before), hashOf(before, after));
        assertEquals(hashOf(before), hashOf(after));
        // One that comes back with an older savepoint, where it ran: the set that lacks it stops it.
        String ran = "[" + outbox.find("stopped-for-good", 1).rule() + "]";
        assertEquals(hashOf(after), hashOf(ran, after));

        // It runs again: it is in the set again.
        post(Role.EDITOR, "/api/rules/stopped-for-good/publish", "{\"version\":3}")
                .expect(200);
        assertTrue(get(Role.ENGINE, "/engine/rules").text().contains("\"stopped-for-good\""));
        delete(Role.ADMIN, "/api/jobs/knows").expect(204);
    }

    private static String hashOf(String... sets) {
        try (RuleBook book = RuleBook.open(null)) {
            for (String one : sets) {
                RuleUpdate update = new RuleUpdate(true, RuleUpdate.AT_START);
                update.document("set", one);
                book.apply(update);
            }
            return book.hash();
        }
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + 60_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, "it does not come about");
        }
    }

    private void beat(String job, int subtask, long every) {
        String line = "{\"state\":\"alive\",\"subtask\":" + subtask + ",\"subtasks\":" + (job.equals("gone") ? 1 : 2)
                + ",\"every_ms\":" + every + ",\"rules_hash\":\"other\"}";
        ndjson("/engine/acknowledgements?job=" + job, line).expect(204);
    }

    @Test
    void aBadLineIsNamedAndNoneOfItsBatchIsTaken() {
        String good = line(0, 1, "any", 1, "live", "h");
        Answer refused = ndjson("/engine/acknowledgements?job=bad", good + "\n{\"subtask\":-1}\n")
                .expect(422);
        assertEquals(
                "line 2", refused.json().path("errors").path(0).path("path").asString());
        ndjson("/engine/acknowledgements?job=bad", "nonsense").expect(422);
        get(Role.VIEWER, "/api/jobs")
                .expect(200)
                .json()
                .forEach(job -> assertNotEquals("bad", job.path("job").asString()));
    }

    @Test
    void theOutboxIsTheTableThatChangeCaptureReads() throws IOException {
        String documented = Files.readString(Path.of("../deploy/change-capture/rule_outbox.sql"));
        String table = documented.substring(documented.indexOf("CREATE TABLE")).strip();
        String migration = Files.readString(Path.of("src/main/resources/db/migration/V1__the_first_tables.sql"));
        assertTrue(migration.contains(table));
    }

    private JsonNode job(String rule, String name) {
        for (JsonNode job : get(Role.VIEWER, "/api/rules/" + rule + "/delivery")
                .expect(200)
                .json()
                .path("jobs")) {
            if (job.path("job").asString().equals(name)) {
                return job;
            }
        }
        throw new AssertionError("no job " + name);
    }

    private JsonNode jobNamed(String name) {
        for (JsonNode job : get(Role.VIEWER, "/api/jobs").expect(200).json()) {
            if (job.path("job").asString().equals(name)) {
                return job;
            }
        }
        throw new AssertionError("no job " + name);
    }

    private void say(String job, int subtask, int of, String rule, int revision, String state, String hash) {
        ndjson("/engine/acknowledgements?job=" + job, line(subtask, of, rule, revision, state, hash))
                .expect(204);
    }

    private static String line(int subtask, int of, String rule, int revision, String state, String hash) {
        return "{\"subtask\":" + subtask + ",\"subtasks\":" + of + ",\"rule\":\"" + rule + "\",\"revision\":" + revision
                + ",\"source\":\"http\",\"state\":\"" + state + "\",\"problems\":[],\"rules_hash\":\"" + hash + "\"}";
    }

    private Answer ndjson(String path, String lines) {
        return send(as(Role.ENGINE, path)
                .header("Content-Type", "application/x-ndjson")
                .POST(BodyPublishers.ofString(lines)));
    }

    private void publish(String id) {
        post(
                        Role.EDITOR,
                        "/api/rules",
                        "{\"id\":\"" + id + "\",\"definition\":{\"trigger\":{\"on\":{\"event\":\"order\"}}}}")
                .expect(201);
        post(Role.EDITOR, "/api/rules/" + id + "/publish", "{\"version\":1}").expect(200);
    }
}
