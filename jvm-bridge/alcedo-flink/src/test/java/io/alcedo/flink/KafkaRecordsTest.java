package io.alcedo.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.alcedo.natives.NativeLoader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.flink.api.common.serialization.DeserializationSchema.InitializationContext;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.util.Collector;
import org.apache.flink.util.SimpleUserCodeClassLoader;
import org.apache.flink.util.UserCodeClassLoader;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

/** Kafka's records, their places and their broker times. */
class KafkaRecordsTest {
    private static final long BROKER = 1_660_000_000_000L;
    private static final long HOUR = 3_600_000;

    private final List<Ingest> records = new ArrayList<>();
    private final List<Runnable> hooks = new ArrayList<>();

    @Test
    void theirPlaceIsKafkasAndTheirTimeIsBounded() {
        KafkaRecords schema = new KafkaRecords(List.of("events"), List.of(new Extraction(null, HOUR)));
        schema.open(context(hooks));
        deserialize(schema, 0, event(BROKER));
        deserialize(schema, 1, event(BROKER + HOUR));
        deserialize(schema, 2, event(BROKER + HOUR + 1));
        deserialize(schema, 3, " ");
        deserialize(schema, 4, null);
        deserialize(schema, 5, "x".repeat(Extraction.LONGEST_RECORD + 1));

        assertEquals(4, records.size());
        assertEquals("3 0 " + BROKER, at(0) + records.get(0).time());
        assertEquals("3 1 " + (BROKER + HOUR), at(1) + records.get(1).time());
        assertEquals("3 2 ahead", at(2) + records.get(2).reason());
        assertEquals("3 5 too_large", at(3) + records.get(3).reason());

        hooks.forEach(Runnable::run); // the class loader goes
        assertEquals(0, NativeLoader.openHandles());
    }

    @Test
    void eachTopicIsReadByItsMappingAndNumbersItsPartitions() {
        String other = "{\"user\": \"who\", \"time\": \"when\", \"time_unit\": \"s\"}";
        KafkaRecords schema = new KafkaRecords(
                List.of("orders", "events"), List.of(new Extraction(null, null), new Extraction(other, null)));
        schema.open(context(hooks));
        deserialize(schema, 0, "{\"who\":\"u2\",\"type\":\"a\",\"when\":5}");
        deserialize(schema, 1, event(7000));
        deserialize(schema, "orders", 0, event(7000));
        List<String> found = records.stream()
                .map(r -> r.partition() + ":" + r.position() + " " + r.user() + r.reason() + " " + r.time())
                .collect(Collectors.toList());
        assertEquals(List.of("1000003:0 u2 5000", "1000003:1 no_user 0", "3:0 u1 7000"), found);
        hooks.forEach(Runnable::run);
        assertEquals(0, NativeLoader.openHandles());
    }

    @Test
    void commandsAreNumberedAfterAllEvents() {
        KafkaRecords schema = KafkaRecords.ofCommands();
        schema.open(context(hooks));
        deserialize(schema, 4, "{\"id\":\"c1\",\"by\":\"ops\",\"user\":\"u1\",\"command\":\"erase\"}");
        deserialize(schema, 5, event(7000));
        assertEquals(
                "2000000003 4 u1 c1",
                records.get(0).partition() + " " + records.get(0).position() + " "
                        + records.get(0).user() + " " + records.get(0).commandId());
        assertEquals("command_not_understood", records.get(1).reason());
        assertTrue(Partitions.of(Partitions.MOST_TOPICS - 1, Partitions.PER_TOPIC - 1) < Partitions.ofCommands(0));
        assertTrue(Partitions.ofCommands("c.jsonl") >= Partitions.ofCommands(0) + Partitions.PER_TOPIC);
        hooks.forEach(Runnable::run);
        assertEquals(0, NativeLoader.openHandles());
    }

    private String at(int i) {
        return records.get(i).partition() + " " + records.get(i).position() + " ";
    }

    private static String event(long time) {
        return "{\"user\":\"u1\",\"type\":\"a\",\"time\":" + time + "}";
    }

    private void deserialize(KafkaRecords schema, long offset, String value) {
        deserialize(schema, "events", offset, value);
    }

    private void deserialize(KafkaRecords schema, String topic, long offset, String value) {
        byte[] bytes = value == null ? null : value.getBytes(StandardCharsets.UTF_8);
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>(
                topic,
                3,
                offset,
                BROKER,
                TimestampType.CREATE_TIME,
                0,
                bytes == null ? 0 : bytes.length,
                null,
                bytes,
                new RecordHeaders(),
                Optional.empty());
        schema.deserialize(record, new Collector<>() {
            @Override
            public void collect(Ingest ingest) {
                records.add(ingest);
            }

            @Override
            public void close() {}
        });
    }

    static InitializationContext context(List<Runnable> hooks) {
        return new InitializationContext() {
            @Override
            public MetricGroup getMetricGroup() {
                return new UnregisteredMetricsGroup();
            }

            @Override
            public UserCodeClassLoader getUserCodeClassLoader() {
                ClassLoader loader = KafkaRecordsTest.class.getClassLoader();
                return new UserCodeClassLoader() {
                    @Override
                    public ClassLoader asClassLoader() {
                        return SimpleUserCodeClassLoader.create(loader).asClassLoader();
                    }

                    @Override
                    public void registerReleaseHookIfAbsent(String name, Runnable hook) {
                        hooks.add(hook);
                    }
                };
            }
        };
    }
}
