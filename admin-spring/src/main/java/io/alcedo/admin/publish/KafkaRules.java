package io.alcedo.admin.publish;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.StringSerializer;

/** The compacted topic of rules: keyed by rule id, a rule as JSON in each message, none where it is left out. */
final class KafkaRules implements RuleSender, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final String topic;
    private final KafkaProducer<String, String> producer;

    KafkaRules(String bootstrapServers, String topic) {
        this.topic = topic;
        producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ProducerConfig.CLIENT_ID_CONFIG,
                        "alcedo-admin",
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                        true,
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        (int) PATIENCE.toMillis(),
                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        5_000,
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        (int) PATIENCE.toMillis()),
                new StringSerializer(),
                new StringSerializer());
    }

    @Override
    public String channel() {
        return channel(topic);
    }

    static String channel(String topic) {
        return "kafka:" + topic;
    }

    @Override
    public void send(List<OutboxRow> rows) {
        List<Future<?>> waiting = new ArrayList<>();
        try {
            for (OutboxRow row : rows) {
                waiting.add(producer.send(new ProducerRecord<>(topic, row.ruleId(), row.rule())));
            }
            producer.flush();
            for (Future<?> one : waiting) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new SendException(
                    "topic " + topic + " does not take rules: " + e.getCause().getMessage(), e.getCause());
        } catch (KafkaException e) {
            throw new SendException("topic " + topic + " does not take rules: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SendException("interrupted while rules were sent to topic " + topic, e);
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
