package io.alcedo.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.alcedo.flink.Alcedo;
import io.alcedo.flink.AlcedoOptions;
import io.alcedo.flink.AlcedoStreams;
import io.alcedo.flink.AudienceSource;
import io.alcedo.flink.DirectoryAudiences;
import io.alcedo.flink.DirectoryRules;
import io.alcedo.flink.FileEvents;
import io.alcedo.flink.Ingest;
import io.alcedo.flink.KafkaEvents;
import io.alcedo.flink.ReadOptions;
import io.alcedo.flink.RuleSource;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody's own job, from a package that sees only what is public; the page on it shows these very lines. */
class EmbeddedJobTest {
    private static final java.nio.file.Path PAGE = java.nio.file.Path.of("../../docs/operators/embed.md");
    private static final java.nio.file.Path THIS =
            java.nio.file.Path.of("src/test/java/io/alcedo/embedded/EmbeddedJobTest.java");

    @TempDir
    java.nio.file.Path folder;

    private static DataStream<String> job(
            StreamExecutionEnvironment env, String log, String ruleFolder, String audienceFolder) {
        // shown: five
        DataStream<Ingest> events = FileEvents.stream(env, List.of(new Path(log)), new ReadOptions());
        RuleSource rules = new DirectoryRules(ruleFolder);
        AudienceSource audiences = new DirectoryAudiences(audienceFolder);
        AlcedoStreams out = Alcedo.matches(events, rules, audiences, new AlcedoOptions());
        DataStream<String> matches = out.matches().map(match -> new String(match.json(), UTF_8));
        // end
        return matches;
    }

    private static DataStream<Ingest> fromKafka(StreamExecutionEnvironment env, String brokers) {
        // shown: kafka
        DataStream<Ingest> events = new KafkaEvents(brokers, "events", "my-group").stream(env, new ReadOptions());
        // end
        return events;
    }

    private static StreamExecutionEnvironment environment() {
        // shown: local
        Configuration config = new Configuration();
        config.setString("rest.bind-address", "127.0.0.1");
        StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(2, config);
        // end
        return env;
    }

    @Test
    void fiveLinesJudgeALog() throws Exception {
        StringBuilder log = new StringBuilder();
        for (int i = 0; i < 6; i++) {
            log.append("{\"user\":\"u")
                    .append(i % 2)
                    .append("\",\"type\":\"view\",\"time\":")
                    .append(1000 * i);
            log.append("}\n");
        }
        Files.writeString(folder.resolve("log.jsonl"), log);
        Files.writeString(
                folder.resolve("views.json"),
                "{\"id\": \"views\", \"revision\": 1, \"measures\": {\"views\": {\"count\": {\"event\": \"view\"},"
                        + " \"window\": {\"last\": \"1h\"}}}, \"when\": {\"ge\": [{\"measure\": \"views\"}, 3]}}");
        DataStream<String> matches = job(
                environment(), folder.resolve("log.jsonl").toUri().toString(), folder.toString(), folder.toString());
        List<String> found = new ArrayList<>();
        try (CloseableIterator<String> all = matches.executeAndCollect("embedded")) {
            all.forEachRemaining(found::add);
        }
        assertEquals(2, found.size(), found.toString());
        assertTrue(found.stream().allMatch(match -> match.contains("\"rule\":\"views\"")), found.toString());
    }

    @Test
    void kafkaIsOneLineToo() {
        assertNotNull(fromKafka(environment(), "127.0.0.1:9"));
    }

    @Test
    void thePageShowsTheseLines() throws Exception {
        String page = Files.readString(PAGE);
        List<String> parts = List.of("five", "kafka", "local");
        for (String part : parts) {
            assertTrue(page.contains("```java\n" + shown(part) + "```"), PAGE + " does not show:\n" + shown(part));
        }
        assertEquals(parts.size(), page.split("```java\n", -1).length - 1, "what is shown and not run");
    }

    private static String shown(String part) throws Exception {
        List<String> lines = Files.readAllLines(THIS);
        int begin = lines.indexOf("        // shown: " + part) + 1;
        int end = begin + lines.subList(begin, lines.size()).indexOf("        // end");
        return lines.subList(begin, end).stream()
                .map(line -> line.substring(8) + "\n")
                .collect(Collectors.joining());
    }
}
