package io.alcedo.job;

import io.alcedo.flink.Commands;
import io.alcedo.flink.Ingest;
import java.time.Duration;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import picocli.CommandLine.Option;

/** Where commands for single users come from. */
final class CommandOptions {
    @Option(
            names = "--commands",
            paramLabel = "DIR",
            description =
                    "Commands (repair, reset, erase of one user): a directory whose files, one JSON object per line,"
                            + " are read once each. Watched while the job runs, unless its events end.")
    String directory;

    @Option(
            names = "--commands-topic",
            paramLabel = "TOPIC",
            description =
                    "Kafka topic of commands, keyed by user, in place of --commands. Uses --kafka-bootstrap, --kafka-group"
                            + " and --kafka-property.")
    String topic;

    @Option(
            names = "--commands-interval",
            paramLabel = "TIME",
            description = "How often new files are looked for in --commands.",
            defaultValue = "5s")
    Duration interval;

    void check(EventOptions events) {
        Check.that(
                directory == null || topic == null,
                "--commands",
                "given twice",
                "either --commands or --commands-topic");
        Check.that(
                topic == null || events.brokers != null, "--kafka-bootstrap", "missing", "given with --commands-topic");
        Check.that(interval.toMillis() >= 10, "--commands-interval", interval, "at least 10 ms");
    }

    boolean given() {
        return directory != null || topic != null;
    }

    /** The stream of commands, which ends where the events do; null: there is none. */
    DataStream<Ingest> stream(StreamExecutionEnvironment env, EventOptions events) {
        boolean ends = !events.kafka() || events.stopAtLatest;
        if (topic != null) {
            String group = events.group + "-commands";
            return Commands.ofTopic(env, events.brokers, topic, group, events.properties(), ends);
        }
        return directory == null ? null : Commands.ofDirectory(env, new Path(directory), ends ? null : interval);
    }
}
