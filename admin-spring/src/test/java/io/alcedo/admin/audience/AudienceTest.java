package io.alcedo.admin.audience;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.alcedo.admin.ServiceTest;
import io.alcedo.admin.account.Role;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Tags in, members out. */
class AudienceTest extends ServiceTest {
    private static final String COFFEE = """
            {"id":"%s","definition":{"name":"Coffee","audience":{"id":"%s","profile":
            {"contains":[{"tag":"interest_words"},"速溶咖啡"]}},"trigger":{"on":{"event":"app_open"}}}}""";

    @Autowired
    private AudienceService audiences;

    @Test
    void aProfileIsResolvedByTheEngineAndAgainWhenTagsCome() throws Exception {
        tags("user,interest_words,level\n7,\"[\"\"小罐速溶咖啡\"\"]\",C\nanna,\"[\"\"茶\"\",\"\"速溶咖啡\"\"]\",3\nben,\"[\"\"茶\"\"]\",\n")
                .expect(200);
        JsonNode preview = post(Role.EDITOR, "/api/audiences/preview", "{\"profile\":{\"eq\":[{\"tag\":\"level\"},3]}}")
                .expect(200)
                .json();
        assertEquals("[\"anna\"]", preview.path("examples").toString());

        post(Role.EDITOR, "/api/rules", COFFEE.formatted("coffee", "coffee-drinkers"))
                .expect(201);
        post(Role.EDITOR, "/api/rules/coffee/publish", "{\"version\":1}").expect(200);
        JsonNode audience =
                get(Role.VIEWER, "/api/audiences/coffee-drinkers").expect(200).json();
        assertEquals(2, audience.path("users").asInt());
        assertEquals("[\"7\",\"anna\"]", audience.path("examples").toString());

        String sha256 = audience.path("sha256").asString();
        String list = get(Role.ENGINE, "/engine/audiences").expect(200).text();
        assertTrue(list.contains("coffee-drinkers sha256:" + sha256 + "\n"), list);
        byte[] expected =
                io.alcedo.natives.Audience.ofUsers("any", List.of("anna", "7")).members();
        assertArrayEquals(expected, audiences.bytes(sha256));

        tags("user,interest_words\nben,\"[\"\"速溶咖啡\"\"]\"\n").expect(200);
        audiences.refreshWhenTagsCame();
        JsonNode later = get(Role.VIEWER, "/api/audiences/coffee-drinkers").json();
        assertEquals(3, later.path("users").asInt());
        assertEquals(2, later.path("number").asInt());
        // What was told before can still be fetched by its content.
        get(Role.ENGINE, "/engine/audiences/" + sha256).expect(200);
        assertEquals(
                2,
                get(Role.VIEWER, "/api/audiences/coffee-drinkers/versions")
                        .json()
                        .path("total")
                        .asInt());
    }

    @Test
    void twoRulesThatRunCannotMeanDifferentPeopleByOneName() {
        post(Role.EDITOR, "/api/rules", COFFEE.formatted("first-meaning", "shared-name"))
                .expect(201);
        post(Role.EDITOR, "/api/rules/first-meaning/publish", "{\"version\":1}").expect(200);
        post(
                        Role.EDITOR,
                        "/api/rules",
                        COFFEE.formatted("other-meaning", "shared-name").replace("速溶咖啡", "茶"))
                .expect(201);
        JsonNode problem = post(Role.EDITOR, "/api/rules/other-meaning/publish", "{\"version\":1}")
                .expect(422)
                .json();
        assertEquals(
                "/definition/audience/profile",
                problem.path("errors").path(0).path("path").asString());
        assertEquals(
                "draft",
                get(Role.VIEWER, "/api/rules/other-meaning")
                        .json()
                        .path("state")
                        .asString());
    }

    @Test
    void aBadFileIsRefusedWithItsLineAndNothingOfItIsTaken() {
        JsonNode problem = tags("user,level\nnobody-yet,C\n,D\n").expect(422).json();
        assertEquals("data_refused", problem.path("code").asString());
        assertEquals("line 3", problem.path("errors").path(0).path("path").asString());
        JsonNode preview = post(
                        Role.EDITOR, "/api/audiences/preview", "{\"profile\":{\"eq\":[{\"tag\":\"level\"},\"C\"]}}")
                .json();
        assertFalse(preview.path("examples").toString().contains("nobody-yet"));
        tags("level\nC\n").expect(422);
        tags("user,level\n\"a,C\n").expect(422);
        tags("").expect(422);
        byte[] latin = "user,level\nö,C\n".getBytes(StandardCharsets.ISO_8859_1);
        send(as(Role.EDITOR, "/api/tags").header("Content-Type", "text/csv").POST(BodyPublishers.ofByteArray(latin)))
                .expect(422);
        send(as(Role.EDITOR, "/api/tags")
                        .header("Content-Type", "text/csv")
                        .header("Content-Encoding", "gzip")
                        .POST(BodyPublishers.ofByteArray(new byte[100])))
                .expect(415);
    }

    @Test
    void membersFromOutsideAreTakenAsTheyAre() {
        JsonNode audience = send(as(Role.EDITOR, "/api/audiences/vip/members")
                        .header("Content-Type", "text/csv")
                        .PUT(BodyPublishers.ofString("b\na\nb\n")))
                .expect(200)
                .json();
        assertEquals(2, audience.path("users").asInt());
        assertEquals("[\"a\",\"b\"]", audience.path("examples").toString());
        post(Role.EDITOR, "/api/audiences/vip/refresh", "").expect(409);
    }

    @Test
    void nobodyIsReachedByWhatWasNotAllowed() {
        tags("user,ft_guard\nguard-1,yes\n").expect(200);
        send(as(Role.EDITOR, "/api/audiences/guarded/members")
                        .header("Content-Type", "text/csv")
                        .PUT(BodyPublishers.ofString("chosen\n")))
                .expect(200);
        post(Role.EDITOR, "/api/rules", """
                {"id":"guarded-runs","definition":{"audience":{"id":"guarded"},
                "trigger":{"on":{"event":"app_open"}}}}""").expect(201);
        post(Role.EDITOR, "/api/rules/guarded-runs/publish", "{\"version\":1}").expect(200);
        post(Role.ADMIN, "/api/workspaces", "{\"id\":\"guards\",\"name\":\"G\",\"approval_required\":true}")
                .expect(201);
        for (String workspace : List.of("guards", "default")) {
            String id = "guarded-" + workspace;
            post(Role.EDITOR, "/api/rules", """
                    {"id":"%s","workspace":"%s","definition":{"audience":{"id":"guarded","profile":
                    {"eq":[{"tag":"ft_guard"},"yes"]}},"trigger":{"on":{"event":"app_open"}}}}""".formatted(id, workspace)).expect(201);
            String code = post(Role.EDITOR, "/api/rules/" + id + "/publish", "{\"version\":1}")
                    .expect(409)
                    .json()
                    .path("code")
                    .asString();
            assertEquals(workspace.equals("guards") ? "approval_needed" : "in_use", code);
            JsonNode audience = get(Role.VIEWER, "/api/audiences/guarded").json();
            assertEquals("[\"chosen\"]", audience.path("examples").toString(), workspace);
            assertEquals(1, audience.path("number").asInt(), workspace);
        }
    }

    @Test
    void aLineHasABoundWhileItIsReadAndAnUploadIsNotRemembered() {
        JsonNode problem = send(as(Role.EDITOR, "/api/audiences/long-line/members")
                        .header("Content-Type", "text/csv")
                        .PUT(BodyPublishers.ofString("a\n" + "x".repeat(100_000))))
                .expect(422)
                .json();
        assertEquals("line 2", problem.path("errors").path(0).path("path").asString());
        get(Role.VIEWER, "/api/audiences/long-line").expect(404);
        send(as(Role.EDITOR, "/api/tags")
                        .header("Content-Type", "application/x-ndjson")
                        .POST(BodyPublishers.ofString("{\"user\":\"" + "x".repeat(100_000))))
                .expect(422);
        send(as(Role.EDITOR, "/api/audiences/remembered/members")
                        .header("Content-Type", "text/csv")
                        .header("Idempotency-Key", "k1")
                        .PUT(BodyPublishers.ofString("a\n")))
                .expect(400);
    }

    private Answer tags(String csv) {
        return send(
                as(Role.EDITOR, "/api/tags").header("Content-Type", "text/csv").POST(BodyPublishers.ofString(csv)));
    }
}
