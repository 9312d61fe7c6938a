package io.alcedo.job;

import io.alcedo.flink.MatchRecord;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import org.apache.flink.api.common.serialization.Encoder;
import org.apache.flink.api.common.serialization.SimpleStringEncoder;
import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.file.sink.FileSink;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.functions.sink.filesystem.OutputFileConfig;
import org.apache.flink.streaming.api.functions.sink.filesystem.bucketassigners.BasePathBucketAssigner;
import org.apache.flink.streaming.api.functions.sink.filesystem.rollingpolicies.OnCheckpointRollingPolicy;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/** Brings records to where an option says. Each sink has a uid that says what it takes, so that it may change place. */
final class Sinks {
    private final JobOptions options;

    Sinks(JobOptions options) {
        this.options = options;
    }

    void matches(DataStream<MatchRecord> matches, Destination to) {
        switch (to.kind) {
            case TERMINAL:
                matches.map(ReadableMatch::line)
                        .returns(Types.STRING)
                        .name("readable-matches")
                        .uid("readable-matches")
                        .print()
                        .name("matches")
                        .uid("matches");
                break;
            case FILES:
                Encoder<MatchRecord> encoder = (match, out) -> {
                    out.write(match.json());
                    out.write('\n');
                };
                matches.sinkTo(files(to, "matches", encoder)).name("matches").uid("matches");
                break;
            case KAFKA:
                matches.sinkTo(kafka("matches", new KafkaMatches(to.place)))
                        .name("matches")
                        .uid("matches");
                break;
            default:
                lines(
                        matches.map(m -> text(m.json()))
                                .returns(Types.STRING)
                                .name("match-lines")
                                .uid("match-lines"),
                        "matches",
                        to);
        }
    }

    void lines(DataStream<String> lines, String what, Destination to) {
        switch (to.kind) {
            case TERMINAL:
                lines.print(what).name(what).uid(what);
                break;
            case FILES:
                lines.sinkTo(files(to, what, new SimpleStringEncoder<>()))
                        .name(what)
                        .uid(what);
                break;
            case KAFKA:
                lines.sinkTo(kafka(
                                what,
                                KafkaRecordSerializationSchema.<String>builder()
                                        .setTopic(to.place)
                                        .setValueSerializationSchema(new SimpleStringSchema())
                                        .build()))
                        .name(what)
                        .uid(what);
                break;
            case LOG:
                discard(lines.filter(new LogLines(what)).name(what + "-log").uid(what + "-log"), what);
                break;
            default:
                discard(lines, what);
        }
    }

    private static void discard(DataStream<String> lines, String what) {
        lines.sinkTo(new DiscardingSink<>()).name(what).uid(what);
    }

    /** Files are finished at a checkpoint and at the end: what has no leading dot is complete. */
    private static <T> FileSink<T> files(Destination to, String what, Encoder<T> encoder) {
        return FileSink.forRowFormat(new Path(to.place), encoder)
                .withBucketAssigner(new BasePathBucketAssigner<>())
                .withRollingPolicy(OnCheckpointRollingPolicy.build())
                .withOutputFileConfig(OutputFileConfig.builder()
                        .withPartPrefix(what)
                        .withPartSuffix(".jsonl")
                        .build())
                .build();
    }

    private <T> KafkaSink<T> kafka(String what, KafkaRecordSerializationSchema<T> schema) {
        boolean once = options.outputs.delivery == OutputOptions.Delivery.EXACTLY_ONCE;
        Properties properties = options.events.properties();
        return KafkaSink.<T>builder()
                .setBootstrapServers(options.events.brokers)
                .setKafkaProducerConfig(properties)
                .setRecordSerializer(schema)
                .setDeliveryGuarantee(once ? DeliveryGuarantee.EXACTLY_ONCE : DeliveryGuarantee.AT_LEAST_ONCE)
                .setTransactionalIdPrefix(options.outputs.transactionPrefix + "-" + what)
                .build();
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
