package io.alcedo.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.alcedo.flink.AlcedoStreams;
import io.alcedo.flink.HttpLines;
import io.alcedo.flink.MatchRecord;
import java.util.Locale;
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
import org.apache.flink.streaming.api.datastream.DataStreamSink;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.functions.sink.filesystem.OutputFileConfig;
import org.apache.flink.streaming.api.functions.sink.filesystem.bucketassigners.BasePathBucketAssigner;
import org.apache.flink.streaming.api.functions.sink.filesystem.rollingpolicies.OnCheckpointRollingPolicy;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * Brings records to where an option says. A uid names what a sink takes and its kind: kinds have different state, and a
 * restored job must not give one the state of another.
 */
final class Sinks {
    private static final String MATCHES = "matches";

    private final JobOptions options;

    Sinks(JobOptions options) {
        this.options = options;
    }

    void matches(DataStream<MatchRecord> matches, Destination to) {
        switch (to.kind) {
            case TERMINAL:
                lines(named(matches.map(ReadableMatch::line), "readable-matches"), MATCHES, to);
                break;
            case FILES:
                Encoder<MatchRecord> encoder = (match, out) -> {
                    out.write(match.json());
                    out.write('\n');
                };
                named(matches.sinkTo(files(to, MATCHES, encoder)), MATCHES, to);
                break;
            case HTTP:
                named(
                        matches.sinkTo(
                                new HttpLines<>(MATCHES, to.place, options.outputs.tokenFile, MatchRecord::json)),
                        MATCHES,
                        to);
                break;
            case KAFKA:
                named(matches.sinkTo(kafka(MATCHES, new KafkaMatches(to.place))), MATCHES, to);
                break;
            default:
                lines(named(matches.map(m -> new String(m.json(), UTF_8)), "match-lines"), MATCHES, to);
        }
    }

    void lines(DataStream<String> lines, String what, Destination to) {
        switch (to.kind) {
            case TERMINAL:
                named(what.equals(MATCHES) ? lines.print() : lines.print(what), what, to);
                break;
            case FILES:
                named(lines.sinkTo(files(to, what, new SimpleStringEncoder<>())), what, to);
                break;
            case HTTP:
                HttpLines<String> address = new HttpLines<String>(
                                what, to.place, options.outputs.tokenFile, line -> line.getBytes(UTF_8))
                        .mayBeLost(AlcedoStreams::isHeartbeat);
                named(lines.sinkTo(address), what, to);
                break;
            case KAFKA:
                named(lines.sinkTo(kafka(what, texts(to.place))), what, to);
                break;
            case LOG:
                named(
                        named(lines.filter(new LogLines(what)), what + "-lines").sinkTo(new DiscardingSink<>()),
                        what,
                        to);
                break;
            default:
                named(lines.sinkTo(new DiscardingSink<>()), what, to);
        }
    }

    private static void named(DataStreamSink<?> sink, String what, Destination to) {
        sink.name(what).uid(what + "-" + to.kind.name().toLowerCase(Locale.ROOT));
    }

    /** A stream of lines under this name. */
    static DataStream<String> named(SingleOutputStreamOperator<String> lines, String name) {
        return lines.returns(Types.STRING).name(name).uid(name);
    }

    private static KafkaRecordSerializationSchema<String> texts(String topic) {
        return KafkaRecordSerializationSchema.<String>builder()
                .setTopic(topic)
                .setValueSerializationSchema(new SimpleStringSchema())
                .build();
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
}
