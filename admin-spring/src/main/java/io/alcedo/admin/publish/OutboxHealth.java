package io.alcedo.admin.publish;

import io.alcedo.admin.AdminProperties;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.ToDoubleFunction;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * How long published rules have been waiting for the topic, whatever the reason: down, as component {@code outbox} of the
 * health, when that is longer than is usual. Jobs that fetch over HTTP wait for nothing.
 */
@Component("outboxHealthIndicator")
@ConditionalOnExpression("!'${alcedo.kafka.bootstrap-servers:}'.isBlank()")
class OutboxHealth implements HealthIndicator {
    private final OutboxMapper outbox;
    private final AdminProperties properties;
    private final Clock clock;
    private final String channel;

    OutboxHealth(OutboxMapper outbox, AdminProperties properties, Clock clock, MeterRegistry meters) {
        this.outbox = outbox;
        this.properties = properties;
        this.clock = clock;
        channel = KafkaRules.channel(properties.kafka().rulesTopic());
        gauge(meters, "alcedo.outbox.waiting", "published rules that wait for the topic", one -> one.waiting());
        gauge(
                meters,
                "alcedo.outbox.age",
                "how long the oldest of them has waited",
                one -> one.age().toMillis() / 1000.0);
    }

    private void gauge(MeterRegistry meters, String name, String about, ToDoubleFunction<OutboxHealth> value) {
        Gauge.builder(name, this, one -> one.orNothing(value))
                .description(about)
                .baseUnit(name.endsWith("age") ? "seconds" : "rules")
                .register(meters);
    }

    /** A database that is away has its own indicator; a figure of it there is not. */
    private double orNothing(ToDoubleFunction<OutboxHealth> value) {
        try {
            return value.applyAsDouble(this);
        } catch (DataAccessException e) {
            return Double.NaN;
        }
    }

    @Override
    public Health health() {
        Duration age = age();
        boolean late = age.compareTo(properties.kafka().lateAfter()) > 0;
        return (late ? Health.down() : Health.up())
                .withDetail("waiting", waiting())
                .withDetail("oldest_seconds", age.toSeconds())
                .build();
    }

    private long waiting() {
        return outbox.waiting(channel);
    }

    private Duration age() {
        Long fresh = outbox.oldestNew(channel);
        Instant again = outbox.oldestAgain(channel);
        Duration one = Duration.ofSeconds(fresh == null ? 0 : Math.max(0, fresh));
        Duration other = again == null ? Duration.ZERO : Duration.between(again, clock.instant());
        return one.compareTo(other) > 0 ? one : other;
    }
}
