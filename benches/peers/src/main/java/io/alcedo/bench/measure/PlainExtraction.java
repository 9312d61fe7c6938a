package io.alcedo.bench.measure;

import io.alcedo.flink.Ingest;
import io.alcedo.flink.PeerLines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The least that a source has to find in a line, in Java: it knows that a line begins with {@code
 * user, type, time} in this order, and would take no other log. What the engine's extraction costs is the difference.
 */
final class PlainExtraction implements PeerLines.Parser<Ingest> {
    private static final long serialVersionUID = 1;
    private static final int USER = "{\"user\":\"".length();
    private static final int TYPE = "\",\"type\":\"".length();
    private static final int TIME = "\",\"time\":".length();

    static DataStream<Ingest> stream(StreamExecutionEnvironment env, String file) {
        return PeerLines.stream(env, file, new PlainExtraction(), Ingest.TYPE, Ingest::time);
    }

    @Override
    public Ingest parse(byte[] line, long number) throws IOException {
        int userEnd = quote(line, USER);
        int typeEnd = quote(line, userEnd + TYPE);
        long time = 0;
        int at = typeEnd + TIME;
        for (; line[at] >= '0' && line[at] <= '9'; at++) {
            time = time * 10 + line[at] - '0';
        }
        String user = new String(line, USER, userEnd - USER, StandardCharsets.UTF_8);
        return Ingest.event(user, time, 0, number, line);
    }

    private static int quote(byte[] line, int from) throws IOException {
        for (int at = from; at < line.length; at++) {
            if (line[at] == '"') {
                return at;
            }
        }
        throw new IOException("not a line of the benchmark's log: " + new String(line, StandardCharsets.UTF_8));
    }
}
