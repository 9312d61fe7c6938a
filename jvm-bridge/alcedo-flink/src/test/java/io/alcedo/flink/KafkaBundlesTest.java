package io.alcedo.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.alcedo.natives.NativeLoader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a poll brings is found together what each record is found alone. */
class KafkaBundlesTest {
    private static final long BROKER = 1_660_000_000_000L;
    private static final String OTHER = "{\"user\": \"who\", \"time\": \"when\", \"time_unit\": \"s\"}";

    private final KafkaEvents events = new KafkaEvents("127.0.0.1:1", "events", "g").and("orders", OTHER);
    private final ReadOptions reading = new ReadOptions().maxAhead(Duration.ofHours(1));

    @AfterEach
    void nothingIsLeftOpen() {
        assertEquals(0, NativeLoader.openHandles());
    }

    /** A poll of three partitions: events, bad ones, blank ones, tombstones, too long ones, more than go in one call. */
    private static ConsumerRecords<byte[], byte[]> poll() {
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> all = new LinkedHashMap<>();
        for (int partition = 0; partition < 3; partition++) {
            String topic = partition == 2 ? "orders" : "events";
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            for (int offset = 0; offset < 300; offset++) {
                records.add(record(topic, partition, offset, value(topic, offset)));
            }
            all.put(new TopicPartition(topic, partition), records);
        }
        return new ConsumerRecords<>(all, Map.of());
    }

    private static String value(String topic, int offset) {
        switch (offset % 7) {
            case 1:
                return null;
            case 2:
                return " ";
            case 3:
                return "{\"user\":\"u\",\"type\":\"a\",\"time\":" + (BROKER + offset * 60_000L) + "}";
            case 4:
                return "no event " + offset;
            case 5:
                return offset == 5 ? "x".repeat(Extraction.LONGEST_RECORD + 1) : "";
            default:
                String padding = " ".repeat(offset % 50 == 0 ? 400_000 : 0);
                return topic.equals("orders")
                        ? "{\"who\":\"w" + offset + "\",\"type\":\"b\",\"when\":" + offset + padding + "}"
                        : "{\"user\":\"u" + offset + "\",\"type\":\"a\",\"time\":" + offset + padding + "}";
        }
    }

    private static ConsumerRecord<byte[], byte[]> record(String topic, int partition, long offset, String value) {
        byte[] bytes = value == null ? null : value.getBytes(StandardCharsets.UTF_8);
        TimestampType type = TimestampType.CREATE_TIME;
        return new ConsumerRecord<>(
                topic,
                partition,
                offset,
                BROKER,
                type,
                0,
                0,
                null,
                bytes,
                new RecordHeaders().add("alcedo.found", new byte[] {1}), // as a broker's record may have it
                Optional.empty());
    }

    private List<String> deserialized(ConsumerRecords<byte[], byte[]> records) {
        List<String> found = new ArrayList<>();
        List<Runnable> hooks = new ArrayList<>();
        KafkaRecords schema =
                new KafkaRecords(List.of("events", "orders"), List.of(reading.extraction(), reading.extraction(OTHER)));
        schema.open(KafkaRecordsTest.context(hooks));
        for (ConsumerRecord<byte[], byte[]> record : records) {
            schema.deserialize(record, new Collector<>() {
                @Override
                public void collect(Ingest r) {
                    assertSame(record.value(), r.raw());
                    found.add(r.partition() + ":" + r.position() + " " + r.user() + r.reason() + " " + r.time());
                }

                @Override
                public void close() {}
            });
        }
        hooks.forEach(Runnable::run);
        return found;
    }

    private static KafkaBundles opened(Properties settings) {
        Map<String, Object> words = new LinkedHashMap<>();
        settings.forEach((name, value) -> words.put((String) name, value));
        KafkaBundles bundles = new KafkaBundles();
        bundles.configure(words);
        return bundles;
    }

    @Test
    void aPollIsFoundTogetherWhatEachRecordIsFoundAlone() {
        List<String> alone = deserialized(poll());
        ConsumerRecords<byte[], byte[]> records = poll();
        KafkaBundles bundles = opened(events.consumer(reading));
        assertSame(records, bundles.onConsume(records));
        int together = 0;
        for (ConsumerRecord<byte[], byte[]> record : records) {
            together += KafkaBundles.found(record) == null ? 0 : 1;
        }
        assertEquals(alone, deserialized(records));
        assertEquals(alone.size(), together, "all that is not blank was found in bundles");
        bundles.close();
    }

    @Test
    void afterAFailureItStandsAside() {
        KafkaBundles bundles = opened(events.consumer(reading));
        ConsumerRecord<byte[], byte[]> good = record("events", 0, 0, value("events", 0));
        // A topic that nobody named stands for whatever may go wrong.
        ConsumerRecord<byte[], byte[]> strange = record("strange", 0, 0, "{}");
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> mixed =
                Map.of(new TopicPartition("events", 0), List.of(good, strange));
        assertThrows(RuntimeException.class, () -> bundles.onConsume(new ConsumerRecords<>(mixed, Map.of())));
        assertEquals(0, NativeLoader.openHandles());
        ConsumerRecords<byte[], byte[]> next = poll();
        bundles.onConsume(next);
        next.forEach(record -> assertNull(KafkaBundles.found(record)));
        bundles.close();
    }

    /** Kafka opens it by name, beside one that the user has set. */
    @Test
    void aConsumerOpensItBesideOthers() {
        Properties users = new Properties();
        users.setProperty(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG, Other.class.getName());
        Properties settings = events.properties(users).consumer(reading);
        assertEquals(
                Other.class.getName() + "," + KafkaBundles.class.getName(),
                settings.getProperty(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG));
        settings.setProperty(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:1");
        settings.setProperty(ConsumerConfig.GROUP_ID_CONFIG, "g");
        Other.opened = null;
        ByteArrayDeserializer bytes = new ByteArrayDeserializer();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings, bytes, bytes)) {
            assertNotNull(Other.opened);
        }
    }

    /** An interceptor of a user's. */
    public static final class Other implements ConsumerInterceptor<byte[], byte[]> {
        static Map<String, ?> opened;

        @Override
        public void configure(Map<String, ?> settings) {
            opened = settings;
        }

        @Override
        public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
            return records;
        }

        @Override
        public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

        @Override
        public void close() {}
    }
}
