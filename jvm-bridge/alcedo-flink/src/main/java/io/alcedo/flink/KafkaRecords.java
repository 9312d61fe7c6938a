package io.alcedo.flink;

import java.util.List;
import java.util.UUID;
import org.apache.flink.api.common.serialization.DeserializationSchema.InitializationContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Records of Kafka topics, each read by its own extraction; their broker time bounds how far ahead they may lie. Partition
 * and offset are Kafka's, the partition's number with its topic's place in it.
 */
final class KafkaRecords implements KafkaRecordDeserializationSchema<Ingest> {
    private static final long serialVersionUID = 1;

    /** Topics of events in the order of the job; none: these are commands. */
    private final List<String> topics;

    private final List<Extraction> extractions;
    private transient ExtractionRun[] runs;

    /** Records of {@code topics}, with an extraction for each. */
    KafkaRecords(List<String> topics, List<Extraction> extractions) {
        this.topics = List.copyOf(topics);
        this.extractions = List.copyOf(extractions);
    }

    /** Commands, of whatever topic. */
    static KafkaRecords ofCommands() {
        return new KafkaRecords(List.of(), List.of(Extraction.commands()));
    }

    @Override
    public void open(InitializationContext context) {
        runs = extractions.stream().map(Extraction::open).toArray(ExtractionRun[]::new);
        ExtractionRun[] opened = runs;
        // A deserializer is never closed; its class loader is, when the last task of the job leaves the machine.
        context.getUserCodeClassLoader().registerReleaseHookIfAbsent("alcedo-extraction-" + UUID.randomUUID(), () -> {
            for (ExtractionRun run : opened) {
                run.close();
            }
        });
    }

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<Ingest> out) {
        if (record.value() == null) {
            return; // a tombstone says nothing about a user
        }
        int topic = topics.size() < 2 ? 0 : topics.indexOf(record.topic());
        int partition =
                topics.isEmpty() ? Partitions.ofCommands(record.partition()) : Partitions.of(topic, record.partition());
        runs[topic].record(record.value(), partition, record.offset(), record.timestamp());
        runs[topic].extract(out::collect);
    }

    @Override
    public TypeInformation<Ingest> getProducedType() {
        return Ingest.TYPE;
    }
}
