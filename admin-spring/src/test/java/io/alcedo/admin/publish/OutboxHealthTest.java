package io.alcedo.admin.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.alcedo.admin.AdminProperties;
import io.alcedo.admin.ServiceTest;
import io.alcedo.admin.account.Role;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.health.contributor.Status;
import org.springframework.jdbc.core.JdbcTemplate;

/** How long published rules have waited for a topic that nobody brings them to. */
class OutboxHealthTest extends ServiceTest {
    private static final String CHANNEL = "kafka:alcedo-rules";

    @Autowired
    private OutboxMapper outbox;

    @Autowired
    private AdminProperties properties;

    @Autowired
    private JdbcTemplate jdbc;

    @Test
    void whatWaitsTooLongIsDownWhetherItIsNewOrIsToGoOutOnceMore() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        OutboxHealth health = new OutboxHealth(outbox, properties, Clock.systemUTC(), meters);
        post(
                        Role.EDITOR,
                        "/api/rules",
                        "{\"id\":\"waits-for-kafka\",\"definition\":{\"trigger\":{\"on\":{\"event\":\"order\"}}}}")
                .expect(201);
        jdbc.update(
                "INSERT INTO outbox_delivery (channel, outbox_id, delivered_at) SELECT ?, id, 1 FROM rule_outbox",
                CHANNEL);
        try {
            assertEquals(Status.UP, health.health().getStatus());
            assertEquals(0, meters.get("alcedo.outbox.waiting").gauge().value());

            post(Role.EDITOR, "/api/rules/waits-for-kafka/publish", "{\"version\":1}")
                    .expect(200);
            assertEquals(Status.UP, health.health().getStatus(), "it has just come");
            assertEquals(1, meters.get("alcedo.outbox.waiting").gauge().value());
            jdbc.update(
                    "UPDATE rule_outbox SET created_at = TIMESTAMPADD(HOUR, -1, created_at) WHERE rule_id = 'waits-for-kafka'");
            assertEquals(Status.DOWN, health.health().getStatus());
            assertTrue(meters.get("alcedo.outbox.age").gauge().value() >= 3600);

            long row = outbox.find("waits-for-kafka", 1).id();
            outbox.delivered(CHANNEL, row, Instant.now());
            assertEquals(Status.UP, health.health().getStatus());
            outbox.sendAgain(CHANNEL, row, Instant.now());
            assertEquals(Status.UP, health.health().getStatus(), "it waits since now, however old it is");
            outbox.deliveredAgain(CHANNEL, row, Instant.now());
            outbox.sendAgain(CHANNEL, row, Instant.now().minusSeconds(600));
            assertEquals(Status.DOWN, health.health().getStatus());
        } finally {
            jdbc.update("DELETE FROM outbox_delivery WHERE channel = ?", CHANNEL);
        }
    }
}
