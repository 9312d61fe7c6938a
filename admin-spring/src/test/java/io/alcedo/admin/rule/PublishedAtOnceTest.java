package io.alcedo.admin.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.alcedo.admin.ServiceTest;
import io.alcedo.admin.account.Role;
import io.alcedo.admin.publish.Outbox;
import io.alcedo.admin.publish.OutboxRow;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.support.TransactionTemplate;

/** Two rules that exclude each other, each of which was found well before the other was there. */
class PublishedAtOnceTest extends ServiceTest {
    private static final String FIRST = "{\"id\":\"at-once-first\",\"revision\":1,\"status\":\"live\","
            + "\"published_at\":\"2026-01-01T00:00:00Z\",\"trigger\":{\"on\":{\"event\":\"order\"}},"
            + "\"audience\":{\"id\":\"at-once\",\"profile\":{\"eq\":[{\"tag\":\"city\"},\"Lima\"]}}}";

    @Autowired
    private Outbox outbox;

    @Autowired
    private TransactionTemplate transaction;

    @Test
    void theSecondIsCheckedAgainstTheFirst() throws Exception {
        post(
                        Role.EDITOR,
                        "/api/rules",
                        "{\"id\":\"at-once-second\",\"definition\":{\"trigger\":{\"on\":{\"event\":\"order\"}},\"audience\":"
                                + "{\"id\":\"at-once\",\"profile\":{\"eq\":[{\"tag\":\"city\"},\"Oslo\"]}}}}")
                .expect(201);
        CompletableFuture<Answer> second = transaction.execute(status -> {
            outbox.lock();
            CompletableFuture<Answer> waits = CompletableFuture.supplyAsync(
                    () -> post(Role.EDITOR, "/api/rules/at-once-second/publish", "{\"version\":1}"));
            // Long enough to be found well and to come to the lock; if not, it is refused before it.
            assertFalse(isDone(waits), "it does not wait for the one that publishes");
            outbox.tell(new OutboxRow(null, "at-once-first", 1, "live", FIRST, null), Instant.now());
            return waits;
        });
        Answer refused = second.get(60, TimeUnit.SECONDS);
        assertTrue(refused.status() >= 400 && refused.status() < 500, refused.text());
        assertEquals(
                "draft",
                get(Role.VIEWER, "/api/rules/at-once-second")
                        .json()
                        .path("state")
                        .asString());
        transaction.executeWithoutResult(status -> outbox.tell(
                new OutboxRow(
                        null,
                        "at-once-first",
                        2,
                        "stopped",
                        FIRST.replace("\"live\"", "\"stopped\"").replace(":1,", ":2,"),
                        null),
                Instant.now()));
        post(Role.EDITOR, "/api/rules/at-once-second/publish", "{\"version\":1}")
                .expect(200);
    }

    private static boolean isDone(CompletableFuture<?> future) {
        try {
            future.get(700, TimeUnit.MILLISECONDS);
            return true;
        } catch (java.util.concurrent.TimeoutException e) {
            return false;
        } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
