package io.alcedo.admin.publish;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Reads the compacted topic as a job that begins anew does, and has sent once more what is not there as it was delivered:
 * a job that runs says nothing of a damaged topic, and the next one would begin with it. Keys that are no rule of this
 * service are somebody else's and left as they are.
 */
final class TopicCheck {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(200);

    private final String bootstrapServers;
    private final String topic;
    private final OutboxMapper outbox;
    private final TransactionTemplate transaction;
    private final Clock clock;

    TopicCheck(
            String bootstrapServers, String topic, OutboxMapper outbox, TransactionTemplate transaction, Clock clock) {
        this.bootstrapServers = bootstrapServers;
        this.topic = topic;
        this.outbox = outbox;
        this.transaction = transaction;
        this.clock = clock;
    }

    /** How many rules were not there as they were delivered. Nobody delivers meanwhile: the channel is locked. */
    int check() {
        String channel = KafkaRules.channel(topic);
        Integer lacking = transaction.execute(status -> {
            outbox.lockChannel(channel);
            return compare(channel, read());
        });
        return Objects.requireNonNullElse(lacking, 0);
    }

    private int compare(String channel, Map<String, String> there) {
        int lacking = 0;
        for (OutboxRow row : outbox.latestDelivered(channel)) {
            if (!Objects.equals(row.rule(), there.get(row.ruleId()))) {
                lacking += outbox.sendAgain(channel, row.id(), clock.instant());
            }
        }
        return lacking;
    }

    /** The last message of each key. */
    private Map<String, String> read() {
        Map<String, String> last = new HashMap<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.CLIENT_ID_CONFIG,
                        "alcedo-admin-check",
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                        false,
                        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        (int) PATIENCE.toMillis()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(TopicCheck::partition)
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            long since = System.nanoTime();
            while (!partitions.stream().allMatch(one -> consumer.position(one) >= ends.get(one))) {
                if (System.nanoTime() - since > PATIENCE.toNanos()) {
                    throw new RuleSender.SendException(
                            "topic " + topic + " cannot be read to its end in " + PATIENCE, null);
                }
                for (ConsumerRecord<byte[], byte[]> message : consumer.poll(POLL)) {
                    if (message.key() != null) {
                        last.put(text(message.key()), message.value() == null ? null : text(message.value()));
                    }
                }
            }
        }
        return last;
    }

    private static TopicPartition partition(PartitionInfo info) {
        return new TopicPartition(info.topic(), info.partition());
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
