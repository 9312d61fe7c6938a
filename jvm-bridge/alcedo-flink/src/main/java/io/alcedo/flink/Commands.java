package io.alcedo.flink;

import java.time.Duration;
import java.util.Properties;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.connector.file.src.FileSource;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;

/** Commands for single users: one JSON object each. docs/operators/commands.md says what they do. */
public final class Commands {
    private static final String NAME = "commands";

    private Commands() {}

    /**
     * Commands out of the files of a directory, one a line. Each file is read once, so put it in place by renaming it.
     *
     * @param every how often new files are looked for; null: only those that are there are read, and the stream ends
     */
    public static DataStream<Ingest> ofDirectory(StreamExecutionEnvironment env, Path directory, Duration every) {
        FileSource.FileSourceBuilder<Ingest> source =
                FileSource.forBulkFileFormat(LineFormat.ofCommands(), directory).setSplitAssigner(FilesInOrder::new);
        if (every != null) {
            source.monitorContinuously(every);
        }
        return env.fromSource(source.build(), WatermarkStrategy.noWatermarks(), NAME)
                .uid(NAME);
    }

    /**
     * Commands out of a Kafka topic, keyed by user, from the group's offsets on, else from the earliest. Needs
     * flink-connector-kafka in the job's jar.
     *
     * @param brokers {@code host:port,...}
     * @param group consumer group that offsets are committed for
     * @param untilLatest end at the offsets that are the latest when the job starts
     */
    @SuppressWarnings("deprecation") // the connector still asks for the old type
    public static DataStream<Ingest> ofTopic(
            StreamExecutionEnvironment env,
            String brokers,
            String topic,
            String group,
            Properties properties,
            boolean untilLatest) {
        KafkaSourceBuilder<Ingest> source = KafkaSource.<Ingest>builder()
                .setBootstrapServers(brokers)
                .setTopics(topic)
                .setGroupId(group)
                .setProperties(properties)
                .setStartingOffsets(OffsetsInitializer.committedOffsets(OffsetResetStrategy.EARLIEST))
                .setDeserializer(KafkaRecords.ofCommands());
        if (untilLatest) {
            source.setBounded(OffsetsInitializer.latest());
        }
        return env.fromSource(source.build(), WatermarkStrategy.noWatermarks(), NAME)
                .uid(NAME);
    }
}
