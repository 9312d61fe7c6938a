package io.alcedo.job;

import io.alcedo.flink.MatchRecord;
import java.nio.charset.StandardCharsets;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Matches as Kafka records: the key is the user, so that all matches of a user lie in one partition, in their order; the
 * time is the match's own.
 */
final class KafkaMatches implements KafkaRecordSerializationSchema<MatchRecord> {
    private static final long serialVersionUID = 1;

    private final String topic;

    KafkaMatches(String topic) {
        this.topic = topic;
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(MatchRecord match, KafkaSinkContext context, Long timestamp) {
        byte[] user = match.user().getBytes(StandardCharsets.UTF_8);
        return new ProducerRecord<>(topic, null, match.time(), user, match.json());
    }
}
