package io.alcedo.flink;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/**
 * Extracts the records that a Kafka consumer brings with one poll in one native call, in the thread that fetches them.
 * What is found goes along with the record, as a header that exists in memory alone, to {@link KafkaRecords}, which
 * extracts by itself what comes without.
 *
 * <p>An interceptor, because Flink's source hands records on one by one and this is the only place where it lets anybody
 * see those of a poll together. Kafka opens it by name, and swallows what it throws: so after a failure it stands aside,
 * and the deserializer meets the same record and fails where it is seen. Not for other uses: {@link KafkaEvents} sets it.
 */
public final class KafkaBundles implements ConsumerInterceptor<byte[], byte[]> {
    private static final String SETTINGS = "alcedo.extraction.";
    private static final String KEY = "alcedo.found";

    private TopicExtractions topics;

    /** What was found in a record. Only its Java type says so: no header of a broker's record is taken for one. */
    private static final class Found implements Header {
        private final Ingest ingest;

        Found(Ingest ingest) {
            this.ingest = ingest;
        }

        @Override
        public String key() {
            return KEY;
        }

        @Override
        public byte[] value() {
            return new byte[0];
        }
    }

    /** Adds the interceptor to a consumer's settings, behind those that are there. */
    static void addTo(Properties consumer, List<String> topics, List<Extraction> extractions) {
        consumer.merge(
                ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG,
                KafkaBundles.class.getName(),
                (there, ours) -> there.toString().isBlank() ? ours : there + "," + ours);
        for (int i = 0; i < topics.size(); i++) {
            consumer.setProperty(SETTINGS + i + ".topic", topics.get(i));
            extractions.get(i).write(consumer, SETTINGS + i + ".");
        }
    }

    @Override
    public void configure(Map<String, ?> settings) {
        List<String> names = new ArrayList<>();
        List<Extraction> extractions = new ArrayList<>();
        for (Object topic; (topic = settings.get(SETTINGS + names.size() + ".topic")) != null; ) {
            extractions.add(Extraction.read(settings, SETTINGS + names.size() + "."));
            names.add(topic.toString());
        }
        topics = new TopicExtractions(names, extractions);
    }

    @Override
    public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
        try {
            for (TopicPartition partition : records.partitions()) {
                extract(records.records(partition));
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
        return records;
    }

    private void extract(List<ConsumerRecord<byte[], byte[]>> records) {
        if (topics == null) {
            return;
        }
        Iterator<ConsumerRecord<byte[], byte[]>> behind = records.iterator();
        ExtractionRun run = null;
        for (ConsumerRecord<byte[], byte[]> record : records) {
            run = topics.add(record);
            if (run.isFull()) {
                tell(run, behind);
            }
        }
        if (run != null) {
            tell(run, behind);
        }
    }

    /** To each record what was found in it. Of blank ones nothing is told. */
    private static void tell(ExtractionRun run, Iterator<ConsumerRecord<byte[], byte[]>> records) {
        run.extract(ingest -> {
            ConsumerRecord<byte[], byte[]> record = records.next();
            while (record.value() != ingest.raw()) {
                record = records.next();
            }
            record.headers().add(new Found(ingest));
        });
    }

    /** What was found in a record; null: it did not come by here. */
    static Ingest found(ConsumerRecord<byte[], byte[]> record) {
        Header last = record.headers().lastHeader(KEY);
        return last instanceof Found ? ((Found) last).ingest : null;
    }

    @Override
    public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
        // what is committed is not read
    }

    @Override
    public void close() {
        if (topics != null) {
            topics.close();
            topics = null;
        }
    }
}
