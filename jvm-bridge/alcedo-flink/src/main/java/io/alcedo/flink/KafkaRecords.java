package io.alcedo.flink;

import java.util.List;
import java.util.UUID;
import org.apache.flink.api.common.serialization.DeserializationSchema.InitializationContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records of Kafka topics, each read by its own extraction, most of them already by {@link KafkaBundles}; their broker time bounds how far ahead they may lie. Partition
 * and offset are Kafka's, the partition's number with its topic's place in it.
 */
final class KafkaRecords implements KafkaRecordDeserializationSchema<Ingest> {
    private static final long serialVersionUID = 1;
    private static final Logger LOG = LoggerFactory.getLogger(KafkaRecords.class);

    /** Topics of events in the order of the job; none: these are commands. */
    private final List<String> topics;

    private final List<Extraction> extractions;
    private transient TopicExtractions opened;
    private transient boolean told;

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
        opened = new TopicExtractions(topics, extractions);
        // A deserializer is never closed; its class loader is, when the last task of the job leaves the machine.
        context.getUserCodeClassLoader()
                .registerReleaseHookIfAbsent("alcedo-extraction-" + UUID.randomUUID(), opened::close);
    }

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<Ingest> out) {
        Ingest found = KafkaBundles.found(record);
        if (found != null) {
            out.collect(found);
        } else {
            opened.add(record).extract(ingest -> {
                tellOnce();
                out.collect(ingest);
            });
        }
    }

    /** Commands are few; events one by one are right too, but slow. */
    private void tellOnce() {
        if (!told && !topics.isEmpty()) {
            told = true;
            LOG.warn(
                    "Records of the topics {} are extracted one by one, not a poll together. An earlier warning of"
                            + " Kafka's ConsumerInterceptors says why.",
                    topics);
        }
    }

    @Override
    public TypeInformation<Ingest> getProducedType() {
        return Ingest.TYPE;
    }
}
