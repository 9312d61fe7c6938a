package io.alcedo.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A rule file that is changed while the job runs changes what fires; a bounded job still ends. */
class RuleChangeTest {
    private static final int EVENTS = 4000;

    @TempDir
    Path folder;

    @Test
    void aHigherRevisionTakesOverAndTheSameRevisionIsRefused() throws Exception {
        Path rules = Files.createDirectory(folder.resolve("rules"));
        Files.writeString(rules.resolve("seen.json"), rule(1));
        Files.write(folder.resolve("log.jsonl"), log());
        StreamExecutionEnvironment env = Cluster.environment(2, "hashmap");
        Pipeline.build(
                env,
                JobOptions.parse(
                        "--events",
                        folder.resolve("log.jsonl").toString(),
                        "--rules",
                        rules.toString(),
                        "--rules-interval",
                        "50ms",
                        "--speed",
                        "1000",
                        "--watermark-interval",
                        "20ms",
                        "--checkpoint-interval",
                        "300ms",
                        "--output",
                        folder.resolve("matches").toString(),
                        "--status-output",
                        folder.resolve("status").toString()));
        JobClient job = env.executeAsync("rules change");
        waitForMatches();
        replace(rules, rule(2));
        Thread.sleep(500);
        replace(rules, rule(2).replace("\"a\"", "\"b\""));
        job.getJobExecutionResult().get(1, TimeUnit.MINUTES);

        List<String> matches = Cluster.lines(folder.resolve("matches"));
        assertEquals(EVENTS, matches.size(), "every event fires, by one revision or the other");
        assertTrue(matches.stream().anyMatch(m -> m.contains("\"revision\":1,")), "revision 1 fired");
        assertTrue(matches.stream().anyMatch(m -> m.contains("\"revision\":2,")), "revision 2 fired");

        List<String> status = Cluster.lines(folder.resolve("status"));
        assertEquals(2, with(status, 1, "live"), status.toString());
        assertEquals(2, with(status, 2, "live"), status.toString());
        assertEquals(2, with(status, 2, "refused"), status.toString());
    }

    private void waitForMatches() throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (Cluster.lines(folder.resolve("matches")).isEmpty() && System.nanoTime() < end) {
            Thread.sleep(50);
        }
    }

    private static long with(List<String> status, int revision, String state) {
        return status.stream()
                .filter(s -> s.contains("\"revision\":" + revision) && s.contains("\"state\":\"" + state + "\""))
                .count();
    }

    private static String rule(int revision) {
        return "{\"id\": \"seen\", \"revision\": " + revision + ", \"trigger\": {\"on\": {\"event\": [\"a\"]}}}";
    }

    /** By renaming, as one replaces files that others read. */
    private void replace(Path rules, String text) throws Exception {
        Path next = Files.writeString(folder.resolve("next.json"), text);
        Files.move(next, rules.resolve("seen.json"), StandardCopyOption.ATOMIC_MOVE);
    }

    private static List<String> log() {
        List<String> log = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            log.add("{\"user\":\"u" + i % 50 + "\",\"type\":\"a\",\"time\":" + (1_660_000_000_000L + i * 1000L) + "}");
        }
        return log;
    }
}
