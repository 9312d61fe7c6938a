package io.alcedo.admin.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.alcedo.admin.MortalDataSource;
import io.alcedo.admin.ServiceTest;
import io.alcedo.admin.account.Actor;
import io.alcedo.admin.account.Role;
import io.alcedo.admin.rule.PublishingService;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/** The service dies at every single call to its database, before it and after it: nothing is lost, nothing is half. */
class KilledAnywhereTest extends ServiceTest {
    private static final Actor LI = new Actor("li", Role.EDITOR, null, 0);

    @Autowired
    private PublishingService publishing;

    @Autowired
    private OutboxMapper outbox;

    @Autowired
    private PublicationMapper publications;

    @Autowired
    private TransactionTemplate transaction;

    @Test
    void aPublicationIsWholeOrNotAtAll() {
        int deaths = 0;
        for (boolean afterwards : new boolean[] {false, true}) {
            boolean survived = false;
            for (int calls = 1; !survived; calls++) {
                String id = "killed-" + afterwards + "-" + calls;
                create(id);
                survived = MortalDataSource.survives(
                        calls, afterwards, () -> publishing.publish(id, 1, null, false, "", LI));
                deaths += survived ? 0 : 1;
                assertWhole(id, survived);
                // Whoever comes after the death can go on.
                JsonNode rule = get(Role.VIEWER, "/api/rules/" + id).json();
                if (rule.path("state").asString().equals("draft")) {
                    post(Role.EDITOR, "/api/rules/" + id + "/publish", seen(rule))
                            .expect(200);
                }
                assertWhole(id, true);
            }
        }
        assertTrue(deaths >= 20, "only " + deaths + " places to die at");
    }

    /** The same where it has an audience and a second person agreed: the audience is kept if, and only if, it runs. */
    @Test
    void aPublicationWithAnAudienceAndApprovalIsWholeOrNotAtAll() {
        post(Role.ADMIN, "/api/workspaces", "{\"id\":\"killed\",\"name\":\"Killed\",\"approval_required\":true}")
                .expect(201);
        int deaths = 0;
        for (boolean afterwards : new boolean[] {false, true}) {
            boolean survived = false;
            for (int calls = 1; !survived; calls++) {
                String id = "killed-with-audience-" + afterwards + "-" + calls;
                JsonNode rule = approved(id);
                int version = rule.path("version").asInt();
                survived = MortalDataSource.survives(
                        calls, afterwards, () -> publishing.publish(id, version, null, false, "", LI));
                deaths += survived ? 0 : 1;
                assertAudience(id);
                rule = get(Role.VIEWER, "/api/rules/" + id).json();
                if (!rule.path("state").asString().equals("live")) {
                    assertFalse(survived, id);
                    post(Role.EDITOR, "/api/rules/" + id + "/publish", seen(rule))
                            .expect(200);
                }
                assertAudience(id);
            }
        }
        assertTrue(deaths >= 30, "only " + deaths + " places to die at");
    }

    private JsonNode approved(String id) {
        String profile = "{\"eq\":[{\"tag\":\"city\"},\"" + id + "\"]}";
        post(
                        Role.EDITOR,
                        "/api/rules",
                        "{\"id\":\"" + id
                                + "\",\"workspace\":\"killed\",\"definition\":{\"trigger\":{\"on\":{\"event\":"
                                + "\"order\"}},\"audience\":{\"id\":\"" + id + "\",\"profile\":" + profile + "}}}")
                .expect(201);
        JsonNode rule = get(Role.VIEWER, "/api/rules/" + id).json();
        rule = post(Role.EDITOR, "/api/rules/" + id + "/submit", seen(rule))
                .expect(200)
                .json();
        return post(Role.ADMIN, "/api/rules/" + id + "/approve", seen(rule))
                .expect(200)
                .json();
    }

    private void assertAudience(String id) {
        boolean live = get(Role.VIEWER, "/api/rules/" + id)
                .json()
                .path("state")
                .asString()
                .equals("live");
        assertEquals(live, outbox.find(id, 1) != null, id + ": state and outbox differ");
        assertEquals(live, publications.find(id) != null, id + ": state and complete set differ");
        int audience = get(Role.VIEWER, "/api/audiences/" + id).status();
        assertEquals(live ? 200 : 404, audience, id + ": state and audience differ");
        String fetched = get(Role.ENGINE, "/engine/audiences").text();
        assertEquals(live, fetched.contains(id + " sha256:"), id + ": state and what jobs fetch differ");
    }

    private void assertWhole(String id, boolean certainlyLive) {
        JsonNode rule = get(Role.VIEWER, "/api/rules/" + id).json();
        boolean live = rule.path("state").asString().equals("live");
        assertTrue(live || !certainlyLive, id);
        assertEquals(live ? 1 : 0, rule.path("running_revision").asInt(0), id);
        assertEquals(live, outbox.find(id, 1) != null, id + ": state and outbox differ");
        assertEquals(live, publications.find(id) != null, id + ": state and complete set differ");
        boolean fetched = get(Role.ENGINE, "/engine/rules").text().contains("\"" + id + "\"");
        assertEquals(live, fetched, id + ": state and what jobs fetch differ");
        long entries = get(Role.APPROVER, "/api/audit?subject=rule&subject_id=" + id)
                .json()
                .path("total")
                .asLong();
        assertEquals(live ? 2 : 1, entries, id + ": state and audit differ");
    }

    @Test
    void everyRowIsSentAndTheLastOneOfARuleIsItsNewest() {
        // One channel for all: on a new one everything that was ever published would be on its way again.
        Topic topic = new Topic("test:relayed");
        OutboxRelay relay = new OutboxRelay(outbox, publications, transaction, topic, Clock.systemUTC());
        relay.deliver();
        for (boolean afterwards : new boolean[] {false, true}) {
            boolean survived = false;
            for (int calls = 1; !survived; calls++) {
                String id = "relayed-" + afterwards + "-" + calls;
                create(id);
                JsonNode rule = post(Role.EDITOR, "/api/rules/" + id + "/publish", "{\"version\":1}")
                        .expect(200)
                        .json();
                post(Role.EDITOR, "/api/rules/" + id + "/pause", seen(rule)).expect(200);
                survived = MortalDataSource.survives(calls, afterwards, relay::deliver);
                relay.deliver();
                assertEquals(0, relay.deliver());
                Map<String, Integer> newest = publications.completeSet().stream()
                        .collect(Collectors.toMap(OutboxRow::ruleId, OutboxRow::revision));
                assertEquals(new TreeMap<>(newest), new TreeMap<>(topic.compacted()), id);
            }
        }
    }

    @Test
    void aTopicThatTakesHalfGetsTheRest() {
        create("half-taken");
        post(Role.EDITOR, "/api/rules/half-taken/publish", "{\"version\":1}").expect(200);
        Topic topic = new Topic("test:half");
        topic.breaksAfter = 1;
        OutboxRelay relay = new OutboxRelay(outbox, publications, transaction, topic, Clock.systemUTC());
        try {
            relay.deliver();
            assertTrue(outbox.undelivered("test:half", 10).isEmpty(), "there was one row only");
        } catch (RuleSender.SendException e) {
            relay.deliver();
        }
        assertTrue(topic.compacted().containsKey("half-taken"));
    }

    @Test
    void whatIsSentOnceMoreIsNeverOlderThanWhatWentOut() {
        Topic topic = new Topic("test:overtaken");
        OutboxRelay relay = new OutboxRelay(outbox, publications, transaction, topic, Clock.systemUTC());
        create("overtaken");
        JsonNode rule = post(Role.EDITOR, "/api/rules/overtaken/publish", "{\"version\":1}")
                .expect(200)
                .json();
        relay.deliver();
        long first = outbox.find("overtaken", 1).id();
        // Somebody compares, finds the first revision lacking, and is slow; meanwhile it is paused.
        post(Role.EDITOR, "/api/rules/overtaken/pause", seen(rule)).expect(200);
        relay.deliver();
        assertEquals(1, outbox.sendAgain("test:overtaken", first, Instant.now()));
        relay.deliver();
        assertEquals(2, topic.compacted().get("overtaken"));
        assertTrue(outbox.undelivered("test:overtaken", 10).isEmpty());
    }

    @Test
    void aRuleThatIsLeftOutIsTakenOffTheTopic() {
        Topic topic = new Topic("test:left-out");
        OutboxRelay relay = new OutboxRelay(outbox, publications, transaction, topic, Clock.systemUTC());
        create("left-out");
        JsonNode rule = post(Role.EDITOR, "/api/rules/left-out/publish", "{\"version\":1}")
                .expect(200)
                .json();
        post(Role.EDITOR, "/api/rules/left-out/stop", seen(rule)).expect(200);
        relay.deliver();
        assertEquals(2, topic.compacted().get("left-out"), "stopped, and told so");
        long row = outbox.find("left-out", 2).id();
        assertEquals(1, publications.settle("left-out", row, Instant.now()));
        assertTrue(outbox.sendAgainEverywhere(row, Instant.now()) > 0);
        relay.deliver();
        assertFalse(topic.compacted().containsKey("left-out"));
        // Published anew between the look and the settling: it stays.
        rule = get(Role.VIEWER, "/api/rules/left-out").json();
        post(Role.EDITOR, "/api/rules/left-out/publish", seen(rule)).expect(200);
        assertEquals(0, publications.settle("left-out", row, Instant.now()));
        relay.deliver();
        assertEquals(3, topic.compacted().get("left-out"));
    }

    private void create(String id) {
        post(
                        Role.EDITOR,
                        "/api/rules",
                        "{\"id\":\"" + id + "\",\"definition\":{\"trigger\":{\"on\":{\"event\":\"order\"}}}}")
                .expect(201);
    }

    private static String seen(JsonNode rule) {
        return "{\"version\":" + rule.path("version") + "}";
    }

    /** Keeps what it was sent, as a compacted topic does. */
    private static final class Topic implements RuleSender {
        private final String name;
        private final List<OutboxRow> messages = new ArrayList<>();
        private int breaksAfter = Integer.MAX_VALUE;

        Topic(String name) {
            this.name = name;
        }

        @Override
        public String channel() {
            return name;
        }

        @Override
        public void send(List<OutboxRow> rows) {
            for (OutboxRow row : rows) {
                if (breaksAfter-- == 0) {
                    throw new SendException("the broker is gone", null);
                }
                messages.add(row);
            }
        }

        Map<String, Integer> compacted() {
            Map<String, Integer> last = new TreeMap<>();
            for (OutboxRow row : messages) {
                if (row.rule() == null) {
                    last.remove(row.ruleId());
                } else {
                    last.put(row.ruleId(), row.revision());
                }
            }
            return last;
        }
    }
}
