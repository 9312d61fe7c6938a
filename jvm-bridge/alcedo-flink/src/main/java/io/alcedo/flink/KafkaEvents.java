package io.alcedo.flink;

import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;

/** Events out of Kafka topics. Needs flink-connector-kafka in the job's jar. */
public final class KafkaEvents {
    private final String brokers;
    private final List<String> topics = new ArrayList<>();
    private final List<String> moreMappings = new ArrayList<>();
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
        topics.add(topic);
        this.group = group;
    }

    /**
     * One more topic, of records of a shape of their own. Name it in {@link AlcedoOptions#andMapping} too, and never
     * change the order of a job's topics: their places number its partitions.
     *
     * @param mappingOrNull where user, type, time and id are, as JSON; null: the default fields
     */
    public KafkaEvents and(String topic, String mappingOrNull) {
        if (topics.contains(topic) || topics.size() == Partitions.MOST_TOPICS) {
            throw new IllegalArgumentException("Alcedo: the topic " + topic + " is given twice, or is more than the "
                    + Partitions.MOST_TOPICS + " that a job can have");
        }
        topics.add(topic);
        moreMappings.add(mappingOrNull);
        return this;
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

    private List<Extraction> extractions(ReadOptions options) {
        List<Extraction> all = new ArrayList<>(List.of(options.extraction()));
        moreMappings.forEach(mapping -> all.add(options.extraction(mapping)));
        return all;
    }

    /** Settings of the consumer with ours among them. */
    Properties consumer(ReadOptions options) {
        Properties all = new Properties();
        all.putAll(properties);
        KafkaBundles.addTo(all, topics, extractions(options));
        return all;
    }

    /** The stream of the topics' records; the mapping of the options is that of the first topic. */
    public DataStream<Ingest> stream(StreamExecutionEnvironment env, ReadOptions options) {
        KafkaSourceBuilder<Ingest> source = KafkaSource.<Ingest>builder()
                .setBootstrapServers(brokers)
                .setTopics(topics)
                .setGroupId(group)
                .setProperties(consumer(options))
                .setStartingOffsets(start)
                .setDeserializer(new KafkaRecords(topics, extractions(options)));
        if (bounded) {
            source.setBounded(OffsetsInitializer.latest());
        }
        return env.fromSource(
                        source.build(), EventTime.strategy(options.outOfOrderness, options.idleness), options.name)
                .uid(options.name);
    }
}
