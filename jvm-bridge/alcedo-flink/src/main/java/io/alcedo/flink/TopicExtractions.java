package io.alcedo.flink;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The extractions of Kafka topics, each opened when its first record comes. Of one thread at a time. */
final class TopicExtractions implements AutoCloseable {
    /** Topics of events in the order of the job; none: these are commands. */
    private final List<String> topics;

    private final List<Extraction> extractions;
    private final ExtractionRun[] runs;

    TopicExtractions(List<String> topics, List<Extraction> extractions) {
        this.topics = topics;
        this.extractions = extractions;
        runs = new ExtractionRun[extractions.size()];
    }

    /**
     * Adds a record to those of its topic that wait; their extraction. A tombstone is not added: it says
     * nothing about a user.
     */
    synchronized ExtractionRun add(ConsumerRecord<byte[], byte[]> record) {
        int topic = topics.size() < 2 ? 0 : topics.indexOf(record.topic());
        int partition =
                topics.isEmpty() ? Partitions.ofCommands(record.partition()) : Partitions.of(topic, record.partition());
        if (runs[topic] == null) {
            runs[topic] = extractions.get(topic).open();
        }
        if (record.value() != null) {
            runs[topic].record(record.value(), partition, record.offset(), record.timestamp());
        }
        return runs[topic];
    }

    @Override
    public synchronized void close() {
        for (int topic = 0; topic < runs.length; topic++) {
            if (runs[topic] != null) {
                runs[topic].close();
                runs[topic] = null;
            }
        }
    }
}
