package io.alcedo.job;

import io.alcedo.flink.ReadOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import picocli.CommandLine.Help;
import picocli.CommandLine.Option;

/** Where events come from and how they are timed. */
final class EventOptions {
    /** Where a topic is read from when there is no savepoint. */
    enum Start {
        EARLIEST,
        LATEST,
        COMMITTED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Option(
            names = "--events",
            showDefaultValue = Help.Visibility.NEVER,
            arity = "1..*",
            paramLabel = "PATH",
            description =
                    "Files of one JSON object per line (also .gz, and what else the cluster's Flink decompresses by suffix),"
                            + " or directories of such files.")
    List<String> files = new ArrayList<>();

    @Option(
            names = "--kafka-bootstrap",
            paramLabel = "HOST:PORT,...",
            description = "Kafka brokers, for input and output.")
    String brokers;

    @Option(
            names = "--events-topic",
            showDefaultValue = Help.Visibility.NEVER,
            paramLabel = "TOPIC[=FILE]",
            description =
                    "Topic of events, in place of --events, and the input mapping of its records where that is not"
                            + " --mapping. May be given several times; add topics at the end, never change their order.")
    List<String> topics = new ArrayList<>();

    @Option(
            names = "--kafka-group",
            paramLabel = "GROUP",
            description = "Consumer group that the offsets of the events are committed for.")
    String group = "alcedo";

    @Option(
            names = "--kafka-start",
            paramLabel = "WHERE",
            description =
                    "Where to start without a savepoint: ${COMPLETION-CANDIDATES} (the group's offsets, else earliest).")
    Start start = Start.COMMITTED;

    @Option(
            names = "--kafka-stop-at-latest",
            description = "End at the offsets that are the latest when the job starts.")
    boolean stopAtLatest;

    @Option(
            names = "--kafka-property",
            showDefaultValue = Help.Visibility.NEVER,
            paramLabel = "KEY=VALUE",
            description = "Setting of Kafka's clients (security, timeouts); may be given several times.")
    Map<String, String> kafkaProperties = new LinkedHashMap<>();

    @Option(
            names = "--mapping",
            paramLabel = "FILE",
            description = "Input mapping (JSON): where user, type, time and id are in a record.")
    Path mapping;

    @Option(
            names = "--out-of-orderness",
            paramLabel = "TIME",
            description = "How late events may come: the watermark stays so far behind the largest time.",
            defaultValue = "2s")
    Duration outOfOrderness;

    @Option(
            names = "--idleness",
            paramLabel = "TIME",
            description = "After so long without a record a partition no longer holds time back; 0s = it always does.",
            defaultValue = "0s")
    Duration idleness;

    @Option(
            names = "--watermark-interval",
            paramLabel = "TIME",
            description = "How often time moves on.",
            defaultValue = "200ms")
    Duration watermarkInterval;

    @Option(
            names = "--max-ahead",
            paramLabel = "TIME",
            description =
                    "An event further beyond its record's broker time is a bad record (ahead). Kafka only; default none.")
    Duration maxAhead;

    @Option(
            names = "--speed",
            paramLabel = "N",
            description = "Lines per second and file; 0 = as fast as it can be read.")
    double speed;

    void check() {
        boolean kafka = kafka();
        Check.that(
                kafka == files.isEmpty(),
                "the input",
                kafka ? "given twice" : "missing",
                "either --events PATH... or --kafka-bootstrap with --events-topic");
        Check.that(!kafka || brokers != null, "--kafka-bootstrap", "missing", "given with --events-topic");
        Check.that(maxAhead == null || kafka, "--max-ahead", maxAhead, "left out: files have no broker times");
        Check.that(mapping == null || Files.isReadable(mapping), "--mapping", mapping, "a file that can be read");
        for (String topic : topics) {
            Path own = ownMapping(topic);
            Check.that(own == null || Files.isReadable(own), "--events-topic", topic, "with a file that can be read");
            Check.that(!topicNames().get(0).isEmpty(), "--events-topic", topic, "TOPIC or TOPIC=FILE");
        }
        Check.that(new HashSet<>(topicNames()).size() == topics.size(), "--events-topic", topics, "each topic once");
        Check.that(watermarkInterval.toMillis() >= 1, "--watermark-interval", watermarkInterval, "at least 1 ms");
        Check.that(speed >= 0 && Double.isFinite(speed), "--speed", speed, "0 or more");
        Check.that(speed == 0 || !kafka, "--speed", speed, "left out: only files are slowed down");
    }

    boolean kafka() {
        return !topics.isEmpty();
    }

    /** Topics in their order. */
    List<String> topicNames() {
        return topics.stream().map(topic -> topic.split("=", 2)[0]).collect(Collectors.toList());
    }

    /** The mapping of each topic as JSON, or of all files; null: the default one. */
    List<String> mappings() {
        if (!kafka()) {
            return Collections.singletonList(json(mapping));
        }
        List<String> all = new ArrayList<>();
        for (String topic : topics) {
            Path own = ownMapping(topic);
            all.add(json(own == null ? mapping : own));
        }
        return all;
    }

    private static Path ownMapping(String topic) {
        int at = topic.indexOf('=');
        return at < 0 ? null : Path.of(topic.substring(at + 1));
    }

    private static String json(Path file) {
        if (file == null) {
            return null;
        }
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("the input mapping " + file + " cannot be read: " + e, e);
        }
    }

    ReadOptions reading() {
        return new ReadOptions()
                .mapping(mappings().get(0))
                .maxAhead(maxAhead)
                .outOfOrderness(outOfOrderness)
                .idleness(idleness.isZero() ? null : idleness)
                .linesPerSecond(speed);
    }

    Properties properties() {
        Properties properties = new Properties();
        properties.putAll(kafkaProperties);
        return properties;
    }
}
