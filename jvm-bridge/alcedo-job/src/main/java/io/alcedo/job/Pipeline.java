package io.alcedo.job;

import io.alcedo.flink.Alcedo;
import io.alcedo.flink.AlcedoStreams;
import io.alcedo.flink.FileEvents;
import io.alcedo.flink.Ingest;
import io.alcedo.flink.KafkaEvents;
import io.alcedo.flink.RecordLines;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;

/** The job's pieces put together: {@link #build} all of it, {@link #streams} without the sinks. */
public final class Pipeline {
    private Pipeline() {}

    /** Sources, operator and sinks in this environment; the caller executes it. */
    public static AlcedoStreams build(StreamExecutionEnvironment env, JobOptions options) throws IOException {
        AlcedoStreams streams = streams(env, options);
        Sinks sinks = new Sinks(options);
        OutputOptions to = options.outputs;
        sinks.matches(streams.matches(), Destination.parse("--output", to.matches));
        sinks.lines(
                Sinks.named(streams.late().map(RecordLines::late), "late-json"),
                "late",
                Destination.parse("--late-output", to.late));
        sinks.lines(
                Sinks.named(streams.bad().map(RecordLines::bad), "bad-json"),
                "bad",
                Destination.parse("--bad-output", to.bad));
        sinks.lines(streams.ruleStatus(), "status", Destination.parse("--status-output", to.status));
        if (options.commands.given()) {
            sinks.lines(streams.audit(), "audit", Destination.parse("--audit-output", to.audit));
        }
        return streams;
    }

    /** Sources and operator; what comes out is the caller's to use. */
    public static AlcedoStreams streams(StreamExecutionEnvironment env, JobOptions options) throws IOException {
        configure(env, options);
        return Alcedo.matches(
                events(env, options.events),
                options.commands.stream(env, options.events),
                options.rules.ruleSource(options.events),
                options.rules.audienceSource(),
                options.operator());
    }

    private static void configure(StreamExecutionEnvironment env, JobOptions options) {
        // Bounded inputs too: a batch would sort by user and know no watermark.
        env.setRuntimeMode(RuntimeExecutionMode.STREAMING);
        env.setMaxParallelism(options.maxParallelism);
        if (options.parallelism > 0) {
            env.setParallelism(options.parallelism);
        }
        // No piece of this pipeline keeps or changes a record that it handed on.
        env.getConfig().enableObjectReuse();
        env.getConfig().setAutoWatermarkInterval(options.events.watermarkInterval.toMillis());
        if (!options.checkpointInterval.isZero()) {
            env.enableCheckpointing(options.checkpointInterval.toMillis());
        }
        if (options.checkpointDir != null) {
            Configuration config = new Configuration();
            config.setString("execution.checkpointing.dir", options.checkpointDir);
            env.configure(config, Pipeline.class.getClassLoader());
        }
    }

    private static DataStream<Ingest> events(StreamExecutionEnvironment env, EventOptions events) throws IOException {
        if (!events.kafka()) {
            return FileEvents.stream(env, files(events.files), events.reading());
        }
        List<String> topics = events.topicNames();
        List<String> mappings = events.mappings();
        KafkaEvents kafka = new KafkaEvents(events.brokers, topics.get(0), events.group)
                .startAt(start(events.start))
                .properties(events.properties());
        for (int i = 1; i < topics.size(); i++) {
            kafka.and(topics.get(i), mappings.get(i));
        }
        return (events.stopAtLatest ? kafka.untilLatest() : kafka).stream(env, events.reading());
    }

    @SuppressWarnings("deprecation") // the connector still asks for the old type
    private static OffsetsInitializer start(EventOptions.Start start) {
        switch (start) {
            case EARLIEST:
                return OffsetsInitializer.earliest();
            case LATEST:
                return OffsetsInitializer.latest();
            default:
                return OffsetsInitializer.committedOffsets(OffsetResetStrategy.EARLIEST);
        }
    }

    /** Files as they are named; of a directory those in it, by name, hidden ones aside. */
    private static List<Path> files(List<String> named) throws IOException {
        List<Path> files = new ArrayList<>();
        for (String name : named) {
            Path path = new Path(name);
            FileSystem system = path.getFileSystem();
            path = path.makeQualified(system);
            if (system.getFileStatus(path).isDir()) {
                addFiles(files, system.listStatus(path));
            } else {
                files.add(path);
            }
        }
        Check.that(!files.isEmpty(), "--events", named, "at least one file");
        return files;
    }

    private static void addFiles(List<Path> files, FileStatus[] directory) {
        List<Path> found = new ArrayList<>();
        for (FileStatus status : directory) {
            String name = status.getPath().getName();
            if (!status.isDir() && !name.startsWith(".") && !name.startsWith("_")) {
                found.add(status.getPath());
            }
        }
        found.sort(Comparator.comparing(Path::getPath));
        files.addAll(found);
    }
}
