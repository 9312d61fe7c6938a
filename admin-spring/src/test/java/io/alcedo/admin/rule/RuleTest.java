package io.alcedo.admin.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.alcedo.admin.ServiceTest;
import io.alcedo.admin.account.Role;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A rule's life over HTTP. */
class RuleTest extends ServiceTest {
    private static final String CART = """
            {"name":"Abandoned cart","measures":{"abandoned":{"absence":{"after":{"event":"add_to_cart"},
            "no":{"event":"purchase"},"within":"30m"}}},"trigger":{"rise":"abandoned"},"cooldown":"%s"}""";

    @Test
    void aRuleIsWrittenPublishedPausedEditedAndStopped() {
        JsonNode rule = create("life", "1d");
        assertEquals("draft", rule.path("state").asString());
        rule = step("life", "publish", rule);
        assertEquals("live", rule.path("state").asString());
        assertEquals(1, rule.path("running_revision").asInt());
        String published = told("life").path("published_at").asString();

        rule = step("life", "pause", rule);
        assertEquals(2, rule.path("running_revision").asInt());
        assertEquals("paused", told("life").path("status").asString());

        rule = save("life", "2d", rule);
        assertEquals(3, rule.path("head_revision").asInt());
        assertEquals("1d", told("life").path("cooldown").asString());
        rule = step("life", "resume", rule);
        assertEquals(4, rule.path("running_revision").asInt());
        assertEquals(3, rule.path("head_revision").asInt());
        assertEquals("1d", told("life").path("cooldown").asString());

        rule = step("life", "publish", rule);
        JsonNode told = told("life");
        assertEquals("2d", told.path("cooldown").asString());
        assertEquals(5, told.path("revision").asInt());
        assertEquals(published, told.path("published_at").asString(), "an edit keeps P");

        rule = step("life", "stop", rule);
        assertEquals("stopped", told("life").path("status").asString());
        rule = step("life", "archive", rule);
        rule = step("life", "restore", rule);
        assertEquals("draft", rule.path("state").asString());
    }

    @Test
    void whatTheEngineRefusesIsNotSaved() {
        JsonNode problem = post(Role.EDITOR, "/api/rules", body("refused", "tomorrow"))
                .expect(422)
                .json();
        assertEquals("rule_refused", problem.path("code").asString());
        assertEquals(
                "/definition/cooldown",
                problem.path("errors").path(0).path("path").asString());
        assertTrue(problem.path("errors").path(0).path("cure").asString().contains("30m")
                || problem.path("detail").asString().contains("15m"));
        get(Role.VIEWER, "/api/rules/refused").expect(404);
        JsonNode verdict = post(Role.EDITOR, "/api/rules/validate", "{\"definition\":{\"id\":\"x\"}}")
                .expect(200)
                .json();
        assertFalse(verdict.path("ok").asBoolean());
        assertEquals("/id", verdict.path("problems").path(0).path("path").asString());
    }

    @Test
    void ofTwoWhoSaveTheSecondIsToldWhoWasFirst() {
        JsonNode rule = create("two-hands", "1d");
        save("two-hands", "2d", rule);
        JsonNode problem = post(Role.ADMIN, "/api/rules/two-hands/revisions", revision("3d", rule))
                .expect(409)
                .json();
        assertEquals("version_conflict", problem.path("code").asString());
        assertEquals("token:test-editor", problem.path("updated_by").asString());
        assertEquals(2, problem.path("version").asInt());
    }

    @Test
    void twoRevisionsDifferWhereTheyDoAndTheOlderComesBack() {
        JsonNode rule = save("history", "2d", create("history", "1d"));
        JsonNode difference = get(Role.VIEWER, "/api/rules/history/diff?from=1&to=2")
                .expect(200)
                .json();
        assertEquals(
                "[{\"path\":\"/cooldown\",\"kind\":\"changed\",\"before\":\"1d\",\"after\":\"2d\"}]",
                difference.toString());
        rule = post(
                        Role.EDITOR,
                        "/api/rules/history/roll_back",
                        "{\"version\":" + rule.path("version") + ",\"revision\":1}")
                .expect(201)
                .json();
        assertEquals(3, rule.path("head_revision").asInt());
        JsonNode back =
                get(Role.VIEWER, "/api/rules/history/revisions/3").expect(200).json();
        assertEquals("roll_back", back.path("kind").asString());
        assertEquals("1d", back.path("definition").path("cooldown").asString());
        assertTrue(back.path("report").path("report").path("rules").size() > 0, "the compile report is kept");
        assertEquals(
                3,
                get(Role.VIEWER, "/api/rules/history/revisions")
                        .json()
                        .path("total")
                        .asInt());
    }

    @Test
    void aSecondPersonApprovesWhereTheWorkspaceAsksForIt() {
        post(Role.ADMIN, "/api/workspaces", "{\"id\":\"careful\",\"name\":\"Careful\",\"approval_required\":true}")
                .expect(201);
        String body = body("watched", "1d").replaceFirst("\\{", "{\"workspace\":\"careful\",");
        JsonNode rule = post(Role.APPROVER, "/api/rules", body).expect(201).json();
        refused("watched", "publish", rule, "approval_needed");
        rule = step("watched", "submit", rule);
        assertEquals("in_review", rule.path("state").asString());
        // Its author is an approver too, and still another must look.
        JsonNode problem = post(Role.APPROVER, "/api/rules/watched/approve", seen(rule))
                .expect(409)
                .json();
        assertEquals("approval_needed", problem.path("code").asString());
        rule = post(Role.ADMIN, "/api/rules/watched/approve", seen(rule))
                .expect(200)
                .json();
        rule = step("watched", "publish", rule);
        assertEquals("live", rule.path("state").asString());

        // What was approved is not what is edited afterwards.
        rule = save("watched", "2d", rule);
        refused("watched", "publish", rule, "approval_needed");
        rule = step("watched", "submit", rule);
        assertEquals("live", rule.path("state").asString());
        rule = post(Role.ADMIN, "/api/rules/watched/reject", seen(rule))
                .expect(200)
                .json();
        assertTrue(rule.path("review_revision").isNull());
        refused("watched", "publish", rule, "approval_needed");
        step("watched", "stop", rule);
    }

    @Test
    void anImpossibleStepSaysWhichAre() {
        JsonNode rule = create("impossible", "1d");
        JsonNode problem = refused("impossible", "pause", rule, "state_forbids");
        assertEquals(
                "[\"edit\",\"submit\",\"publish\",\"archive\"]",
                problem.path("allowed").toString());
    }

    @Test
    void rulesAreFoundByNameAndNoCharacterIsAWildcard() {
        create("found-1", "1d");
        post(Role.EDITOR, "/api/rules/found-1/clone", "{\"new_id\":\"found_2\"}")
                .expect(201);
        assertEquals(
                1,
                get(Role.VIEWER, "/api/rules?search=D_2")
                        .expect(200)
                        .json()
                        .path("total")
                        .asInt());
        assertEquals(
                0,
                get(Role.VIEWER, "/api/rules?search=%25")
                        .expect(200)
                        .json()
                        .path("total")
                        .asInt());
        assertEquals(
                0,
                get(Role.VIEWER, "/api/rules?search='%20OR%201=1")
                        .expect(200)
                        .json()
                        .path("total")
                        .asInt());
        JsonNode page = get(Role.VIEWER, "/api/rules?search=found&limit=1&offset=1&state=draft")
                .json();
        assertEquals(2, page.path("total").asInt());
        assertEquals(1, page.path("items").size());
    }

    @Test
    void aDraftIsKeptAsItIsTyped() {
        put(Role.EDITOR, "/api/drafts/typed", "{\"version\":0,\"body\":{\"when\":\"half a\",\"n\":1.50}}")
                .expect(200);
        JsonNode draft = get(Role.EDITOR, "/api/drafts/typed").expect(200).json();
        assertEquals("{\"when\":\"half a\",\"n\":1.50}", draft.path("body").toString());
        put(Role.EDITOR, "/api/drafts/typed", "{\"version\":1,\"body\":{}}").expect(200);
        put(Role.EDITOR, "/api/drafts/typed", "{\"version\":1,\"body\":{}}").expect(409);
        get(Role.ADMIN, "/api/drafts/typed").expect(404);
        delete(Role.EDITOR, "/api/drafts/typed").expect(204);
    }

    @Test
    void whatWasDoneIsInTheAudit() {
        JsonNode rule = step("audited", "publish", create("audited", "1d"));
        step("audited", "stop", rule);
        JsonNode entries = get(Role.APPROVER, "/api/audit?subject=rule&subject_id=audited")
                .expect(200)
                .json();
        assertEquals(3, entries.path("total").asInt());
        assertEquals("rule_stop", entries.path("items").path(0).path("action").asString());
        assertEquals(
                "token:test-editor", entries.path("items").path(0).path("actor").asString());
        assertEquals(2, entries.path("items").path(0).path("revision").asInt());
        assertNull(entries.path("items").path(0).get("password"));
    }

    private static String body(String id, String cooldown) {
        return "{\"id\":\"" + id + "\",\"definition\":" + CART.formatted(cooldown) + "}";
    }

    private JsonNode create(String id, String cooldown) {
        return post(Role.EDITOR, "/api/rules", body(id, cooldown)).expect(201).json();
    }

    private static String revision(String cooldown, JsonNode rule) {
        return "{\"version\":" + rule.path("version") + ",\"definition\":" + CART.formatted(cooldown) + "}";
    }

    private JsonNode save(String id, String cooldown, JsonNode rule) {
        return post(Role.EDITOR, "/api/rules/" + id + "/revisions", revision(cooldown, rule))
                .expect(201)
                .json();
    }

    private static String seen(JsonNode rule) {
        return "{\"version\":" + rule.path("version") + "}";
    }

    private JsonNode step(String id, String step, JsonNode rule) {
        return post(Role.EDITOR, "/api/rules/" + id + "/" + step, seen(rule))
                .expect(200)
                .json();
    }

    private JsonNode refused(String id, String step, JsonNode rule, String code) {
        JsonNode problem = post(Role.EDITOR, "/api/rules/" + id + "/" + step, seen(rule))
                .expect(409)
                .json();
        assertEquals(code, problem.path("code").asString());
        return problem;
    }

    /** What a job fetches of a rule. */
    private JsonNode told(String id) {
        for (JsonNode rule : get(Role.ENGINE, "/engine/rules").expect(200).json()) {
            if (rule.path("id").asString().equals(id)) {
                return rule;
            }
        }
        throw new AssertionError("rule " + id + " is not in the set");
    }
}
