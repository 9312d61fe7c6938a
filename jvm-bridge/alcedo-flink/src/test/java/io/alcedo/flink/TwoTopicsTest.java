package io.alcedo.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.alcedo.natives.NativeLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users whose events come from topics of different shapes, and from one that is quiet. */
class TwoTopicsTest {
    /** View, then order, whatever topic tells of them. */
    private static final String RULE = "{\"id\": \"bought\", \"revision\": 1, \"measures\": {\"runs\": {\"sequence\":"
            + " {\"steps\": [{\"event\": \"view\"}, {\"event\": \"order\", \"where\": {\"ge\": [{\"prop\": \"amount\"}, 10]}}]}}},"
            + " \"trigger\": {\"rise\": \"runs\"}}";

    private static final String ORDERS =
            "{\"user\": \"buyer.id\", \"type\": \"what\", \"time\": \"at\", \"props\": \"body\"}";

    @TempDir
    Path folder;

    private static Ingest view(String user, long time, long position) {
        String json = "{\"user\":\"" + user + "\",\"type\":\"view\",\"time\":" + time + "}";
        return Ingest.event(user, time, Partitions.of(0, 0), position, json.getBytes(StandardCharsets.UTF_8));
    }

    private static Ingest order(String user, long time, long position) {
        String json =
                "{\"buyer\":{\"id\":\"" + user + "\"},\"what\":\"order\",\"at\":" + time + ",\"body\":{\"amount\":10}}";
        return Ingest.event(user, time, Partitions.of(1, 0), position, json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void eachRecordIsReadByTheMappingOfItsTopicAfterARestoreToo() throws Exception {
        for (boolean restored : new boolean[] {false, true}) {
            AlcedoOptions options = new AlcedoOptions().andMapping(ORDERS);
            RuleSource rules = new TestRules(TestRules.all(RULE));
            try (TestJob job = new TestJob(options, rules, AudienceSource.none(), "hashmap", 1)) {
                job.event(view("u1", 1000, 5));
                job.event(order("u1", 1000, 1));
                // Of one time, places in different topics say nothing: what came first was first.
                job.event(order("u2", 1000, 2));
                job.event(view("u2", 1000, 1));
                if (restored) {
                    job.restart(2);
                }
                job.watermark(2000);
                assertEquals(List.of(), job.bad);
                assertEquals(
                        List.of("u1"),
                        job.matches.stream().map(MatchRecord::user).collect(Collectors.toList()));
            }
        }
    }

    @Test
    void aQuietPartitionDoesNotStopTime() throws Exception {
        Path busy = folder.resolve("busy.jsonl");
        Path quiet = folder.resolve("quiet.jsonl");
        String line = "{\"user\":\"u1\",\"type\":\"view\",\"time\":%d}\n";
        Files.writeString(busy, String.format(line, 1000) + String.format(line, 2000));
        Files.writeString(quiet, String.format(line, 1500));
        Configuration config = new Configuration();
        config.setString("rest.bind-address", "127.0.0.1");
        StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(1, config);
        ReadOptions slow = new ReadOptions().name("quiet").linesPerSecond(0.001).idleness(Duration.ofMillis(100));
        DataStream<Ingest> events = stream(env, busy, new ReadOptions()).union(stream(env, quiet, slow));
        RuleSource rules = new TestRules(TestRules.all(Shop.thirdView(1, 2)));
        DataStream<MatchRecord> matches = Alcedo.matches(events, rules, AudienceSource.none(), new AlcedoOptions())
                .matches();
        // The quiet line would come after a quarter of an hour.
        MatchRecord first = assertTimeoutPreemptively(Duration.ofMinutes(2), () -> {
            try (CloseableIterator<MatchRecord> found = matches.executeAndCollect("quiet")) {
                return found.next();
            }
        });
        assertEquals(2000, first.time());
        assertTrue(new String(first.json(), StandardCharsets.UTF_8).contains("\"views\":2"));
        // The reader that waits for its line is stopped with the job, and gives back what it holds.
        assertTimeoutPreemptively(Duration.ofMinutes(1), () -> {
            while (NativeLoader.openHandles() > 0) {
                Thread.sleep(10);
            }
        });
    }

    private static DataStream<Ingest> stream(StreamExecutionEnvironment env, Path file, ReadOptions options) {
        return FileEvents.stream(env, List.of(new org.apache.flink.core.fs.Path(file.toUri())), options);
    }
}
