package io.alcedo.flink;

import java.util.Properties;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;

/** Events out of a Kafka topic. Needs flink-connector-kafka in the job's jar. */
public final class KafkaEvents {
    private final String brokers;
    private final String topic;
    private final String group;
    private final Properties properties = new Properties();

    @SuppressWarnings("deprecation") // the connector still asks for the old type
    private OffsetsInitializer start = OffsetsInitializer.committedOffsets(OffsetResetStrategy.EARLIEST);

    private boolean bounded;

    /**
     * A topic.
     *
     * @param brokers {@code host:port,...}
     * @param group consumer group that offsets are committed for
     */
    public KafkaEvents(String brokers, String topic, String group) {
        this.brokers = brokers;
        this.topic = topic;
        this.group = group;
    }

    /** Where a job without a savepoint starts; default: the group's offsets, else the earliest. */
    public KafkaEvents startAt(OffsetsInitializer value) {
        start = value;
        return this;
    }

    /** Ends at the offsets that are the latest when the job starts. */
    public KafkaEvents untilLatest() {
        bounded = true;
        return this;
    }

    /** Settings of the consumer: security, timeouts. */
    public KafkaEvents properties(Properties value) {
        properties.putAll(value);
        return this;
    }

    /** The stream of the topic's records. */
    public DataStream<Ingest> stream(StreamExecutionEnvironment env, ReadOptions options) {
        KafkaSourceBuilder<Ingest> source = KafkaSource.<Ingest>builder()
                .setBootstrapServers(brokers)
                .setTopics(topic)
                .setGroupId(group)
                .setProperties(properties)
                .setStartingOffsets(start)
                .setDeserializer(new KafkaRecords(options.extraction()));
        if (bounded) {
            source.setBounded(OffsetsInitializer.latest());
        }
        return env.fromSource(
                        source.build(), EventTime.strategy(options.outOfOrderness, options.idleness), options.name)
                .uid(options.name);
    }
}
