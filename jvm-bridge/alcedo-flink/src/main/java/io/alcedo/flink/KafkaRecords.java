package io.alcedo.flink;

import java.util.UUID;
import org.apache.flink.api.common.serialization.DeserializationSchema.InitializationContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Records of a Kafka topic: partition and offset are theirs, and their broker time bounds how far ahead they may lie. */
final class KafkaRecords implements KafkaRecordDeserializationSchema<Ingest> {
    private static final long serialVersionUID = 1;

    private final Extraction extraction;
    private transient ExtractionRun run;

    /** Finds user and time by {@code extraction}. */
    KafkaRecords(Extraction extraction) {
        this.extraction = extraction;
    }

    @Override
    public void open(InitializationContext context) {
        run = extraction.open();
        // A deserializer is never closed; its class loader is, when the last task of the job leaves the machine.
        context.getUserCodeClassLoader()
                .registerReleaseHookIfAbsent("alcedo-extraction-" + UUID.randomUUID(), run::close);
    }

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<Ingest> out) {
        if (record.value() == null) {
            return; // a tombstone says nothing about a user
        }
        Ingest ingest = run.record(record.value(), record.partition(), record.offset(), record.timestamp());
        if (ingest != null) {
            out.collect(ingest);
        }
    }

    @Override
    public TypeInformation<Ingest> getProducedType() {
        return Ingest.TYPE;
    }
}
