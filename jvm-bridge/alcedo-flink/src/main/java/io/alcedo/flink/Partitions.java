package io.alcedo.flink;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * Numbers of partitions, unique in a job that reads several topics: a million times the topic's place in the list, plus
 * Kafka's own number. So the first topic's are Kafka's. Commands come after all events, from 2,000,000,000 on.
 *
 * <p>Within one partition positions order events of the same time, so two topics must never share a number. They stand
 * in users' states, so a job that goes on keeps its topics in their order and adds new ones at the end.
 */
final class Partitions {
    /** Partitions that a topic may have. */
    static final int PER_TOPIC = 1_000_000;

    /** Topics of events that a job may have. */
    static final int MOST_TOPICS = 1_000;

    private static final int COMMANDS = 2_000_000_000;

    private Partitions() {}

    /** Of a topic of events; {@code topic} is its place in the list, from 0. */
    static int of(int topic, int partition) {
        if (partition >= PER_TOPIC) {
            throw new IllegalArgumentException(
                    "Alcedo: a topic has partition " + partition + "; up to " + (PER_TOPIC - 1) + " can be told apart");
        }
        return topic * PER_TOPIC + partition;
    }

    /** Of the topic of commands. */
    static int ofCommands(int partition) {
        return COMMANDS + partition % PER_TOPIC;
    }

    /** Of a file of commands, by its name: a directory that is watched has no list of files. */
    static int ofCommands(String file) {
        CRC32 sum = new CRC32();
        sum.update(file.getBytes(StandardCharsets.UTF_8));
        return COMMANDS + PER_TOPIC + (int) (sum.getValue() % 100_000_000);
    }
}
