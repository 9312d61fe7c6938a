package io.alcedo.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.alcedo.flink.AlcedoStreams;
import io.alcedo.flink.MatchRecord;
import io.alcedo.flink.RecordLines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A job over a simulated shop's log, with stragglers and broken lines, that fails in the middle and is restored: byte
 * for byte the matches of a backtest of the same log without what was late.
 */
class ParityTest {
    private static final String UNTIL = "2022-08-15T00:00:00Z";

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path shop;

    @BeforeAll
    static void simulate() throws Exception {
        Program.run(shop, "simulate", "--users", "300", "--events", "20000", "--seed", "11", "--gzip", "--output", ".");
        Files.createDirectory(shop.resolve("audiences"));
        Program.run(shop, "audience", "--rule", "rules", "--tags", "tags.jsonl", "--output", "audiences");
    }

    @Test
    void inOneSubtask() throws Exception {
        equalsTheBacktest(1, "hashmap");
    }

    @Test
    void inTwoSubtasksOnRocksDb() throws Exception {
        equalsTheBacktest(2, "rocksdb");
    }

    @Test
    void inFourSubtasks() throws Exception {
        equalsTheBacktest(4, "hashmap");
    }

    private void equalsTheBacktest(int parallelism, String backend) throws Exception {
        Path out = Files.createDirectory(shop.resolve("out-" + parallelism));
        runJob(parallelism, backend, out);

        List<String> late = Cluster.lines(out.resolve("late"));
        assertFalse(late.isEmpty(), "stragglers beyond the bound were to be late");
        Files.write(out.resolve("late.jsonl"), late);
        backtest(out);
        List<String> expected = Files.readAllLines(out.resolve("backtest.jsonl"), StandardCharsets.UTF_8);
        Collections.sort(expected);
        List<String> matches = Cluster.lines(out.resolve("matches"));

        assertTrue(FailOnce.failed(), "the job was to fail once");
        assertTrue(expected.size() > 100, "only " + expected.size() + " matches: too few to show anything");
        assertEquals(matches.size(), new HashSet<>(matches).size(), "matches given twice");
        assertEquals(String.join("\n", expected), String.join("\n", matches));
        assertEquals(objects(out.resolve("expected-bad")), objects(out.resolve("bad")));
    }

    private static Set<JsonNode> objects(Path folder) throws IOException {
        Set<JsonNode> objects = new LinkedHashSet<>();
        for (String line : Cluster.lines(folder)) {
            assertTrue(objects.add(JSON.readTree(line)), "given twice: " + line);
        }
        assertTrue(objects.size() > 5, "too few bad records to show anything");
        return objects;
    }

    private static void runJob(int parallelism, String backend, Path out) throws Exception {
        List<String> arguments = new ArrayList<>(arguments());
        arguments.addAll(List.of("--parallelism", "" + parallelism));
        JobOptions options = JobOptions.parse(arguments.toArray(new String[0]));
        StreamExecutionEnvironment env = Cluster.environment(parallelism, backend);
        AlcedoStreams streams = Pipeline.streams(env, options);
        Sinks sinks = new Sinks(options);
        sinks.matches(
                streams.matches().map(new FailOnce<>(20)).returns(MatchRecord.TYPE),
                Destination.parse("--output", out.resolve("matches").toString()));
        sinks.lines(
                streams.late().map(RecordLines::late).returns(Types.STRING),
                "late",
                Destination.parse("--late-output", out.resolve("late").toString()));
        sinks.lines(
                streams.bad().map(RecordLines::bad).returns(Types.STRING),
                "bad",
                Destination.parse("--bad-output", out.resolve("bad").toString()));
        env.execute("parity");
    }

    /** Slow enough for several checkpoints; a cache that is much too small; bundles of odd sizes. */
    private static List<String> arguments() {
        return Arrays.asList(
                "--events", shop.resolve("events.jsonl.gz").toString(),
                "--rules", shop.resolve("rules").toString(),
                "--audiences", shop.resolve("audiences").toString(),
                "--until", UNTIL,
                "--speed", "8000",
                "--watermark-interval", "1ms",
                "--checkpoint-interval", "200ms",
                "--cache-users", "30",
                "--cache-dirty-users", "10",
                "--bundle-records", "77");
    }

    private static void backtest(Path out) throws Exception {
        Files.createDirectory(out.resolve("expected-bad"));
        Program.run(
                shop,
                "backtest",
                "--quiet",
                "--rules",
                "rules",
                "--tags",
                "tags.jsonl",
                "--events",
                "events.jsonl.gz",
                "--until",
                UNTIL,
                "--exclude",
                out.resolve("late.jsonl").toString(),
                "--bad-output",
                out.resolve("expected-bad/bad.jsonl").toString(),
                "--output",
                out.resolve("backtest.jsonl").toString());
    }
}
