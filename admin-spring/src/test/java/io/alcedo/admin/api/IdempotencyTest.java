package io.alcedo.admin.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.alcedo.admin.ServiceTest;
import io.alcedo.admin.account.Role;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Test;

/** The same key twice. */
class IdempotencyTest extends ServiceTest {
    private static final String RULE = "{\"id\":\"%s\",\"definition\":{\"trigger\":{\"on\":{\"event\":\"order\"}}}}";

    @Test
    void theFirstAnswerComesAgainAndNothingHappensTwice() {
        Answer first = write("once", RULE.formatted("keyed")).expect(201);
        Answer again = write("once", RULE.formatted("keyed")).expect(201);
        assertEquals(first.text(), again.text());
        assertNull(first.header("Idempotency-Replayed"));
        assertEquals("true", again.header("Idempotency-Replayed"));
        assertEquals(
                "idempotency_key_reused",
                write("once", RULE.formatted("other"))
                        .expect(422)
                        .json()
                        .path("code")
                        .asString());
        get(Role.VIEWER, "/api/rules/other").expect(404);
    }

    @Test
    void aRefusalIsNotRemembered() {
        write("mended", RULE.formatted("mended").replace("order\"", "order\",\"nonsense\":1"))
                .expect(422);
        write("mended", RULE.formatted("mended")).expect(201);
    }

    private Answer write(String key, String body) {
        return send(as(Role.EDITOR, "/api/rules")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(BodyPublishers.ofString(body)));
    }
}
