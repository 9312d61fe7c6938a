package io.alcedo.flink;

import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A Kafka topic of rules, read from its beginning to its end: the last message of each key is the set. Keyed by rule id
 * and compacted it stays small; a message without a value takes its key's rule out of the set.
 *
 * <p>A message is a rule or a list of rules, or what Debezium or Canal tell of a table with the column {@code rule}.
 * Needs flink-connector-kafka in the job's jar.
 */
public final class KafkaRules implements RuleSource {
    private static final long serialVersionUID = 1;

    private static final Duration POLL = Duration.ofMillis(200);

    /** Without a record for so long the end of the topic is not known: brokers are away. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    // A topic that is not compacted yet holds rules that are stopped by a later message.
    private static final int WHILE_READ = 4;
    private static final String CURE =
            "key the messages by rule id, and let the topic be compacted; or name the topic of the rules";

    /** Opens a consumer; a test gives another one. */
    interface Opener extends Serializable {
        Consumer<byte[], byte[]> open();
    }

    /** A message that counts. */
    private static final class Message {
        final int partition;
        final long offset;
        final String text;

        Message(ConsumerRecord<byte[], byte[]> record) {
            partition = record.partition();
            offset = record.offset();
            text = text(record.value());
        }

        /** What is no text is still a message: the engine refuses it by its place. */
        private static String text(byte[] value) {
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(value))
                        .toString();
            } catch (CharacterCodingException e) {
                return "This message cannot be read: it is not UTF-8";
            }
        }
    }

    private final String topic;
    private final Opener opener;

    private transient Consumer<byte[], byte[]> consumer;
    private transient List<TopicPartition> partitions;
    private transient Map<String, Message> messages;
    private transient RuleSetSize size;

    /**
     * Rules of a topic.
     *
     * @param brokers {@code host:port,...}
     * @param properties settings of the consumer: security, timeouts
     */
    public KafkaRules(String brokers, String topic, Properties properties) {
        this(
                topic,
                () -> new KafkaConsumer<>(
                        settings(brokers, properties), new ByteArrayDeserializer(), new ByteArrayDeserializer()));
    }

    KafkaRules(String topic, Opener opener) {
        this.topic = topic;
        this.opener = opener;
    }

    private static Properties settings(String brokers, Properties given) {
        Properties all = new Properties();
        all.putAll(given);
        all.put("bootstrap.servers", brokers);
        // No group: every reader reads all of it, and commits nothing.
        all.remove("group.id");
        all.put("enable.auto.commit", "false");
        all.put("auto.offset.reset", "earliest");
        all.put("isolation.level", "read_committed");
        all.put("allow.auto.create.topics", "false");
        return all;
    }

    @Override
    public RulesUpdate read() throws IOException {
        try {
            List<TopicPartition> now = partitionsNow();
            if (consumer == null || !now.equals(partitions)) {
                begin(now);
            }
            readToTheEnd();
            return set();
        } catch (RuleSetSize.Exceeded e) {
            close(); // and with it what was read
            throw e;
        } catch (KafkaException | IllegalStateException e) {
            close();
            throw new IOException("cannot read " + describe() + ": " + e, e);
        }
    }

    private List<TopicPartition> partitionsNow() throws IOException {
        if (consumer == null) {
            consumer = opener.open();
            partitions = List.of();
        }
        List<PartitionInfo> found = consumer.partitionsFor(topic);
        if (found == null || found.isEmpty()) {
            throw new IOException(describe() + " does not exist; create it, compacted, before the job starts");
        }
        return found.stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .sorted(Comparator.comparingInt(TopicPartition::partition))
                .collect(Collectors.toList());
    }

    private void begin(List<TopicPartition> all) {
        messages = new HashMap<>();
        size = new RuleSetSize(describe(), CURE, WHILE_READ);
        partitions = all;
        consumer.assign(all);
        consumer.seekToBeginning(all);
    }

    private void readToTheEnd() throws IOException {
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        if (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) > end.getValue())) {
            begin(partitions); // it ends before what was read of it: somebody made it anew
        }
        long quietSince = System.nanoTime();
        while (!reached(ends)) {
            boolean some = false;
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                take(record);
                some = true;
            }
            if (some) {
                quietSince = System.nanoTime();
            } else if (System.nanoTime() - quietSince > PATIENCE.toNanos()) {
                throw new IOException(describe() + " gives no records for " + PATIENCE.toSeconds()
                        + " s though its end is not reached; see whether its brokers answer");
            }
        }
    }

    /** By position: a transaction's markers take offsets but give no records. */
    private boolean reached(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    private void take(ConsumerRecord<byte[], byte[]> record) throws IOException {
        // A message without a key replaces none, and none replaces it.
        String key = record.key() == null
                ? record.partition() + "@" + record.offset()
                : "=" + new String(record.key(), StandardCharsets.ISO_8859_1);
        Message now = record.value() == null ? null : new Message(record);
        Message before = now == null ? messages.remove(key) : messages.put(key, now);
        if (before != null) {
            size.remove(before.text);
        }
        if (now != null) {
            size.add(now.text); // while it is read: a topic of events must not fill the heap first
        }
    }

    private RulesUpdate set() throws RuleSetSize.Exceeded {
        List<Message> all = new ArrayList<>(messages.values());
        // The same messages must make the same update on every subtask.
        all.sort(Comparator.<Message>comparingInt(m -> m.partition).thenComparingLong(m -> m.offset));
        List<String> sources = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        RuleSetSize end = new RuleSetSize(describe(), CURE);
        for (Message message : all) {
            end.add(message.text);
            sources.add(topic + " " + message.partition + ":" + message.offset);
            texts.add(message.text);
        }
        return new RulesUpdate(true, sources, texts);
    }

    @Override
    public void close() {
        if (consumer != null) {
            Consumer<byte[], byte[]> open = consumer;
            consumer = null;
            messages = null;
            open.close(Duration.ofSeconds(2));
        }
    }

    @Override
    public String describe() {
        return "the topic " + topic;
    }
}
