package io.alcedo.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The graph for every kind of input and output: it can be built, and every operator has a uid. */
class PipelineTest {
    @TempDir
    Path folder;

    private StreamGraph graph(String... more) throws Exception {
        List<String> all = new ArrayList<>(List.of("--rules", folder.toString(), "--parallelism", "3"));
        all.addAll(Arrays.asList(more));
        StreamExecutionEnvironment env = Cluster.environment(1, "hashmap");
        Pipeline.build(env, JobOptions.parse(all.toArray(new String[0])));
        return env.getStreamGraph();
    }

    private static void check(StreamGraph graph) {
        List<String> uids = new ArrayList<>();
        for (StreamNode node : graph.getStreamNodes()) {
            assertNotNull(node.getTransformationUID(), node.getOperatorName());
            uids.add(node.getTransformationUID());
        }
        assertTrue(
                uids.containsAll(List.of("events", "alcedo-rules", "alcedo-watch", "alcedo-readable")),
                uids.toString());
        assertEquals(uids.size(), new HashSet<>(uids).size(), "a uid given twice: " + uids);
    }

    @Test
    void fromFilesToEverything() throws Exception {
        String log = Files.writeString(folder.resolve("log.jsonl"), "").toString();
        check(graph("--events", log));
        check(graph("--events", log, "--output", folder.resolve("out").toString(), "--bad-output", "none"));
        check(graph("--events", log, "--output", "log", "--late-output", "terminal", "--status-output", "terminal"));
    }

    @Test
    void fromKafkaToKafka() throws Exception {
        check(graph(
                "--kafka-bootstrap", "127.0.0.1:9",
                "--events-topic", "events",
                "--kafka-start", "earliest",
                "--output", "kafka:matches",
                "--late-output", "kafka:late",
                "--bad-output", "kafka:bad",
                "--status-output", "kafka:status",
                "--delivery", "exactly-once"));
    }

    @Test
    void twoTopicsAndCommands() throws Exception {
        String mapping = Files.writeString(folder.resolve("orders.mapping"), "{\"user\": \"buyer\"}")
                .toString();
        check(graph(
                "--kafka-bootstrap", "127.0.0.1:9",
                "--events-topic", "views",
                "--events-topic", "orders=" + mapping,
                "--commands-topic", "commands"));
        JobOptions options = JobOptions.parse(
                "--rules",
                "r",
                "--kafka-bootstrap",
                "b:1",
                "--events-topic",
                "views",
                "--events-topic",
                "orders=" + mapping);
        assertEquals(List.of("views", "orders"), options.events.topicNames());
        assertEquals(Arrays.asList(null, "{\"user\": \"buyer\"}"), options.events.mappings());
        String log = Files.writeString(folder.resolve("log.jsonl"), "").toString();
        check(graph("--events", log, "--commands", folder.toString(), "--audit-output", "terminal"));
    }

    @Test
    void filesOfADirectoryByName() throws Exception {
        Files.writeString(folder.resolve("b.jsonl"), "");
        Files.writeString(folder.resolve("a.jsonl"), "");
        Files.writeString(folder.resolve(".hidden"), "");
        check(graph("--events", folder.toString()));
        assertThrows(
                Exception.class,
                () -> graph("--events", folder.resolve("missing").toString()));
    }
}
